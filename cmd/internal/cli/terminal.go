package cli

import (
	"os"
	"strings"

	"golang.org/x/term"

	"github.com/archcheck/archcheck/dsl/source"
)

// style is how text is written to one of our streams. Only a terminal gets its own width; a pipe gets 80 columns and,
// unless forced, no colour.
func (a *app) style(stream any) source.Style {
	st := source.Style{Width: 80, ASCII: !utf8Locale()}
	if o, ok := stream.(*stdout); ok {
		stream = o.w
	}
	f, isFile := stream.(*os.File)
	terminal := isFile && term.IsTerminal(int(f.Fd()))
	if terminal {
		if w, _, err := term.GetSize(int(f.Fd())); err == nil && w > 0 {
			st.Width = min(w, 100)
		}
	}
	st.Color = a.global.colour(terminal)
	return st
}

// colour decides for one stream: flag, then NO_COLOR, then FORCE_COLOR or CLICOLOR_FORCE, then the terminal.
func (g *globalFlags) colour(terminal bool) bool {
	switch g.color {
	case "always":
		return true
	case "never":
		return false
	}
	if os.Getenv("NO_COLOR") != "" {
		return false
	}
	for _, name := range []string{"FORCE_COLOR", "CLICOLOR_FORCE"} {
		if v := os.Getenv(name); v != "" && v != "0" {
			return true
		}
	}
	return terminal && os.Getenv("TERM") != "dumb"
}

// utf8Locale reports whether the locale can show what is beyond ASCII; an unset locale can.
func utf8Locale() bool {
	for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if v := strings.ToUpper(os.Getenv(name)); v != "" {
			return strings.Contains(v, "UTF-8") || strings.Contains(v, "UTF8")
		}
	}
	return true
}
