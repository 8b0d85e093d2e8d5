package cli

import (
	"encoding/json"
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"
)

// buildVersion is this program's version as the Go toolchain recorded it: a tag after `go install …@v1`, otherwise the
// revision it was built from.
func buildVersion() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	if v := info.Main.Version; v != "" && v != "(devel)" {
		return v
	}
	rev, dirty := "", ""
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision" && len(s.Value) >= 12:
			rev = s.Value[:12]
		case s.Key == "vcs.modified" && s.Value == "true":
			dirty = "+dirty"
		}
	}
	if rev == "" {
		return "devel"
	}
	return "devel-" + rev + dirty
}

func (a *app) versionCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:     "version",
		Short:   "Print the version of archcheck and what it was built with",
		GroupID: "plumbing",
		Args:    cobra.NoArgs,
		Example: "  archcheck version\n  archcheck version --json",
		RunE: func(*cobra.Command, []string) error {
			if asJSON {
				b, err := json.MarshalIndent(versions(), "", "  ")
				if err != nil {
					return err
				}
				_, err = fmt.Fprintf(a.Out, "%s\n", b)
				return err
			}
			_, err := fmt.Fprintln(a.Out, versionLine())
			return err
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print as JSON")
	return c
}

// versions are those of this program and of what decides its results.
func versions() map[string]string {
	return map[string]string{"version": buildVersion(), "go": runtime.Version(), "opa": dependency("github.com/open-policy-agent/opa")}
}

func versionLine() string {
	v := versions()
	return fmt.Sprintf("archcheck %s (%s, OPA %s)", v["version"], v["go"], v["opa"])
}

// dependency is the version of a module that this program was built with.
func dependency(path string) string {
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, d := range info.Deps {
			if d.Path == path {
				return d.Version
			}
		}
	}
	return "unknown"
}
