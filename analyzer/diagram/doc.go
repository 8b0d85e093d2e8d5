// Package diagram draws a model: it chooses what a view shows, words it, and writes it as DOT or as Mermaid.
//
// The way of a picture: [Draw] takes a model and what was found in it, selects parts and lines for a view, collapses
// what is too much for one picture, words every part and line, and returns a [Picture]. [Picture.DOT] and
// [Picture.Mermaid] write it; package render turns DOT into SVG, which [Picture.Caption] makes accessible.
//
// Rules of the package:
//   - Every part and every line that a view includes is in the picture once, by itself or counted in a group; what is
//     left out is said in the subtitle.
//   - Identity is the address: it is the DOT name and the id of a node, and the id of an edge.
//   - Everything that comes from a model is text: it passes quote in DOT, escape in labels.
//   - The order of statements is ours, not the input's, for the layout depends on it. That is why the DOT is built as a
//     syntax tree of gographviz: its Graph sorts nodes by name and edges before nodes.
//   - Structure is quiet, judgement is loud: saturated colour means a finding, a heat step or a difference. Never colour
//     alone.
package diagram
