# The café of NGINX's ingress examples, described from its manifests: an Ingress that ends TLS and routes two paths.
#   github.com/di-unipi-socc/microMiner (MIT), commit 702144699cf4, tests/kubernetes/nginx-ingress

system "cafe" { platform = "kubernetes" }

client "browser" {
  kind = "web"
  call "cafe" { to = gateway.cafe_ingress }
}

gateway "cafe_ingress" {
  kind   = "proxy"
  engine = "nginx"
  call "tea" { to = service.tea }
  call "coffee" { to = service.coffee }
}

service "tea" { scale = { replicas = 3 } }
service "coffee" { scale = { replicas = 2 } }
