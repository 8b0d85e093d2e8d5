// Package cli is the command line: flags become options, errors go to stderr with the next step, and every command
// ends in one of the exit codes below. One file per command.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"github.com/archcheck/archcheck/analyzer/engine"
	"github.com/archcheck/archcheck/dsl/source"
)

// The exit codes, the same in every command.
const (
	ExitOK        = 0
	ExitNoVerdict = 1 // usage, input, policy, I/O: nothing was decided
	ExitFindings  = 2 // the gate failed on findings, or --detailed-exitcode with changes
	ExitHygiene   = 3 // the gate failed only on waivers or the baseline
	ExitInterrupt = 130
)

// Streams are the standard streams of one run.
type Streams struct {
	In       io.Reader
	Out, Err io.Writer
}

// app is one run: its streams and the flags that every command has.
type app struct {
	Streams
	global  globalFlags
	engines map[string]*engine.Engine // compiled rules, by what selects them
	room    []byte                    // of a large model; see collectLess
}

// exitError ends a run with a code. A nil err has already been reported.
type exitError struct {
	code int
	err  error
}

func (e *exitError) Error() string {
	if e.err == nil {
		return fmt.Sprintf("exit %d", e.code)
	}
	return e.err.Error()
}

func (e *exitError) Unwrap() error { return e.err }

// exit ends the run with a code after everything has been said.
func exit(code int) error {
	if code == ExitOK {
		return nil
	}
	return &exitError{code: code}
}

// hintError is an error with the next step.
type hintError struct {
	err  error
	hint string
}

func (e *hintError) Error() string { return e.err.Error() }
func (e *hintError) Unwrap() error { return e.err }

// withHint adds the next step to an error; it is printed on a line of its own.
func withHint(err error, format string, args ...any) error {
	return &hintError{err, fmt.Sprintf(format, args...)}
}

// Main runs the command line and returns the exit code.
func Main(args []string, s Streams) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	// A reader that has gone must not end the run: the verdict is in the exit code.
	signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE)
	out := &stdout{w: s.Out}
	s.Out = out
	a := &app{Streams: s}
	root := a.rootCommand()
	root.SetArgs(args)
	root.SetIn(s.In)
	root.SetOut(s.Out)
	root.SetErr(s.Err)
	err := root.ExecuteContext(ctx)
	if err == nil && out.err == nil {
		return ExitOK
	}
	if err == nil { // help and the like do not look whether they were written
		err = fmt.Errorf("standard output: %w", source.Cause(out.err))
	}
	if ctx.Err() != nil && errors.Is(err, context.Canceled) {
		return ExitInterrupt
	}
	var ee *exitError
	if errors.As(err, &ee) && ee.err == nil {
		return ee.code
	}
	a.complain(err)
	if ee != nil {
		return ee.code
	}
	return ExitNoVerdict
}

// complain prints an error and the next step to stderr. A command at the end of the step stays whole, to be copied.
func (a *app) complain(err error) {
	width := a.style(a.Err).Width
	lines := source.Wrap("Error: "+err.Error(), width)
	var he *hintError
	if errors.As(err, &he) {
		step, command, ok := strings.Cut(he.hint, ": archcheck ")
		if !ok || utf8.RuneCountInString(he.hint) <= width {
			lines = append(append(lines, ""), source.Wrap(he.hint, width)...)
		} else {
			lines = append(append(lines, ""), source.Wrap(step+":", width)...)
			lines = append(lines, "  archcheck "+command)
		}
	}
	fmt.Fprintln(a.Err, strings.Join(lines, "\n"))
}

func (a *app) rootCommand() *cobra.Command {
	root := &cobra.Command{
		Use:   "archcheck",
		Short: "Review the architecture of a distributed system, described beside its code",
		Long: `archcheck maps the HCL description of a distributed system against a catalog of 29 architecture patterns and
says which are missing or wrong, where, why on this system's own numbers, and what to write instead.

It works offline: nothing is sent anywhere.`,
		Example: `  archcheck plan system.hcl          recommendations, ranked
  archcheck check --fail-on high     the gate for CI
  archcheck explain RES-043          what a rule means`,
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          a.unknownCommand,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.SetFlagErrorFunc(flagError)
	root.SetHelpFunc(a.help)
	root.SetHelpCommand(a.helpCommand())
	root.Version = versionLine()
	root.SetVersionTemplate("{{.Version}}\n")
	root.CompletionOptions.DisableDefaultCmd = true
	a.global.register(root.PersistentFlags())
	root.PersistentPreRunE = func(cmd *cobra.Command, _ []string) error { return a.global.apply(cmd) }
	used := map[string]bool{}
	for _, c := range a.commands() {
		root.AddCommand(c)
		used[c.GroupID] = true
	}
	if err := completeValues(root); err != nil {
		panic(err) // two functions for one flag: a mistake in this package
	}
	for _, g := range groups {
		if used[g[0]] {
			root.AddGroup(&cobra.Group{ID: g[0], Title: g[1]})
		}
	}
	return root
}

// groups are the headings of the root help, in order.
var groups = [][2]string{
	{"look", "Look at a system:"},
	{"choose", "Choose a pattern:"},
	{"draw", "Draw:"},
	{"write", "Write HCL:"},
	{"accept", "Accept:"},
	{"policies", "Own policies:"},
	{"plumbing", "Plumbing:"},
}

// commands are all commands, one constructor per file.
func (a *app) commands() []*cobra.Command {
	return []*cobra.Command{
		a.validateCommand(),
		a.initCommand(),
		a.importCommand(),
		a.fmtCommand(),
		a.schemaCommand(),
		a.planCommand(),
		a.checkCommand(),
		a.driftCommand(),
		a.factsCommand(),
		a.explainCommand(),
		a.showCommand(),
		a.patternsCommand(),
		a.decideCommand(),
		a.graphCommand(),
		a.reportCommand(),
		a.waiveCommand(),
		a.waiversCommand(),
		a.baselineCommand(),
		a.policyCommand(),
		a.configCommand(),
		a.completionCommand(),
		a.versionCommand(),
	}
}
