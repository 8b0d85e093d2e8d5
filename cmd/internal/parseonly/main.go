// Command parseonly parses HCL files and does nothing else. It is the yardstick of BENCHMARKS.md: no program that reads
// the same bytes with the same library can take less.
//
//	go run ./cmd/internal/parseonly large.hcl
package main

import (
	"fmt"
	"os"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

func main() {
	for _, name := range os.Args[1:] {
		src, err := os.ReadFile(name)
		if err != nil {
			fmt.Fprintln(os.Stderr, "Error:", err)
			os.Exit(1)
		}
		if _, diags := hclsyntax.ParseConfig(src, name, hcl.InitialPos); diags.HasErrors() {
			fmt.Fprintln(os.Stderr, "Error:", diags)
			os.Exit(1)
		}
	}
}
