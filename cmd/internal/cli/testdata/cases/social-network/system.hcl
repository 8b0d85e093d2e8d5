# The social network of DeathStarBench, described from its docker-compose.yml and config/service-config.json.
#   github.com/delimitrou/DeathStarBench (Apache-2.0), commit 6ecb09706140, socialNetwork
# The configuration gives the clients of each service and store one time limit, 10 s, and 512 connections. It does not
# name the callers: the OpenResty front end stands for them. The services speak Thrift.

system "social_network" { policy = policy.thrift }

policy "thrift" {
  timeout         = "10s"
  retry           = unknown
  circuit_breaker = unknown
}

client "user" {
  kind = "web"
  call "nginx" { to = gateway.nginx_thrift }
}

gateway "nginx_thrift" {
  engine     = "nginx"
  auth       = unknown
  rate_limit = unknown
  call "unique_id" { to = service.unique_id_service }
  call "media" { to = service.media_service }
  call "social_graph" { to = service.social_graph_service }
  call "post_storage" { to = service.post_storage_service }
  call "text" { to = service.text_service }
  call "compose_post" { to = service.compose_post_service }
  call "user" { to = service.user_service }
  call "user_mention" { to = service.user_mention_service }
  call "user_timeline" { to = service.user_timeline_service }
  call "home_timeline" { to = service.home_timeline_service }
  call "url_shorten" { to = service.url_shorten_service }
  call "write_home_timeline" { to = service.write_home_timeline_service }
}

service "unique_id_service" {
  api "other" {}
}

service "media_service" {
  api "other" {}
  call "mongodb" {
    to   = datastore.media_mongodb
    pool = 512
  }
  call "memcached" {
    to   = datastore.media_memcached
    pool = 512
  }
}

service "social_graph_service" {
  api "other" {}
  call "mongodb" {
    to   = datastore.social_graph_mongodb
    pool = 512
  }
  call "redis" {
    to   = datastore.social_graph_redis
    pool = 512
  }
}

service "post_storage_service" {
  api "other" {}
  call "mongodb" {
    to   = datastore.post_storage_mongodb
    pool = 512
  }
  call "memcached" {
    to   = datastore.post_storage_memcached
    pool = 512
  }
}

service "text_service" {
  api "other" {}
}

service "compose_post_service" {
  api "other" {}
}

service "user_service" {
  api "other" {}
  call "mongodb" {
    to   = datastore.user_mongodb
    pool = 512
  }
  call "memcached" {
    to   = datastore.user_memcached
    pool = 512
  }
}

service "user_mention_service" {
  api "other" {}
}

service "user_timeline_service" {
  api "other" {}
  call "mongodb" {
    to   = datastore.user_timeline_mongodb
    pool = 512
  }
  call "redis" {
    to   = datastore.user_timeline_redis
    pool = 512
  }
}

service "home_timeline_service" {
  api "other" {}
  call "redis" {
    to   = datastore.home_timeline_redis
    pool = 512
  }
}

service "url_shorten_service" {
  api "other" {}
  call "mongodb" {
    to   = datastore.url_shorten_mongodb
    pool = 512
  }
  call "memcached" {
    to   = datastore.url_shorten_memcached
    pool = 512
  }
}

service "write_home_timeline_service" {
  api "other" {}
}

datastore "media_mongodb" { kind = "document" }
datastore "media_memcached" { kind = "cache" }
datastore "social_graph_mongodb" { kind = "document" }
datastore "social_graph_redis" { kind = "cache" }
datastore "post_storage_mongodb" { kind = "document" }
datastore "post_storage_memcached" { kind = "cache" }
datastore "user_mongodb" { kind = "document" }
datastore "user_memcached" { kind = "cache" }
datastore "user_timeline_mongodb" { kind = "document" }
datastore "user_timeline_redis" { kind = "cache" }
datastore "home_timeline_redis" { kind = "cache" }
datastore "url_shorten_mongodb" { kind = "document" }
datastore "url_shorten_memcached" { kind = "cache" }
