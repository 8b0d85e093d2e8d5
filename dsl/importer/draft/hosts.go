package draft

import (
	"net/netip"
	"strconv"
	"strings"
)

// Address is a host that a text names.
type Address struct {
	Scheme string // "postgres", empty if none is written
	Host   string
	Port   int
	Bare   bool // nothing but the name says that it is a host
}

func hostRune(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '.' || c == '_'
}

// Addresses are the hosts that a text names: parts of URLs, of data source names and of option lists, host:port, and the
// text itself if it could be a host's name.
func Addresses(text string) []Address {
	var out []Address
	if len(text) > 1<<16 {
		text = text[:1<<16]
	}
	for i := 0; i < len(text); {
		if !hostRune(text[i]) {
			i++
			continue
		}
		j := i
		for j < len(text) && hostRune(text[j]) {
			j++
		}
		if a, ok := address(text, i, j); ok {
			out = append(out, a)
		}
		i = j
	}
	return out
}

// address judges the run text[i:j].
func address(text string, i, j int) (Address, bool) {
	a := Address{Host: strings.Trim(text[i:j], ".-_")}
	if a.Host == "" || len(a.Host) > 253 {
		return a, false
	}
	before, after := text[:i], text[j:]
	authority := false
	switch {
	case strings.HasSuffix(before, "//"):
		authority = true
		a.Scheme = schemeBefore(strings.TrimSuffix(before, "//"))
	case strings.HasSuffix(before, "@tcp("):
		authority = true
	case strings.HasSuffix(before, "@"):
		authority = strings.Contains(before, "://")
		if k := strings.LastIndex(before, "://"); k >= 0 {
			a.Scheme = schemeBefore(before[:k+1])
		}
	case strings.HasSuffix(before, ","): // a further member of a list: mongodb://a:1,b:2/x
		if k := strings.LastIndex(before, "://"); k >= 0 && !strings.ContainsAny(before[k+3:], "/ ") {
			authority, a.Scheme = true, schemeBefore(before[:k+1])
		}
	}
	if port, rest, ok := portAfter(after); ok {
		if strings.HasPrefix(rest, "@") { // user:password@host
			return a, false
		}
		a.Port = port
	} else if authority && strings.HasPrefix(after, ":") && strings.Contains(after, "@") {
		return a, false
	} else if authority && strings.HasPrefix(after, "@") {
		return a, false
	}
	switch {
	case authority:
	case a.Port > 0:
		if strings.HasSuffix(before, "/") || strings.HasSuffix(before, "$") || allDigits(a.Host) {
			return a, false // registry/image:tag, a path, a time
		}
	case strings.TrimSpace(before) == "" && strings.TrimSpace(after) == "":
		a.Bare = true
	case text[i] != '-' && endsWithOption(before) && (after == "" || after[0] == ' ' || after[0] == ','):
		a.Bare = true
	default:
		return a, false
	}
	return a, !isAddressOfSelf(a.Host)
}

// schemeBefore is the last scheme of "jdbc:postgresql:", empty if there is none.
func schemeBefore(s string) string {
	s = strings.TrimSuffix(s, ":")
	k := len(s)
	for k > 0 && (hostRune(s[k-1]) || s[k-1] == '+') {
		k--
	}
	scheme, _, _ := strings.Cut(strings.ToLower(s[k:]), "+")
	return scheme
}

// portAfter reads ":8080".
func portAfter(s string) (port int, rest string, ok bool) {
	if !strings.HasPrefix(s, ":") {
		return 0, s, false
	}
	k := 1
	for k < len(s) && s[k] >= '0' && s[k] <= '9' {
		k++
	}
	n, err := strconv.Atoi(s[1:k])
	if err != nil || n < 1 || n > 65535 || k < len(s) && hostRune(s[k]) {
		return 0, s, false
	}
	return n, s[k:], true
}

// endsWithOption reports whether a host may follow: "-h ", "--host=", "HOST=".
func endsWithOption(before string) bool {
	if strings.HasSuffix(before, "=") {
		k := strings.LastIndexAny(before, " \t;\n")
		return NamesAHost(strings.TrimSuffix(before[k+1:], "="))
	}
	if !strings.HasSuffix(before, " ") {
		return false
	}
	fields := strings.Fields(before)
	if len(fields) == 0 {
		return false
	}
	last := fields[len(fields)-1]
	return last == "-h" || strings.HasPrefix(last, "-") && !strings.ContainsRune(last, '=') && NamesAHost(last)
}

func allDigits(s string) bool {
	return strings.Trim(s, "0123456789") == ""
}

// isAddressOfSelf is a host that is no other component: a number, the machine itself, every interface.
func isAddressOfSelf(host string) bool {
	if _, err := netip.ParseAddr(host); err == nil {
		return true
	}
	switch strings.ToLower(host) {
	case "localhost", "host.docker.internal", "true", "false", "null", "none", "yes", "no":
		return true
	}
	return allDigits(strings.ReplaceAll(host, ".", ""))
}

// hostWords are the parts of a variable's or option's name that say that its value is an address.
var hostWords = []string{
	"host", "hosts", "hostname", "addr", "address", "addresses", "url", "urls", "uri", "uris", "endpoint", "endpoints",
	"server", "servers", "broker", "brokers", "upstream", "target", "dsn", "service", "svc", "backend", "proxy", "bootstrap", "node", "nodes", "api", "gateway", "webhook",
}

// notHostWords say that it is something else, whatever the other parts say.
var notHostWords = []string{"name", "port", "user", "username", "password", "pass", "secret", "token", "key", "database", "db_name", "type", "account", "version", "mode", "level", "id"}

// NamesAHost reports whether a variable's name says that its value is an address.
func NamesAHost(variable string) bool {
	parts := split(variable)
	found := false
	for i, p := range parts {
		for _, w := range notHostWords {
			if p == w && i == len(parts)-1 {
				return false
			}
		}
		for _, w := range hostWords {
			found = found || p == w
		}
	}
	return found
}

// split cuts "ordersServiceUrl", "ORDERS_SERVICE_URL" and "orders.service-url" into lower-case words.
func split(s string) []string {
	var out []string
	var word []byte
	flush := func() {
		if len(word) > 0 {
			out = append(out, string(word))
			word = word[:0]
		}
	}
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c >= 'A' && c <= 'Z':
			if i > 0 && s[i-1] >= 'a' && s[i-1] <= 'z' {
				flush()
			}
			word = append(word, c+'a'-'A')
		case c >= 'a' && c <= 'z' || c >= '0' && c <= '9':
			word = append(word, c)
		default:
			flush()
		}
	}
	flush()
	return out
}
