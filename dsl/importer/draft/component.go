package draft

import (
	"fmt"
	"slices"
	"strings"

	"github.com/archcheck/archcheck/dsl/model"
)

// Role is what a component is. The empty Role is one that no source has shown yet; it becomes a service.
type Role string

// The roles of a component. Those after Client are no part of the described architecture and are left out by name.
const (
	Service   Role = "service"
	Gateway   Role = "gateway"
	Datastore Role = "datastore"
	Broker    Role = "broker"
	Registry  Role = "registry"
	External  Role = "external"
	Client    Role = "client"
	Telemetry Role = "telemetry" // tracing, metrics, logs, dashboards
	Config    Role = "config"    // a configuration server: a service that others ask when they start
	Tool      Role = "tool"      // administration, load generators, one-off jobs
)

// Certainty says how well a source shows that one component calls another.
type Certainty = model.Certainty

// The certainties of an edge.
const (
	Weak   = model.Weak
	Medium = model.Medium
	Strong = model.Strong
)

// Component is something that runs, stores or carries, as the sources show it.
type Component struct {
	Name  string // the name that the sources use
	Space string // its namespace, empty where there are none
	Place string // file:line that declares it
	What  string // what it is called there: "Deployment", "compose service"
	Role  Role
	Why   string // what shows the role, empty if the source says it outright
	Image string
	Ports []int    // that its containers listen on
	Env   []string // names of its environment variables
	Notes []string // lines of its comment

	Kind        model.Value[string] // of a gateway, datastore or client
	Engine      model.Value[string]
	Scale       model.Value[*model.Scale]
	Deploy      model.Value[*model.Deploy]
	Limit       model.Value[*model.RateLimit]
	Inbound     *model.Policy // of every call to it
	InboundNote string
	Outward     *model.Policy // its calls' own policy
	Service     model.Service // facts that only services have, and those shared with gateways
	Gateway     model.Gateway
	Store       model.Datastore
	Broker      model.Broker
	Client      model.Client
	Ext         model.External
	Reg         model.Registry

	Exposed   []Exposure           // ways in from outside the system
	EntryRate model.Value[float64] // requests per second that come in there
	Registry  *Component           // finds its callees there
	Requests  int                  // that it answered in a recording
	Fence     Fence                // what network policies say about its callers
	schemes   map[string]string    // of the URLs that address it, with a place of each
	kinds     []string             // of the sources that show it
	label     string
	order     int
}

// Exposure is a way in from outside: a published port, a load balancer.
type Exposure struct {
	Place, How string
}

// Fence is what network policies say about who may call a component.
type Fence struct {
	Place string // of the first policy that lists its callers, empty if none does
	Open  bool   // a policy lets in callers that it does not name
}

// Edge is a call, as the sources show it.
type Edge struct {
	From, To *Component
	Name     string // label if the source names it
	Evidence []Evidence
	Call     model.Call // its facts; To is set by Build
	Closed   bool       // the source states every limit of its calls: what it does not say is not there
	Separate bool       // stays a call of its own beside others to the same callee
	order    int
}

// Evidence is what shows an edge.
type Evidence struct {
	Place, How string
	Certainty  Certainty
	Kind       string // of the source
}

func (e Evidence) String() string {
	return strings.TrimSpace(e.Place+" "+e.How) + ", " + e.Certainty.String()
}

// Note adds a line to a component's comment, once.
func (c *Component) Note(format string, args ...any) {
	if s := fmt.Sprintf(format, args...); !slices.Contains(c.Notes, s) {
		c.Notes = append(c.Notes, s)
	}
}
