// Package model is the typed architecture graph: entities, edges, addresses, source ranges and the state of every
// fact. It knows no HCL syntax and no output format.
//
// Rules of the package:
//   - A Model is immutable once Load has returned it; every later stage only reads it.
//   - Identity is the address ("service.orders.call.charge"), never a position or an index.
//   - A field is never just a value: Value says whether somebody wrote it, where it came from, or why there is none.
//   - In a loaded model the objects that hold claims and measurements (scale, latency, own_latency, batch_latency) and
//     the deploy of a gateway or service are never nil, whoever stated them: the Value's state says whether somebody did,
//     the object's own facts have their own states. Any other object is nil where its Value has no value.
//   - The struct tag `fact:"-"` keeps an attribute from policies.
//   - The struct tag `hcl:"name"` is the attribute's name in the language, `block:"name"` a nested block's. The table
//     in package dsl holds type, class, default and documentation of each; a test keeps the two in step.
package model
