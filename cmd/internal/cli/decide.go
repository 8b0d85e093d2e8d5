package cli

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/archcheck/archcheck/patterns"
)

func (a *app) decideCommand() *cobra.Command {
	var answers, output, subject string
	c := &cobra.Command{
		Use:     "decide [PATH…]",
		Short:   "Walk the decision flowchart: by asking, or for every subject of a system",
		GroupID: "choose",
		Long: `decide walks the catalog's decision flowchart. With a PATH it answers the questions from the system and prints, for
every subject, the leaves that it reaches, what calls for them there, and whether the pattern is in place. A flowchart
takes one problem at a time and a system has several at once, so one subject may reach several leaves. Without a PATH it
asks, one question at a time.`,
		Example: `  archcheck decide
  archcheck decide --answers Q1=yes,Q2=mobile_complex_queries
  archcheck decide --subject service.orders.call.charge system.hcl
  archcheck decide -o mermaid`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			catalog, err := patterns.Load()
			if err != nil {
				return err
			}
			switch output {
			case "mermaid":
				return a.print(flowchartMermaid(catalog))
			case "dot":
				return a.print(flowchartChart(catalog).DOT())
			case "text", "json":
			default:
				return withHint(fmt.Errorf("-o %s: there is no such format", output), "The formats are text, json, mermaid and dot.")
			}
			if len(args) > 0 {
				ev, err := a.evaluate(cmd.Context(), args, everything, nil)
				if err != nil {
					return err
				}
				return a.decideSystem(cmd.Context(), catalog, ev, subject, output)
			}
			asks := a.Out
			if output == "json" { // a program reads standard output
				asks = a.Err
			}
			leaf, path, err := a.walk(catalog, answers, asks)
			if err != nil {
				return err
			}
			return a.printLeaf(catalog, leaf, path, output)
		},
	}
	c.Flags().StringVar(&answers, "answers", "", "`ANSWERS` instead of questions: Q1=yes,Q2=public_web")
	c.Flags().StringVar(&subject, "subject", "", "with a PATH: this `ADDRESS` only")
	c.Flags().StringVarP(&output, "output", "o", "text", "`FORMAT`: text, json, and for the flowchart itself mermaid or dot")
	return c
}

// walk goes from the first question to a leaf, by the given answers or by asking.
func (a *app) walk(catalog *patterns.Catalog, given string, asks io.Writer) (*patterns.Leaf, []patterns.Step, error) {
	known := map[string]string{}
	for _, part := range strings.Split(given, ",") {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		q, ans, ok := strings.Cut(part, "=")
		if !ok {
			return nil, nil, withHint(fmt.Errorf("--answers %s: %q is no answer", given, part), "Write QUESTION=ANSWER: --answers Q1=yes,Q2=public_web.")
		}
		if catalog.Flowchart.Question(q) == nil {
			var ids []string
			for _, x := range catalog.Flowchart.Questions {
				ids = append(ids, x.ID)
			}
			return nil, nil, withHint(fmt.Errorf("--answers: there is no question %q", q), "The questions are %s.", strings.Join(ids, ", "))
		}
		known[q] = ans
	}
	in := bufio.NewReader(a.In)
	var path []patterns.Step
	q := catalog.Flowchart.Questions[0]
	for {
		ans, err := a.answer(in, asks, q, known, given != "")
		if err != nil {
			return nil, nil, err
		}
		path = append(path, patterns.Step{Question: q.ID, Answer: ans.ID})
		delete(known, q.ID)
		if ans.Leaf != nil {
			if len(known) > 0 {
				return nil, nil, withHint(fmt.Errorf("--answers: %s is not asked on this way", sortedKeys(known)[0]), "The way was %s.", steps(path))
			}
			return ans.Leaf, path, nil
		}
		q = ans.Next
	}
}

