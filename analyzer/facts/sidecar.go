package facts

import (
	"math"
	"strconv"
	"strings"

	"github.com/archcheck/archcheck/dsl/model"
)

// SidecarFacts is one sidecar of a service, with its shares as numbers.
type SidecarFacts struct {
	Addr        string `fact:"addr" doc:"the sidecar"`
	Purpose     Word   `fact:"purpose" doc:"what it does"`
	CPU         Num    `fact:"cpu" unit:"count" doc:"cores that it may use; absent without a limit"`
	Memory      Num    `fact:"memory" unit:"bytes" doc:"memory that it may use; absent without a limit"`
	StartsFirst Flag   `fact:"starts_first" doc:"it is ready before the service starts and stops after it"`
	Replicas    Num    `fact:"replicas" unit:"count" doc:"copies of its own; absent where one stands beside each copy of the service"`
	Store       Word   `fact:"store" doc:"the store that it keeps state in; absent without one"`
}

// ServiceSidecars is what the sidecars of a service take, beside what the service has.
type ServiceSidecars struct {
	Containers  []SidecarFacts `fact:"containers" doc:"its sidecars, in source order"`
	CPUShare    Num            `fact:"sidecar_cpu_share" unit:"ratio" doc:"cores of its sidecars over those of a replica (scale.cpu); absent without sidecars"`
	MemoryShare Num            `fact:"sidecar_memory_share" unit:"ratio" doc:"memory of its sidecars over that of a replica (scale.memory); absent without sidecars"`
	AllCPU      Num            `fact:"sidecar_cpu_total" unit:"count" doc:"cores of its sidecars in all replicas together"`
	AllMemory   Num            `fact:"sidecar_memory_total" unit:"bytes" doc:"memory of its sidecars in all replicas together"`
	Copies      Num            `fact:"replicas" unit:"count" doc:"copies that run"`
}

// SystemSidecars is how many sidecars the system runs, and for whom; every service of it shows the same.
type SystemSidecars struct {
	SidecarCopies Num  `fact:"system_sidecar_copies" unit:"count" doc:"copies of all services of the system that have a sidecar"`
	AllServices   Num  `fact:"system_services" unit:"count" doc:"services of the whole system"`
	OneLanguage   Word `fact:"system_language" doc:"the language that every service of the system states; absent where they differ or one states none"`
}

func (f *Facts) systemSidecars() SystemSidecars {
	out := SystemSidecars{AllServices: Exact(float64(len(f.m.Services))), OneLanguage: Word{State: model.Absent}}
	if l := f.oneLanguage(); l != "" {
		out.OneLanguage = Is(l)
	}
	sum := zero
	for _, s := range f.m.Services {
		if len(s.Sidecars) > 0 { // of what nobody states there is at least one
			sum = sum.add(replicasOf(s).interval(string(s.Addr) + ".scale.replicas"))
		}
	}
	out.SidecarCopies = sum.num()
	return out
}

func (f *Facts) serviceSidecars(s *model.Service) ServiceSidecars {
	out := ServiceSidecars{
		Containers: []SidecarFacts{}, CPUShare: Absent(), MemoryShare: Absent(), AllCPU: Absent(), AllMemory: Absent(), Copies: replicasOf(s),
	}
	cpu, memory := zero, zero
	for _, c := range s.Sidecars {
		x := SidecarFacts{
			Addr: string(c.Addr), Purpose: WordOf(c.Purpose), CPU: coresOf(c.CPU), Memory: bytesOf(c.Memory), StartsFirst: FlagOf(c.StartsFirst),
			Replicas: NumOf(c.Replicas), Store: WordOf(c.Store),
		}
		out.Containers = append(out.Containers, x)
		cpu, memory = cpu.add(atMost(x.CPU, c.Addr, "cpu")), memory.add(atMost(x.Memory, c.Addr, "memory"))
	}
	if len(s.Sidecars) == 0 {
		return out
	}
	own := model.Scale{}
	if s.Scale.Has() && s.Scale.V != nil {
		own = *s.Scale.V
	}
	n, need := out.Copies.interval(string(s.Addr)+".scale.replicas"), string(s.Addr)+".scale."
	out.CPUShare, out.MemoryShare = cpu.div(sizeOf(coresOf(own.CPU), need+"cpu")).num(), memory.div(sizeOf(bytesOf(own.Memory), need+"memory")).num()
	out.AllCPU, out.AllMemory = n.mul(cpu).num(), n.mul(memory).num()
	if v := out.AllCPU; v.HasValue() {
		out.AllCPU.setText(spellCores(v.V))
	}
	return out
}

// atMost is a limit as a number to add up: what has no limit may take anything.
func atMost(n Num, at model.Addr, name string) interval {
	if !n.HasRange() {
		return open(string(at) + "." + name)
	}
	return n.interval(string(at) + "." + name)
}

// sizeOf is a measurement that somebody may state.
func sizeOf(n Num, need string) interval {
	if !n.HasValue() {
		return open(need)
	}
	return n.interval(need)
}

// oneLanguage is the language that every service states, empty where there is no such one.
func (f *Facts) oneLanguage() string {
	lang := ""
	for i, s := range f.m.Services {
		switch {
		case !s.Language.Has(), i > 0 && s.Language.V != lang:
			return ""
		}
		lang = s.Language.V
	}
	return lang
}

// coresOf reads a CPU share, "250m" or a number of cores, as cores.
func coresOf(v model.Value[string]) Num {
	return quantityOf(v, func(s string) (float64, bool) {
		digits, thousandths := strings.CutSuffix(s, "m")
		x, err := strconv.ParseFloat(digits, 64)
		if thousandths {
			x /= 1000
		}
		return x, err == nil
	})
}

// bytesOf reads a size, "64MiB", as bytes.
func bytesOf(v model.Value[string]) Num {
	return quantityOf(v, func(s string) (float64, bool) {
		at := strings.IndexFunc(s, func(r rune) bool { return r != '.' && (r < '0' || r > '9') })
		if at < 0 {
			return 0, false
		}
		x, err := strconv.ParseFloat(s[:at], 64)
		unit, binary := strings.CutSuffix(strings.TrimSuffix(s[at:], "B"), "i")
		power := strings.Index("KMGT", unit)
		if unit == "" {
			return x, err == nil && !binary
		}
		base := 1000.0
		if binary {
			base = 1024
		}
		return x * math.Pow(base, float64(power+1)), err == nil && len(unit) == 1 && power >= 0
	})
}

// quantityOf is a quantity that the model keeps as its author spelled it.
func quantityOf(v model.Value[string], read func(string) (float64, bool)) Num {
	x := math.NaN()
	if v.State.HasValue() {
		got, ok := read(v.V)
		if !ok {
			return Unknown(0)
		}
		x = got
	}
	n := numOf(v.State, x, v.Text(), v.From())
	if n.HasValue() && n.Text() == "" {
		n.setText(v.V)
	}
	return n
}

// spellCores writes cores as authors do: "250m" below one, a number with its noun from there on.
func spellCores(x float64) string {
	if x < 1 {
		return strconv.FormatFloat(math.Round(x*1000), 'f', -1, 64) + "m"
	}
	n := strconv.FormatFloat(math.Round(x*10)/10, 'f', -1, 64)
	if n == "1" {
		return "1 core"
	}
	return n + " cores"
}
