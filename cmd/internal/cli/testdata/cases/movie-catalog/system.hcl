# The movie catalog of a Spring Boot workshop, described from the data-flow diagram that microSecEnD drew of its code.
#   github.com/tuhh-softsec/microSecEnD (Apache-2.0), commit 63653e09177b, koushikkothagal_spring-boot-microservices-workshop
# The diagram shows breakers where the code has them, and this code has none. It does not show time limits.

system "movie_catalog" {
  discovery = registry.discovery_server
  policy    = policy.code
}

policy "code" {
  timeout = unknown
  retry   = unknown
}

client "website" {
  kind = "web"
  call "catalog" { to = service.movie_catalog_service }
  call "info" { to = service.movie_info_service }
  call "ratings" { to = service.ratings_data_service }
}

service "movie_catalog_service" {
  load_balancing = "client"
  api "rest" {}
  call "ratings" { to = service.ratings_data_service }
  call "info" { to = service.movie_info_service }
}

service "movie_info_service" {
  api "rest" {}
}
service "ratings_data_service" {
  api "rest" {}
}

registry "discovery_server" { engine = "eureka" }
