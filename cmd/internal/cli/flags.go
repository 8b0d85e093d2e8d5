package cli

import (
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/archcheck/archcheck/analyzer"
	"github.com/archcheck/archcheck/dsl/source"
	"github.com/archcheck/archcheck/dsl/suggest"
)

// globalFlags are the flags of every command.
type globalFlags struct {
	dir      string
	config   string
	noConfig bool
	policies []string
	color    string
	quiet    bool
	verbose  bool
	noInput  bool
	offline  bool
	asOf     string
	stdin    string
}

func (g *globalFlags) register(f *pflag.FlagSet) {
	f.StringVarP(&g.dir, "chdir", "C", "", "run as if started in `DIR`")
	f.StringVar(&g.config, "config", "", "configuration `FILE` (default: the nearest .archcheck.hcl upward)")
	f.BoolVar(&g.noConfig, "no-config", false, "read no configuration file")
	f.StringArrayVar(&g.policies, "policy", nil, "load a team's own policies from `PATH`, a .rego file, a folder or a bundle; repeatable")
	f.StringVar(&g.color, "color", "auto", "use colour `WHEN`: auto, always or never")
	f.BoolVarP(&g.quiet, "quiet", "q", false, "print errors only on stderr")
	f.BoolVarP(&g.verbose, "verbose", "v", false, "say on stderr which files were read and left out")
	f.BoolVar(&g.noInput, "no-input", false, "never ask on the terminal")
	f.BoolVar(&g.offline, "offline", false, "refuse whatever would need a network (nothing does unless asked to)")
	f.StringVar(&g.asOf, "as-of", "", "judge dates as of `DATE` (2027-01-31; default: today)")
	f.StringVar(&g.stdin, "stdin-name", "stdin.hcl", "call a system that is read from standard input `NAME`")
}

// apply checks the global flags and takes their environment twins (ARCHCHECK_AS_OF for --as-of) where a flag is not given.
func (g *globalFlags) apply(cmd *cobra.Command) error {
	if err := fromEnvironment(cmd); err != nil {
		return err
	}
	switch g.color {
	case "auto", "always", "never":
	default:
		return withHint(fmt.Errorf("--color %q is not a choice", g.color), "Use auto, always or never.")
	}
	if g.asOf != "" {
		if _, err := time.Parse(time.DateOnly, g.asOf); err != nil {
			return withHint(fmt.Errorf("--as-of %q is not a date", g.asOf), "Write year, month and day: --as-of 2027-01-31.")
		}
	}
	if g.dir != "" {
		if err := os.Chdir(g.dir); err != nil {
			return withHint(fmt.Errorf("-C %s: %w", g.dir, source.Cause(err)), "Name an existing directory.")
		}
	}
	return nil
}

// today is the only place where the clock is read: the date that waivers and flags are judged by.
func (g *globalFlags) today() time.Time {
	if g.asOf != "" {
		if d, err := time.Parse(time.DateOnly, g.asOf); err == nil {
			return d
		}
	}
	return time.Now()
}

// fromEnvironment sets flags that were not given from their environment twins.
func fromEnvironment(cmd *cobra.Command) error {
	var bad error
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		name := "ARCHCHECK_" + strings.ToUpper(strings.ReplaceAll(f.Name, "-", "_"))
		v, ok := os.LookupEnv(name)
		if !ok || v == "" || f.Changed || bad != nil {
			return
		}
		if err := cmd.Flags().Set(f.Name, v); err != nil {
			bad = withHint(fmt.Errorf("%s=%q: %w", name, v, err), "The variable stands for --%s.", f.Name)
		}
	})
	return bad
}

// flagError answers an unknown flag with the nearest one there is.
func flagError(cmd *cobra.Command, err error) error {
	msg := err.Error()
	hint := fmt.Sprintf("%s --help lists the flags.", cmd.CommandPath())
	if name, ok := strings.CutPrefix(msg, "unknown flag: --"); ok {
		var all []string
		cmd.Flags().VisitAll(func(f *pflag.Flag) { all = append(all, f.Name) })
		if near := nearest(name, all); near != "" {
			hint = fmt.Sprintf("Did you mean --%s?", near)
		}
	}
	return withHint(fmt.Errorf("%s", msg), "%s", hint)
}

// unknownCommand answers an unknown command with the nearest one there is.
func (a *app) unknownCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	var all []string
	for _, c := range cmd.Commands() {
		all = append(all, c.Name())
	}
	hint := cmd.CommandPath() + " --help lists the commands."
	if near := nearest(args[0], all); near != "" {
		hint = fmt.Sprintf("Did you mean %s %s?", cmd.CommandPath(), near)
	} else if _, err := os.Stat(args[0]); err == nil && !cmd.HasParent() {
		hint = fmt.Sprintf("Did you mean archcheck plan %s?", args[0])
	}
	return withHint(fmt.Errorf("there is no command %q", strings.TrimSpace(strings.TrimPrefix(cmd.CommandPath(), "archcheck")+" "+args[0])), "%s", hint)
}

// severity reads the value of a flag.
func severity(flag, word string) (analyzer.Severity, error) {
	s, err := analyzer.ParseSeverity(word)
	if err == nil {
		return s, nil
	}
	err = fmt.Errorf("%s %q is no severity", flag, word)
	if near := nearest(word, analyzer.Severities()); near != "" {
		return 0, withHint(err, "Did you mean %s? The severities are %s.", near, strings.Join(analyzer.Severities(), ", "))
	}
	return 0, withHint(err, "Use one of %s.", strings.Join(analyzer.Severities(), ", "))
}

// nearest returns the name closest to what was written, empty if none is close enough to suggest.
func nearest(name string, all []string) string { return suggest.Nearest(name, all) }