// answer takes the given answer to a question, or asks for one.
func (a *app) answer(in *bufio.Reader, asks io.Writer, q *patterns.Question, known map[string]string, batch bool) (*patterns.Answer, error) {
	var ids []string
	for _, x := range q.Answers {
		ids = append(ids, x.ID)
	}
	if id, ok := known[q.ID]; ok {
		if x := q.Answer(id); x != nil {
			return x, nil
		}
		err := fmt.Errorf("--answers: %s has no answer %q", q.ID, id)
		if near := nearest(id, ids); near != "" {
			return nil, withHint(err, "Did you mean %s=%s?", q.ID, near)
		}
		return nil, withHint(err, "%s %s: %s.", q.ID, q.Text, strings.Join(ids, ", "))
	}
	if batch {
		return nil, withHint(fmt.Errorf("--answers stops before a pattern: %s is open", q.ID), "%s Answer with %s=%s.", q.Text, q.ID, strings.Join(ids, " or "+q.ID+"="))
	}
	if a.global.noInput {
		return nil, withHint(errors.New("decide asks questions, and --no-input forbids it"), "Give the answers with --answers Q1=yes,Q2=public_web, or name a system: archcheck decide system.hcl.")
	}
	for {
		fmt.Fprintf(asks, "\n%s\n", q.Text)
		for i, x := range q.Answers {
			fmt.Fprintf(asks, "  %d  %s\n", i+1, x.Text)
		}
		fmt.Fprint(asks, "> ")
		line, err := in.ReadString('\n')
		line = strings.TrimSpace(line)
		if n, e := strconv.Atoi(line); e == nil && n >= 1 && n <= len(q.Answers) {
			return q.Answers[n-1], nil
		}
		for _, x := range q.Answers {
			if line != "" && (strings.EqualFold(x.ID, line) || strings.HasPrefix(strings.ToLower(x.Text), strings.ToLower(line))) {
				return x, nil
			}
		}
		if err != nil {
			return nil, withHint(errors.New("no answer was given"), "Answer with a number from 1 to %d, or without a terminal: archcheck decide --answers %s=%s.", len(q.Answers), q.ID, ids[0])
		}
		fmt.Fprintf(asks, "Answer with a number from 1 to %d.\n", len(q.Answers))
	}
}

func steps(path []patterns.Step) string {
	var out []string
	for _, s := range path {
		out = append(out, s.Question+"="+s.Answer)
	}
	return strings.Join(out, ", ")
}

// printLeaf ends the walk: the pattern, what it costs, what else could serve, and how to state it.
func (a *app) printLeaf(catalog *patterns.Catalog, leaf *patterns.Leaf, path []patterns.Step, output string) error {
	p := leaf.Pattern
	var others []string
	for _, e := range catalog.Edges() {
		if e.Kind != patterns.Alternative {
			continue
		}
		for _, to := range e.To {
			if e.From.Pattern == p.ID && to.Pattern != "" {
				others = append(others, to.Pattern.Slug())
			} else if to.Pattern == p.ID && e.From.Pattern != "" {
				others = append(others, e.From.Pattern.Slug())
			}
		}
	}
	slices.Sort(others)
	others = slices.Compact(others)
	snippet := ""
	if readme, err := p.README(); err == nil {
		snippet = firstBlock(string(readme), "```hcl")
	}
	if output == "json" {
		b, err := json.MarshalIndent(map[string]any{
			"leaf": leaf.ID, "pattern": string(p.ID), "name": p.Name, "path": steps(path), "best_for": p.BestFor,
			"trade_off": p.TradeOff, "alternatives": append([]string{}, others...), "rules": append([]string{}, leaf.Rules...), "snippet": snippet,
		}, "", "  ")
		if err != nil {
			return err
		}
		return a.print(append(b, '\n'))
	}
	d := a.document()
	d.WriteString("\n")
	d.head(p.Name, leaf.ID)
	d.row("Way", steps(path))
	d.row("Best for", p.BestFor)
	d.row("Trade-off", p.TradeOff)
	if len(others) > 0 {
		d.row("Instead", strings.Join(others, ", "))
	}
	d.row("Rules", strings.Join(leaf.Rules, ", "))
	if snippet != "" {
		d.WriteString("\n" + d.bold("In archcheck's language") + "\n")
		for _, l := range strings.Split(strings.TrimRight(snippet, "\n"), "\n") {
			d.WriteString(strings.TrimRight("  "+l, " ") + "\n")
		}
	}
	d.WriteString("\nNext: archcheck explain " + p.ID.Slug() + "\n")
	return a.print(d.Bytes())
}

// firstBlock is the text of the first fenced block of a kind on a page.
func firstBlock(page, fence string) string {
	_, rest, ok := strings.Cut(page, "\n"+fence)
	if !ok {
		return ""
	}
	_, rest, _ = strings.Cut(rest, "\n")
	body, _, _ := strings.Cut(rest, "\n```")
	return body + "\n"
}
