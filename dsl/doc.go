// Package dsl is archcheck's language: it reads HCL descriptions of a system into a model.Model and writes models back.
//
// Rules of the package:
//   - One table (Schema) says which blocks and attributes exist, of which type and class, with which default. Decoding,
//     suggestions, printing and the reference documentation all follow it; nothing about an attribute is written twice.
//   - Literals only: no expression is ever evaluated. What the author wrote is what a plan quotes and a fix edits.
//   - Every problem of the input is a diagnostic with a range and a next step. One cause is one diagnostic, and all of
//     them are reported in one run, in file order.
package dsl
