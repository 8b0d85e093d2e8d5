package facts

import "github.com/archcheck/archcheck/dsl/model"

// SystemSubject is the system judged as a whole: counts over the model.
type SystemSubject struct {
	*model.System
	Services int `fact:"services" doc:"services declared"`
	Gateways int `fact:"gateways" doc:"gateways declared"`
}
