// Package engine runs policies: it loads Rego modules, reads the card of every rule, evaluates the rules over the
// documents of package facts and decodes what they answer. It is the only package that knows OPA.
//
// Rules of the package:
//   - Dispatch is by kind and by nothing else: a rule sees the document of one subject of the kind its card names.
//   - A rule is a function of what it reads. Which facts those are is read from its syntax tree; subjects that agree in
//     them share one evaluation.
//   - Nothing is evaluated that could reach the network, a clock, randomness or the environment.
//   - A policy that does not compile, lacks its card or answers outside the contract stops the run, with its position.
package engine
