package cli

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/archcheck/archcheck/analyzer"
	"github.com/archcheck/archcheck/analyzer/diagram"
	"github.com/archcheck/archcheck/analyzer/engine"
	"github.com/archcheck/archcheck/analyzer/facts"
	"github.com/archcheck/archcheck/patterns"
)

// shells are the shells that completion is written for.
var shells = []string{"bash", "zsh", "fish", "powershell"}

func (a *app) completionCommand() *cobra.Command {
	return &cobra.Command{
		Use:       "completion " + strings.Join(shells, "|"),
		Short:     "Print the completion script of a shell",
		GroupID:   "plumbing",
		Long:      "completion prints what a shell needs to complete commands, flags and their values: formats, severities, rules.",
		Example:   "  archcheck completion bash > /etc/bash_completion.d/archcheck\n  archcheck completion zsh > \"${fpath[1]}/_archcheck\"",
		ValidArgs: shells,
		Args:      oneArg("a shell", "Write one of "+strings.Join(shells, ", ")+"."),
		RunE: func(cmd *cobra.Command, args []string) error {
			root := cmd.Root()
			switch args[0] {
			case "bash":
				return root.GenBashCompletionV2(a.Out, true)
			case "zsh":
				return root.GenZshCompletion(a.Out)
			case "fish":
				return root.GenFishCompletion(a.Out, true)
			case "powershell":
				return root.GenPowerShellCompletionWithDesc(a.Out)
			}
			err := fmt.Errorf("there is no completion for %q", args[0])
			if near := nearest(args[0], shells); near != "" {
				return withHint(err, "Did you mean archcheck completion %s?", near)
			}
			return withHint(err, "The shells are %s.", strings.Join(shells, ", "))
		},
	}
}

// oneArg demands one argument and says which.
func oneArg(what, hint string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) == 1 {
			return nil
		}
		return withHint(fmt.Errorf("%s takes %s", cmd.Name(), what), "%s", hint)
	}
}

// someArgs demands at least one argument and says which.
func someArgs(what, hint string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) > 0 {
			return nil
		}
		return withHint(fmt.Errorf("%s takes %s", cmd.Name(), what), "%s", hint)
	}
}

// parent makes a command that only holds others refuse to run without one of them: help that passes would be a gate that
// looks at nothing.
func (a *app) parent(c *cobra.Command) *cobra.Command {
	c.Args = a.unknownCommand
	c.RunE = func(cmd *cobra.Command, _ []string) error {
		var names []string
		for _, sub := range cmd.Commands() {
			names = append(names, sub.Name())
		}
		return withHint(fmt.Errorf("%s takes a command", cmd.Name()), "Write one of %s: archcheck %s %s.", strings.Join(names, ", "), cmd.Name(), names[0])
	}
	return c
}

// completeValues tells the shells which values a flag takes, wherever it stands.
func completeValues(root *cobra.Command) error {
	plain := func(list func() []string) cobra.CompletionFunc {
		return func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return list(), cobra.ShellCompDirectiveNoFileComp
		}
	}
	values := map[string]cobra.CompletionFunc{
		"color":        plain(func() []string { return []string{"auto", "always", "never"} }),
		"fail-on":      plain(analyzer.Severities),
		"min-severity": plain(analyzer.Severities),
		"only":         plain(ruleNames),
		"skip":         plain(ruleNames),
		"category":     plain(categories),
		"view": plain(func() []string {
			var out []string
			for _, v := range diagram.Views() {
				out = append(out, v.Name)
			}
			return out
		}),
	}
	outputs := func(c *cobra.Command, usage string) []string {
		if _, list, ok := strings.Cut(usage, ", repeatable: "); ok { // FORMAT[=FILE]: the names follow
			return strings.Split(list, ", ")
		}
		return outputForms[c.Name()]
	}
	var errs error
	var walk func(c *cobra.Command)
	walk = func(c *cobra.Command) {
		for name, complete := range values {
			if f := c.LocalNonPersistentFlags().Lookup(name); f != nil {
				errs = errors.Join(errs, c.RegisterFlagCompletionFunc(name, complete))
			}
		}
		if f := c.LocalNonPersistentFlags().Lookup("output"); f != nil && outputs(c, f.Usage) != nil {
			errs = errors.Join(errs, c.RegisterFlagCompletionFunc("output", plain(func() []string { return outputs(c, f.Usage) })))
		}
		for _, sub := range c.Commands() {
			walk(sub)
		}
	}
	walk(root)
	for path, complete := range map[string]cobra.CompletionFunc{"policy new --subject": plain(facts.Kinds)} {
		c, _, err := root.Find(strings.Fields(path)[:2])
		if err == nil {
			err = c.RegisterFlagCompletionFunc("subject", complete)
		}
		errs = errors.Join(errs, err)
	}
	return errors.Join(errs, root.RegisterFlagCompletionFunc("color", values["color"]))
}

// outputForms are the values of -o where it names no file.
var outputForms = map[string][]string{
	"decide": {"text", "json", "mermaid", "dot"}, "facts": {"text", "json"}, "patterns": {"table", "json", "markdown", "dot"},
	"schema": {"markdown", "json"}, "show": {"hcl", "json"},
}

// ruleNames are what --only, --skip and explain take: rules, then patterns.
func ruleNames() []string {
	var out []string
	if e, err := engine.New(engine.Options{}); err == nil {
		for _, c := range e.Cards() {
			out = append(out, c.ID+"\t"+c.Title)
		}
	}
	for _, p := range patterns.Index() {
		_, slug, _ := strings.Cut(string(p.ID), "/")
		out = append(out, slug)
	}
	return out
}

func categories() []string {
	var out []string
	for _, p := range patterns.Index() {
		category, _, _ := strings.Cut(string(p.ID), "/")
		if !slices.Contains(out, category) {
			out = append(out, category)
		}
	}
	return out
}
