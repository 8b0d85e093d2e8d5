package draft

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/archcheck/archcheck/dsl/importer/yamldoc"
)

//go:embed products.yaml
var productsFile []byte

// Product is one entry of products.yaml, which says what its fields mean.
type Product struct {
	Name    string
	Role    Role
	Kind    string
	images  []string
	env     []string
	ports   []int
	schemes []string
	names   []string
	sidecar string
}

// products reads the table of products on first use, so that commands which import nothing do not pay for it.
var products = sync.OnceValue(func() []*Product {
	f, diags := yamldoc.Parse("products.yaml", productsFile)
	if len(diags) > 0 || len(f.Docs) != 1 {
		panic("draft: products.yaml: " + diags.Error()) // excluded by TestProducts
	}
	var out []*Product
	for _, n := range f.Docs[0].Items() {
		if never := n.Get("never"); !never.IsZero() {
			programWords = never.Strings()
			continue
		}
		if spaces := n.Get("platform"); !spaces.IsZero() {
			platformSpaces = spaces.Strings()
			continue
		}
		p := &Product{Name: n.Get("product").Str(), Role: Role(n.Get("role").Str()), Kind: n.Get("kind").Str(),
			images: n.Get("images").Strings(), env: n.Get("env").Strings(), schemes: n.Get("schemes").Strings(), names: n.Get("names").Strings()}
		for _, i := range n.Get("ports").Items() {
			if v, ok := i.Int(); ok {
				p.ports = append(p.ports, v)
			}
		}
		if p.sidecar = n.Get("sidecar").Str(); p.sidecar != "" {
			sidecars = append(sidecars, p)
			continue
		}
		out = append(out, p)
	}
	return out
})

// What products reads beside the products.
var (
	programWords, platformSpaces []string
	sidecars                     []*Product
)

// IsPlatform reports whether a namespace belongs to the platform and not to the system that runs on it.
func IsPlatform(space string) bool {
	products()
	return slices.Contains(platformSpaces, space)
}

// Purpose is what a container does beside the one that its pod is about, empty if nothing shows it.
func Purpose(name, image string) string {
	products()
	repo := repository(image)
	for _, p := range sidecars {
		if p.is(repo) {
			return p.sidecar
		}
	}
	for _, p := range sidecars {
		if slices.ContainsFunc(p.names, func(n string) bool { return named(name, n) }) {
			return p.sidecar
		}
	}
	return ""
}

// ByScheme is the product that a URL scheme belongs to, nil if it is of no product.
func ByScheme(scheme string) *Product {
	if scheme == "" {
		return nil
	}
	for _, p := range products() {
		if slices.Contains(p.schemes, scheme) {
			return p
		}
	}
	return nil
}

// ByPort is the product that a port belongs to.
func ByPort(port int) *Product {
	for _, p := range products() {
		if slices.Contains(p.ports, port) {
			return p
		}
	}
	return nil
}

// ByName is the product of a name, as a type of another tool's component: "redis", "kafka".
func ByName(name string) *Product {
	for _, p := range products() {
		if p.Name != "" && p.Name == name || slices.Contains(p.images, name) {
			return p
		}
	}
	return nil
}

// ByImage is the product of an image, nil if it is somebody's own program.
func ByImage(image string) *Product {
	repo := repository(image)
	if repo == "" {
		return nil
	}
	for _, p := range products() {
		if p.is(repo) {
			return p
		}
	}
	return nil
}

// is reports whether an image's repository is one of the product's.
func (p *Product) is(repo string) bool {
	last := repo[strings.LastIndexByte(repo, '/')+1:]
	return slices.ContainsFunc(p.images, func(i string) bool {
		if strings.ContainsRune(i, '/') {
			return repo == i || strings.HasSuffix(repo, "/"+i)
		}
		return i == last || wildcard(i, last)
	})
}

func wildcard(pattern, s string) bool {
	switch {
	case strings.HasPrefix(pattern, "*") && strings.HasSuffix(pattern, "*") && len(pattern) > 1:
		return strings.Contains(s, strings.Trim(pattern, "*"))
	case strings.HasSuffix(pattern, "*"):
		return strings.HasPrefix(s, strings.TrimSuffix(pattern, "*"))
	}
	return false
}

// repository is an image's name without registry host, tag and digest.
func repository(image string) string {
	image, _, _ = strings.Cut(image, "@")
	if host, rest, ok := strings.Cut(image, "/"); ok && (strings.ContainsAny(host, ".:") || host == "localhost") {
		image = rest
	}
	if k := strings.LastIndexByte(image, ':'); k > strings.LastIndexByte(image, '/') {
		image = image[:k]
	}
	return strings.ToLower(image)
}

// IsProduct reports whether a name or a port is that of a product.
func IsProduct(name string, port int) bool {
	p, _ := recognise(&Component{Name: name, Ports: []int{port}}, true)
	return p != nil
}

// recognise is the product that a component is, and what shows it. leaf says that it calls nobody.
func recognise(c *Component, leaf bool) (*Product, string) {
	if p := ByImage(c.Image); p != nil {
		return p, "image " + repository(c.Image)
	}
	for _, p := range products() {
		for _, e := range p.env {
			if slices.Contains(c.Env, e) {
				return p, "configured with " + e
			}
		}
	}
	for _, port := range c.Ports {
		if p := ByPort(port); p != nil && (leaf || p.Role == Registry) && p.Role != Telemetry && p.Role != Gateway {
			return p, fmt.Sprintf("listens on %d", port)
		}
	}
	for _, p := range products() { // in the table's order, so that the answer does not depend on the map's
		for _, s := range p.schemes {
			if place, ok := c.schemes[s]; ok {
				return p, "addressed as " + s + " by " + place
			}
		}
	}
	own := repository(c.Image)
	own = own[strings.LastIndexByte(own, '/')+1:]
	for _, name := range []string{c.Name, own} {
		for _, p := range products() {
			if (p.Role == Datastore || p.Role == Broker) && slices.ContainsFunc(split(name), func(w string) bool { return slices.Contains(programWords, w) }) {
				continue
			}
			if slices.ContainsFunc(p.names, func(n string) bool { return named(name, n) }) {
				return p, "by its name"
			}
		}
	}
	return nil, ""
}

// named reports whether words stand in a name in a row.
func named(name, words string) bool {
	words, atStart := strings.CutPrefix(words, "^")
	words, atEnd := strings.CutSuffix(words, "$")
	have, want := split(name), strings.Fields(words)
	for i := 0; i+len(want) <= len(have); i++ {
		if slices.Equal(have[i:i+len(want)], want) && (!atStart || i == 0) && (!atEnd || i+len(want) == len(have)) {
			return true
		}
	}
	return false
}
