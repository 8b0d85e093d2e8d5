package main

import (
	"os"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/archcheck/archcheck/analyzer/diagram/render/rendertest"
	"github.com/archcheck/archcheck/cmd/internal/cli"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"archcheck": func() {
			os.Exit(cli.Main(os.Args[1:], cli.Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr}))
		},
	})
}

// TestScript runs the command line as its users do: one script per command or contract in testdata/script. Every exit
// code is asserted with `exits CODE archcheck …`.
func TestScript(t *testing.T) {
	examples, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	drawing := rendertest.CacheHome(t) // compiling Graphviz takes seconds: scripts that draw share it
	testscript.Run(t, testscript.Params{
		Dir:             "testdata/script",
		ContinueOnError: true,
		UpdateScripts:   os.Getenv("UPDATE_SCRIPTS") != "",
		Cmds:            map[string]func(*testscript.TestScript, bool, []string){"exits": exits, "broken": broken},
		Setup: func(e *testscript.Env) error {
			e.Setenv("EXAMPLES", examples+"/../../examples")
			e.Setenv("HOME", e.WorkDir)
			e.Setenv("XDG_CACHE_HOME", e.WorkDir+"/.cache")
			e.Setenv("DRAWING_CACHE", drawing)
			e.Setenv("NO_COLOR", "")
			e.Setenv("LANG", "C.UTF-8")
			return nil
		},
	})
}
