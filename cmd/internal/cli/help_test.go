package cli

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/spf13/cobra"
)

// Every command says what it does on a terminal of 80 columns, with an example.
func TestHelpFits80Columns(t *testing.T) {
	var visit func(c *cobra.Command)
	visit = func(c *cobra.Command) {
		args := strings.Fields(c.CommandPath())[1:]
		var out bytes.Buffer
		if code := Main(append(args, "--help"), Streams{In: strings.NewReader(""), Out: &out, Err: &out}); code != ExitOK {
			t.Fatalf("%s: exit %d", c.CommandPath(), code)
		}
		if c.Example == "" {
			t.Errorf("%s has no example", c.CommandPath())
		}
		for l := range strings.Lines(out.String()) {
			l = strings.TrimRight(l, "\n")
			if utf8.RuneCountInString(l) > 80 && !strings.Contains(c.Example, l) {
				t.Errorf("%s --help: %d columns: %s", c.CommandPath(), utf8.RuneCountInString(l), l)
			}
			if strings.HasSuffix(l, " ") {
				t.Errorf("%s --help: spaces at the end of %q", c.CommandPath(), l)
			}
		}
		for _, sub := range c.Commands() {
			visit(sub)
		}
	}
	visit((&app{}).rootCommand())
}

func TestLayOut(t *testing.T) {
	got := layOut("It has\nlines that are short, and a list:\n\n  one  the first of its kind, and the best\n  archcheck plan is a command that stays whole\n", 32)
	want := `It has lines that are short, and
a list:

  one  the first of its kind,
       and the best
  archcheck plan is a command that stays whole
`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
