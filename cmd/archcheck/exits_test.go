package main

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// exits runs a command and demands its exit code: `exits 2 archcheck check x.hcl`. Its output stays comparable by the
// script's stdout, stderr and cmp.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE COMMAND ARG…")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	err = ts.Exec(args[1], args[2:]...)
	got := 0
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit):
		got = exit.ExitCode()
	case err != nil:
		ts.Fatalf("%v", err)
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

// broken runs a command whose standard output is gone or full and demands its exit code: `broken pipe 2 archcheck …`,
// `broken disk 1 archcheck …`. What it wrote to standard error is printed.
func broken(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 3 || args[0] != "pipe" && args[0] != "disk" {
		ts.Fatalf("usage: broken pipe|disk CODE COMMAND ARG…")
	}
	want, err := strconv.Atoi(args[1])
	ts.Check(err)
	var out *os.File
	if args[0] == "pipe" {
		r, w, err := os.Pipe()
		ts.Check(err)
		ts.Check(r.Close())
		out = w
	} else {
		out, err = os.OpenFile("/dev/full", os.O_WRONLY, 0)
		ts.Check(err)
	}
	defer out.Close()
	var errs bytes.Buffer
	cmd := exec.Command(inPath(ts, args[2]), args[3:]...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = ts.MkAbs("."), out, &errs
	for _, name := range []string{"PATH", "HOME", "LANG", "XDG_CACHE_HOME", "NO_COLOR"} {
		cmd.Env = append(cmd.Env, name+"="+ts.Getenv(name))
	}
	_ = cmd.Run()
	ts.Logf("%s", errs.String())
	if got := cmd.ProcessState.ExitCode(); got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
	if args[0] == "disk" && want == 1 && !strings.Contains(errs.String(), "no space left on device") {
		ts.Fatalf("the error does not say why")
	}
}

func inPath(ts *testscript.TestScript, name string) string {
	for _, dir := range filepath.SplitList(ts.Getenv("PATH")) {
		if file := filepath.Join(dir, name); exists(file) {
			return file
		}
	}
	ts.Fatalf("no command %s", name)
	return ""
}

func exists(file string) bool {
	_, err := os.Stat(file)
	return err == nil
}
