package cli

import (
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"github.com/archcheck/archcheck/dsl/source"
)

// help prints what a command does, at the width of the terminal.
func (a *app) help(cmd *cobra.Command, _ []string) {
	about := cmd.Long
	if about == "" {
		about = cmd.Short + "."
	}
	fmt.Fprint(a.Out, layOut(strings.TrimSpace(about)+"\n\n"+cmd.UsageString(), a.style(a.Out).Width))
}

// helpCommand is "archcheck help COMMAND": cobra's own answers an unknown name as if none had been given.
func (a *app) helpCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "help [COMMAND]",
		Short:   "Say what a command does",
		GroupID: "plumbing",
		Example: "  archcheck help plan\n  archcheck help policy test",
		RunE: func(cmd *cobra.Command, args []string) error {
			found, rest, err := cmd.Root().Find(args)
			if err == nil && len(rest) == 0 {
				return found.Help()
			}
			return a.unknownCommand(found, rest)
		},
	}
}

// column is the start of a line's second column.
var column = regexp.MustCompile(`^ +\S.*?\S( {2,})\S`)

// layOut fills the paragraphs of a text to the width. An indented line stays a line of its own: where it has a second
// column, what does not fit continues below that column; where it has none, it is a command and stays whole.
func layOut(text string, width int) string {
	var out, prose []string
	flush := func() {
		if len(prose) > 0 {
			out = append(out, source.Wrap(strings.Join(prose, " "), width)...)
			prose = nil
		}
	}
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, " \n")
		switch {
		case line == "":
			flush()
			out = append(out, line)
		case !strings.HasPrefix(line, " "):
			if prose = append(prose, line); strings.HasSuffix(line, ":") {
				flush()
			}
		default:
			flush()
			out = append(out, hang(line, width)...)
		}
	}
	flush()
	return strings.Join(out, "\n") + "\n"
}

// hang breaks a line of two columns so that the second stays a column.
func hang(line string, width int) []string {
	at := column.FindStringSubmatchIndex(line)
	if utf8.RuneCountInString(line) <= width || at == nil {
		return []string{line}
	}
	lead := line[:at[3]]
	indent := strings.Repeat(" ", utf8.RuneCountInString(lead))
	var out []string
	for _, l := range source.Wrap(line[at[3]:], max(24, width-len(indent))) {
		out = append(out, lead+l)
		lead = indent
	}
	return out
}
