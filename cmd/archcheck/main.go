// Command archcheck reviews the description of a distributed system against a catalog of architecture patterns.
//
//go:generate go test . -run ^TestExamplesPictures$ -update
package main

import (
	"os"

	"github.com/archcheck/archcheck/cmd/internal/cli"
)

func main() {
	os.Exit(cli.Main(os.Args[1:], cli.Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr}))
}
