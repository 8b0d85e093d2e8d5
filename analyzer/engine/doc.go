// Package engine runs policies: it loads Rego modules, reads the card of every rule, evaluates the rules over the
// documents of package facts and decodes what they answer. It is the only package that knows OPA.
//
// Rules of the package:
//   - Dispatch is by kind and by nothing else: a rule sees the document of one subject of the kind its card names.
//   - A rule is a function of what it reads. Which facts that may be is read from its syntax tree; subjects that agree in
//     those that it looked at share one evaluation (trail.go).
//   - archcheck's own rules are walked over Go's facts (walk.go) as they stand compiled in the digest (digest.go). What the
//     walk does not follow is OPA's to evaluate, and so are the tests that hold the two together.
//   - Nothing is evaluated that could reach the network, a clock, randomness or the environment.
//   - A policy that does not compile, lacks its card or answers outside the contract stops the run, with its position.
package engine
