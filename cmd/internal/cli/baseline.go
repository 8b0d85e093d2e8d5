package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/archcheck/archcheck/analyzer"
	"github.com/archcheck/archcheck/dsl/source"
)

// baselineName is where a baseline lies, beside the system that it belongs to.
const baselineName = ".archcheck/baseline.json"

// baselineFile is the file of --file, else the default beside the system.
func baselineFile(flag string, paths []string) string {
	if flag != "" {
		return flag
	}
	dir := "."
	if len(paths) > 0 && paths[0] != "-" {
		dir = paths[0]
		if st, err := os.Stat(dir); err != nil || !st.IsDir() {
			dir = filepath.Dir(dir)
		}
	}
	return filepath.ToSlash(filepath.Join(dir, baselineName))
}

// readBaseline reads the accepted findings; nil where there is no baseline and none was asked for.
func readBaseline(flag string, paths []string) (map[string]analyzer.Severity, string, error) {
	name := baselineFile(flag, paths)
	b, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) && flag == "" {
		return nil, name, nil
	}
	if err != nil {
		return nil, name, withHint(fmt.Errorf("baseline %s: %w", name, source.Cause(err)), "%s writes one.", strings.TrimSpace("archcheck baseline create "+strings.Join(paths, " ")))
	}
	var stored map[string]string
	if err := json.Unmarshal(b, &stored); err != nil {
		return nil, name, withHint(fmt.Errorf("baseline %s is damaged: %w", name, err), "It is an object of RULE@address: severity. Restore it, or write it anew with archcheck baseline create.")
	}
	out := make(map[string]analyzer.Severity, len(stored))
	for id, s := range stored {
		sev, err := analyzer.ParseSeverity(s)
		if err != nil || !strings.Contains(id, "@") {
			return nil, name, withHint(fmt.Errorf("baseline %s: %q: %q is no entry", name, id, s), "An entry is \"RULE@address\": \"severity\".")
		}
		out[id] = sev
	}
	return out, name, nil
}

// writeBaseline writes entries sorted by id.
func writeBaseline(name string, entries map[string]analyzer.Severity) error {
	words := make(map[string]string, len(entries))
	for id, s := range entries {
		words[id] = s.String()
	}
	var buf bytes.Buffer
	e := json.NewEncoder(&buf)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(words); err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return fmt.Errorf("%s: %w", filepath.Dir(name), source.Cause(err))
	}
	tmp, err := stage(name, buf.Bytes())
	if err != nil {
		return fmt.Errorf("%s: %w", name, source.Cause(err))
	}
	return os.Rename(tmp, name)
}

func (a *app) baselineCommand() *cobra.Command {
	var file string
	c := &cobra.Command{
		Use:     "baseline",
		Short:   "Accept today's findings so that the gate fails on new ones only",
		GroupID: "accept",
		Long: `A baseline is a snapshot of accepted findings, keyed by RULE@address: moving lines changes nothing. It ratchets
down only: a finding that gets worse counts as new, and an entry that is fixed makes the gate exit 3 until it is pruned.`,
		Example: "  archcheck baseline create system.hcl\n  archcheck baseline prune system.hcl\n  archcheck baseline show",
	}
	c.PersistentFlags().StringVar(&file, "file", "", "baseline `FILE` (default: .archcheck/baseline.json beside the system)")
	a.parent(c).AddCommand(a.baselineCreate(&file), a.baselinePrune(&file), a.baselineShow(&file))
	return c
}

func (a *app) baselineCreate(file *string) *cobra.Command {
	var force bool
	c := &cobra.Command{
		Use:     "create [PATH…]",
		Short:   "Write a baseline of all findings that no waiver accepts",
		Example: "  archcheck baseline create system.hcl\n  archcheck baseline create --force .",
		RunE: func(cmd *cobra.Command, args []string) error {
			name := baselineFile(*file, args)
			if _, err := os.Stat(name); err == nil && !force {
				return withHint(fmt.Errorf("%s exists: a baseline only ratchets down", name), "archcheck baseline prune drops what is fixed. To accept today's findings anew, add --force.")
			}
			ev, err := a.evaluate(cmd.Context(), args, everything, nil)
			if err != nil {
				return err
			}
			entries := map[string]analyzer.Severity{}
			for _, f := range ev.result.Findings {
				if f.Waiver == nil && !f.Unwaivable {
					entries[f.ID()] = f.Severity
				}
			}
			if err := writeBaseline(name, entries); err != nil {
				return err
			}
			return a.say("%s: %s accepted. Commit it; archcheck check reads it from there.", name, analyzer.Plural(len(entries), "finding"))
		},
	}
	c.Flags().BoolVar(&force, "force", false, "replace a baseline that exists")
	return c
}

// againstBaseline evaluates the system against its baseline, which must be there.
func (a *app) againstBaseline(ctx context.Context, file string, args []string) (map[string]analyzer.Severity, string, *evaluation, error) {
	base, name, err := readBaseline(baselineFile(file, args), args)
	if err != nil {
		return nil, "", nil, err
	}
	ev, err := a.evaluate(ctx, args, everything, base)
	return base, name, ev, err
}

func (a *app) baselinePrune(file *string) *cobra.Command {
	return &cobra.Command{
		Use:     "prune [PATH…]",
		Short:   "Drop entries that are fixed, and lower those that got better",
		Example: "  archcheck baseline prune system.hcl",
		RunE: func(cmd *cobra.Command, args []string) error {
			base, name, ev, err := a.againstBaseline(cmd.Context(), *file, args)
			if err != nil {
				return err
			}
			stale := ev.result.Stale
			for _, id := range stale {
				delete(base, id)
			}
			lower := 0
			for _, f := range ev.result.Findings {
				if old, ok := base[f.ID()]; ok && f.Severity < old {
					base[f.ID()] = f.Severity
					lower++
				}
			}
			if err := writeBaseline(name, base); err != nil {
				return err
			}
			return a.say("%s: %d dropped, %d lowered, %d left.", name, len(stale), lower, len(base))
		},
	}
}

func (a *app) baselineShow(file *string) *cobra.Command {
	return &cobra.Command{
		Use:     "show [PATH…]",
		Short:   "List the entries and which of them are fixed",
		Example: "  archcheck baseline show system.hcl",
		RunE: func(cmd *cobra.Command, args []string) error {
			base, name, ev, err := a.againstBaseline(cmd.Context(), *file, args)
			if err != nil {
				return err
			}
			fixed := map[string]bool{}
			for _, id := range ev.result.Stale {
				fixed[id] = true
			}
			var b strings.Builder
			for _, id := range sortedKeys(base) {
				state := "known"
				if fixed[id] {
					state = "fixed"
				}
				fmt.Fprintf(&b, "%-8s  %-5s  %s\n", base[id], state, id)
			}
			fmt.Fprintf(&b, "%s: %d entries, %d fixed.\n", name, len(base), len(fixed))
			return a.print([]byte(b.String()))
		},
	}
}
