pattern "websockets" {
  name      = "WebSockets"
  category  = "communication"
  best_for  = "Real-time bidirectional communication"
  trade_off = "Low latency vs connection overhead"
  aliases   = ["ws", "websocket", "web-socket"]
  scenarios = ["SCN-04"]
  sources = [
    "https://www.rfc-editor.org/rfc/rfc6455",
    "https://developer.mozilla.org/en-US/docs/Web/API/WebSockets_API",
  ]

  flowchart "D04" {
    path    = ["Q1=yes", "Q2=realtime_bidirectional"]
    subject = "client"
    force   = "A client states a bidirectional real-time need, or polls every five seconds or faster"
    rules   = ["COM-030"]
    source  = "seed"
  }

  relation "requires" {
    to     = ["pub-sub"]
    when   = "two or more socket servers"
    rules  = ["COM-031"]
    source = "ext"
  }

  relation "requires" {
    to     = ["heartbeat*"]
    rules  = ["COM-032"]
    source = "ext"
  }

  relation "requires" {
    to     = ["drain*"]
    rules  = ["COM-035"]
    source = "ext"
  }

  relation "complements" {
    to     = ["pub-sub"]
    source = "ext"
  }
}
