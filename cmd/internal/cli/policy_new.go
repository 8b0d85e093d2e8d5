package cli

import (
	"fmt"
	"os"
	"regexp"
	"strings"

	"github.com/spf13/cobra"

	"github.com/archcheck/archcheck/analyzer/facts"
	"github.com/archcheck/archcheck/dsl/source"
)

var ruleID = regexp.MustCompile(`^[A-Z][A-Z0-9]*-[0-9]{3}$`)

// The rule and the test that `policy new` writes. Both run as they are: the rule judges a fact that every subject has.
const (
	ruleTemplate = `package custom.%[1]s

import data.archcheck.lib

# METADATA
# title: Say in a headline what is wrong
# description: Say in a sentence or two why it hurts.
# schemas: [{input: schema.%[3]s}]
# custom:
#   id: %[2]s
#   severity: medium
#   subject: %[3]s
#   say: "{subject} has no owner team."
%[4]s contains {"verdict": v, "facts": {"team": input.subject.team}, "fix": [{"advise": "Set team"}]} if {
	v := lib.absent(input.subject.team)
	lib.fires(v)
}
`
	testTemplate = `package custom.%[1]s_test

import data.archcheck.given
import data.custom.%[1]s

verdicts(team) := {f.verdict | some f in %[1]s.%[4]s with input as {"subject": {"team": team}}}

test_fires if verdicts(given.absent) == {"violation"}

test_silent if verdicts(given.stated("core")) == set()

test_asks if verdicts(given.unknown) == {"question"}
`
)

func (a *app) policyNew() *cobra.Command {
	var subject, dir string
	c := &cobra.Command{
		Use:   "new ID",
		Short: "Write a rule with its card and its test",
		Long: `new writes a rule and its test into a folder, policies/acme_001.rego and policies/acme_001_test.rego for ACME-001,
never over a file that is there. The id is the team's prefix and three digits; the rule goes into package custom.acme.`,
		Example: "  archcheck policy new ACME-001 --subject service\n  archcheck policy new ACME-002 --subject call --dir policies",
		Args:    oneArg("the id of the rule", "Write archcheck policy new ACME-001."),
		RunE: func(_ *cobra.Command, args []string) error {
			id := args[0]
			if !ruleID.MatchString(id) {
				return withHint(fmt.Errorf("%q is no id of a rule", id), "An id is a prefix of your own and three digits: ACME-001.")
			}
			if facts.Schema(subject) == nil {
				err := fmt.Errorf("--subject %s: there is no such kind of subject", subject)
				if near := nearest(subject, facts.Kinds()); near != "" {
					return withHint(err, "Did you mean %s?", near)
				}
				return withHint(err, "The kinds are %s.", strings.Join(facts.Kinds(), ", "))
			}
			if _, ok := facts.FieldUnits(subject)["team"]; !ok {
				return withHint(fmt.Errorf("--subject %s: the template needs a kind that is declared", subject), "Start with service or call and change the subject afterwards.")
			}
			team := strings.ToLower(id[:strings.Index(id, "-")])
			rule := "rule_" + id[strings.Index(id, "-")+1:]
			if err := os.MkdirAll(dir, 0o755); err != nil {
				return fmt.Errorf("%s: %w", dir, source.Cause(err))
			}
			stem := dir + "/" + team + strings.TrimPrefix(rule, "rule")
			names := []string{stem + ".rego", stem + "_test.rego"}
			var files []output
			for i, t := range []string{ruleTemplate, testTemplate} {
				if _, err := os.Stat(names[i]); err == nil {
					return withHint(fmt.Errorf("%s exists", names[i]), "new never writes over a file. Choose another id or --dir.")
				}
				files = append(files, output{label: names[i], file: names[i], bytes: fmt.Appendf(nil, t, team, id, subject, rule)})
			}
			return a.commit(files, fmt.Appendf(nil, "%s\n%s\nNext: archcheck policy test %s\n", names[0], names[1], dir))
		},
	}
	c.Flags().StringVar(&subject, "subject", "service", "the `KIND` of subject that the rule judges")
	c.Flags().StringVar(&dir, "dir", "policies", "`FOLDER` to write into")
	return c
}

// writeFile writes a file as a whole or not at all.
func (a *app) writeFile(name string, b []byte) error {
	return a.commit([]output{{label: name, file: name, bytes: b}}, nil)
}
