package kubernetes

import (
	"strings"

	"github.com/archcheck/archcheck/dsl/importer/draft"
	"github.com/archcheck/archcheck/dsl/importer/yamldoc"
)

// meshProxies are the images of a mesh's own proxy, with the mesh's product.
var meshProxies = map[string]string{"/proxyv2": "istio", "/proxyv2-distroless": "istio", "/linkerd2-proxy": "linkerd", "linkerd/proxy": "linkerd"}

func meshProxy(container yamldoc.Node) string {
	image, _, _ := strings.Cut(container.Get("image").Str(), "@")
	if k := strings.LastIndexByte(image, ':'); k > strings.LastIndexByte(image, '/') {
		image = image[:k]
	}
	for end, product := range meshProxies {
		if strings.HasSuffix(image, end) {
			return product
		}
	}
	return ""
}

// injection are the labels and annotations by which a namespace or a pod joins a mesh or stays out of it.
var injection = []struct{ key, in, out, product, mode string }{
	{"sidecar.istio.io/inject", "true", "false", "istio", "sidecar"},
	{"istio-injection", "enabled", "disabled", "istio", "sidecar"},
	{"istio.io/dataplane-mode", "ambient", "none", "istio", "ambient"},
	{"istio.io/rev", "", "", "istio", "sidecar"},
	{"linkerd.io/inject", "enabled", "disabled", "linkerd", "sidecar"},
}

// meshes reads which workloads belong to a mesh: a proxy in the pod, or the injection of the pod or its namespace.
func (r *reader) meshes() {
	spaces := map[string]yamldoc.Node{}
	for _, o := range r.objects {
		if o.Kind == "Namespace" {
			spaces[o.Name] = o.Node.Get("metadata")
		}
	}
	for _, w := range r.workloads {
		if w.c.Role == draft.Client {
			continue
		}
		product, mode, place := "", "", ""
		for _, c := range append(w.containers(), w.pod.Get("spec", "initContainers").Items()...) {
			if p := meshProxy(c); p != "" {
				product, mode, place = p, "sidecar", c.Get("image").Place()+" proxy in the pod"
			}
		}
		for _, meta := range []yamldoc.Node{w.pod.Get("metadata"), spaces[w.obj.Space]} {
			if product != "" {
				break
			}
			p, m, at, decided := injected(meta)
			product, mode, place = p, m, at
			if decided {
				break
			}
		}
		if product == "" {
			continue
		}
		mesh := r.d.Mesh(product, place)
		if !mesh.Mode.Written {
			mesh.Mode = draft.Stated(mode, place)
		}
		mesh.Join(w.c)
	}
}

// injected reads the metadata of a pod or a namespace; decided says that it settles the matter, be it against a mesh.
func injected(meta yamldoc.Node) (product, mode, place string, decided bool) {
	for _, i := range injection {
		for _, where := range []string{"labels", "annotations"} {
			v := meta.Get(where, i.key)
			switch s := v.Str(); {
			case v.IsZero():
			case s == i.out && s != "":
				return "", "", "", true
			case s == i.in || i.in == "":
				return i.product, i.mode, v.Place() + " " + i.key, true
			}
		}
	}
	return "", "", "", false
}
