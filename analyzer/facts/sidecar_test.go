package facts

import (
	"math"
	"testing"

	"github.com/archcheck/archcheck/dsl/model"
)

func TestSidecars(t *testing.T) {
	f := load(t, `
system "s" {}
service "a" {
  language = "go"
  scale    = { replicas = 20, cpu = "500m", memory = "1GiB" }
  sidecar "proxy" {
    purpose = "proxy"
    cpu     = "200m"
    memory  = "60MB"
  }
  sidecar "otel" {
    purpose      = "telemetry"
    cpu          = "50m"
    memory       = "64MiB"
    starts_first = true
  }
}
service "b" {
  language = "go"
  scale    = { replicas = 4, cpu = 2, memory = "256MiB" }
  sidecar "log" {
    purpose = "logging"
    memory  = "192MiB"
  }
}
service "c" { language = "go" }
`)
	a := subject[*ServiceFacts](t, f, "service", "service.a")
	certain(t, "cpu share", a.CPUShare, 0.5, 1e-12)                                        // 0.25 of 0.5 cores
	certain(t, "memory share", a.MemoryShare, (60e6+64*1024*1024)/(1024*1024*1024), 1e-12) // 60 MB is decimal, 64 MiB binary
	certain(t, "cpu of all", a.AllCPU, 5, 1e-9)                                            // 20 replicas of 0.25
	certain(t, "memory of all", a.AllMemory, 20*(60e6+67108864), 1e-3)
	certain(t, "copies with a sidecar", a.SidecarCopies, 24, 0)
	certain(t, "services", a.AllServices, 3, 0)
	if a.AllCPU.Text() != "5 cores" || a.OneLanguage.V != "go" || len(a.Containers) != 2 || a.Containers[0].CPU.Text() != "200m" ||
		a.Containers[0].StartsFirst.State != model.Absent || !a.Containers[1].StartsFirst.V {
		t.Errorf("%+v", a.ServiceSidecars)
	}
	// A sidecar without a limit may take any CPU; three quarters of the memory are certain.
	b := subject[*ServiceFacts](t, f, "service", "service.b")
	certain(t, "memory share of b", b.MemoryShare, 0.75, 1e-12)
	if b.CPUShare.HasValue() || b.CPUShare.Lo != 0 || !math.IsInf(b.CPUShare.Hi, 1) || b.Containers[0].CPU.State != model.Absent {
		t.Errorf("cpu of b: %+v", b.CPUShare)
	}
	c := subject[*ServiceFacts](t, f, "service", "service.c")
	if c.CPUShare.State != model.Absent || c.AllMemory.State != model.Absent {
		t.Errorf("c has no sidecar: %+v", c.ServiceSidecars)
	}
}

// One service without a language, or in another one, and the system shares none.
func TestNoSharedLanguage(t *testing.T) {
	for _, other := range []string{`service "b" {}`, `service "b" { language = "java" }`} {
		f := load(t, `
system "s" {}
service "a" { language = "go" }
`+other)
		if l := subject[*ServiceFacts](t, f, "service", "service.a").OneLanguage; l.State != model.Absent {
			t.Errorf("%s: %+v", other, l)
		}
	}
}

// Every spelling that the language takes is a number here.
func TestQuantities(t *testing.T) {
	for text, want := range map[string]float64{
		"512B": 512, "2KB": 2000, "4MB": 4e6, "1.5GB": 1.5e9, "1TB": 1e12, "64KiB": 65536, "4MiB": 4194304, "2GiB": 2147483648, "1TiB": 1 << 40,
		"64Ki": 65536, "4Mi": 4194304, "2Gi": 2147483648, "1Ti": 1 << 40,
	} {
		if n := bytesOf(model.Of(text, model.Stated)); n.V != want || n.Lo != want || n.Hi != want {
			t.Errorf("%s is %v bytes, want %v", text, n.V, want)
		}
	}
	for text, want := range map[string]float64{"250m": 0.25, "0.5": 0.5, "2": 2, "1500m": 1.5} {
		if n := coresOf(model.Of(text, model.Stated)); n.V != want {
			t.Errorf("%s is %v cores, want %v", text, n.V, want)
		}
	}
	for _, text := range []string{"", "MiB", "5", "5XB", "5iB"} {
		if n := bytesOf(model.Of(text, model.Stated)); n.HasValue() {
			t.Errorf("%q is %v bytes, want nothing known", text, n.V)
		}
	}
	for x, want := range map[float64]string{0.25: "250m", 1: "1 core", 5: "5 cores", 12.34: "12.3 cores"} {
		if got := spellCores(x); got != want {
			t.Errorf("%v cores are %q, want %q", x, got, want)
		}
	}
}
