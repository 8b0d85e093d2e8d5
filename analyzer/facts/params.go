package facts

// Params are the tunable thresholds of the rule book (rules.md §4), set by `params` in .archcheck.hcl. Ratios are 0..1,
// times milliseconds.
type Params struct {
	Attempts          float64 `fact:"attempts" hcl:"attempts,optional" doc:"tries per request before more are a burden (SRE per-request budget)"`
	AmplificationWarn float64 `fact:"amplification_warn" hcl:"amplification_warn,optional" doc:"retry amplification worth a finding"`
	AmplificationHigh float64 `fact:"amplification_high" hcl:"amplification_high,optional" doc:"retry amplification that is high"`
	UtilisationWarn   float64 `fact:"utilisation_warn" hcl:"utilisation_warn,optional" doc:"utilisation aimed at"`
	UtilisationHigh   float64 `fact:"utilisation_high" hcl:"utilisation_high,optional" doc:"utilisation that is too high"`
	DepthWarn         float64 `fact:"depth_warn" hcl:"depth_warn,optional" doc:"synchronous depth worth a look"`
	DepthHigh         float64 `fact:"depth_high" hcl:"depth_high,optional" doc:"synchronous depth that is too deep"`
	Chatty            float64 `fact:"chatty" hcl:"chatty,optional" doc:"calls per request on one edge"`
	Choreography      float64 `fact:"choreography" hcl:"choreography,optional" doc:"participants of a choreographed transaction"`
	CQRSRatio         float64 `fact:"cqrs_ratio" hcl:"cqrs_ratio,optional" doc:"reads per write that justify separate models"`
	MeshWorth         float64 `fact:"mesh_worth" hcl:"mesh_worth,optional" doc:"services from which a mesh pays"`
	MeshHeavy         float64 `fact:"mesh_heavy" hcl:"mesh_heavy,optional" doc:"services below which a mesh is heavy"`
	FlagAgeWarnDays   float64 `fact:"flag_age_warn_days" hcl:"flag_age_warn_days,optional" doc:"age of a release flag worth a look, days"`
	FlagAgeHighDays   float64 `fact:"flag_age_high_days" hcl:"flag_age_high_days,optional" doc:"age of a release flag that is too old, days"`
	CanaryFirstStep   float64 `fact:"canary_first_step" hcl:"canary_first_step,optional" doc:"largest sensible first step of a canary"`
	SPOFBlast         float64 `fact:"spof_blast" hcl:"spof_blast,optional" doc:"share of traffic that makes a part a single point of failure"`
	ConnectionReserve float64 `fact:"connection_reserve" hcl:"connection_reserve,optional" doc:"share of a database's connections kept free"`
	Blocking          float64 `fact:"blocking" hcl:"blocking,optional" doc:"share of healthy traffic that a bulkhead or pool may refuse"`
	BreakerFill       float64 `fact:"breaker_fill" hcl:"breaker_fill,optional" doc:"time in which a breaker must see enough calls, ms"`
	AssumedShare      float64 `fact:"assumed_share" hcl:"assumed_share,optional" doc:"assumed share of a loss that turns the finding into a question"`
	CanaryAlpha       float64 `fact:"canary_alpha" hcl:"canary_alpha,optional" doc:"one-sided error of the first kind of a canary's test"`
	CanaryPower       float64 `fact:"canary_power" hcl:"canary_power,optional" doc:"power of a canary's test"`
	CanaryRatio       float64 `fact:"canary_ratio" hcl:"canary_ratio,optional" doc:"p1/p0 that a canary must see"`

	// Today is the date that ends and expiries are judged by, 2027-01-31; empty while nobody says. It is no threshold.
	Today string
}

// DefaultParams are the thresholds of rules.md §4.
func DefaultParams() Params {
	return Params{
		Attempts: 3, AmplificationWarn: 3, AmplificationHigh: 10, UtilisationWarn: 0.7, UtilisationHigh: 0.8,
		DepthWarn: 4, DepthHigh: 6, Chatty: 10, Choreography: 4, CQRSRatio: 10, MeshWorth: 10, MeshHeavy: 5,
		FlagAgeWarnDays: 30, FlagAgeHighDays: 90, CanaryFirstStep: 0.10, SPOFBlast: 0.25, ConnectionReserve: 0.10,
		Blocking: 0.01, BreakerFill: 60_000, AssumedShare: 0.5, CanaryAlpha: 0.05, CanaryPower: 0.8, CanaryRatio: 5,
	}
}
