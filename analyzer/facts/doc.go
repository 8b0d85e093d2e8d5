// Package facts derives from a Model the documents that policies see: all graph walks and all arithmetic of the rule
// book live here (Q0 to Q18 and the computed fixes), so that a policy only decides.
//
// Rules of the package:
//   - A fact is total: it is always in its document, with its state, so that "not there" never means "misspelt".
//   - Units are milliseconds, bytes, per second, shares (ratio, 0..1), multiples (factor) and counts. A number carries its
//     range; the range is exact where nothing was assumed.
//   - Assumptions (rules.md §2.4) are never silent: every number built on one lists it.
//   - Nothing here knows a rule or a pattern.
package facts
