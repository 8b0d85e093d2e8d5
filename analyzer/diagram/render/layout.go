package render

import (
	"context"
	"errors"
	"strings"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
)

// layout runs the embedded Graphviz once. Each layout gets an instance of its
// own: Graphviz keeps state between graphs and has crashed on it.
func (r *Renderer) layout(ctx context.Context, dot []byte, engine string) ([]byte, messages, error) {
	s := &session{}
	ctx = context.WithValue(ctx, sessionKey{}, s)
	m, err := r.runtime.InstantiateModule(ctx, r.compiled, wazero.NewModuleConfig().WithName("").WithStartFunctions())
	if err != nil {
		return nil, messages{}, err
	}
	defer m.Close(context.WithoutCancel(ctx))

	svg, err := draw(ctx, m, dot, engine)
	log := parseMessages(s)
	switch {
	case s.fatal != "":
		err = errors.New("render: the embedded Graphviz " + s.fatal)
	case err != nil:
		// A trap carries a trace of the module below its first line.
		first, _, _ := strings.Cut(err.Error(), "\n")
		err = errors.New("render: the embedded Graphviz stopped: " + first)
	case svg == nil:
		err = errors.New("render: Graphviz drew nothing; the DOT holds no graph")
	}
	return svg, log, err
}

// draw takes an instance through one picture. No graph and a failed layout
// give nil without an error: Graphviz has said why.
func draw(ctx context.Context, m api.Module, dot []byte, engine string) ([]byte, error) {
	if _, err := call(ctx, m, "init"); err != nil {
		return nil, err
	}
	text, err := putString(ctx, m, dot)
	if err != nil {
		return nil, err
	}
	graph, err := call(ctx, m, "viz_read_one_graph", text)
	if err != nil || graph == 0 {
		return nil, err
	}
	gvc, err := call(ctx, m, "viz_create_context")
	if err != nil {
		return nil, err
	}
	name, err := putString(ctx, m, []byte(engine))
	if err != nil {
		return nil, err
	}
	failed, err := call(ctx, m, "viz_layout", uint64(gvc), uint64(graph), name)
	if err != nil || failed != 0 {
		return nil, err
	}
	format, err := putString(ctx, m, []byte("svg"))
	if err != nil {
		return nil, err
	}
	result, err := call(ctx, m, "viz_render", uint64(gvc), uint64(graph), format)
	if err != nil || result == 0 {
		return nil, err
	}
	return []byte(cString(m, result)), nil
}

// putString copies text into the instance, zero-terminated. It is not freed:
// the instance ends with the picture.
func putString(ctx context.Context, m api.Module, text []byte) (uint64, error) {
	ptr, err := call(ctx, m, "malloc", uint64(len(text)+1))
	if err != nil {
		return 0, err
	}
	if ptr == 0 || !m.Memory().Write(ptr, append(text[:len(text):len(text)], 0)) {
		return 0, errors.New("out of memory")
	}
	return uint64(ptr), nil
}

// messages are what Graphviz had to say about one graph, by level.
type messages struct{ errors, warnings []string }

func (l *messages) add(level, text string) {
	text = strings.Join(strings.Fields(text), " ")
	text = strings.TrimPrefix(text, level+": ") // Graphviz says some levels twice
	switch {
	case text == "":
	case level == "Error":
		l.errors = append(l.errors, text)
	default:
		l.warnings = append(l.warnings, text)
	}
}

// parseMessages puts the pieces of the error callback together (a level, ": ",
// then text until the next level) and sorts printed lines by their prefix.
func parseMessages(s *session) messages {
	var l messages
	level, text := "", ""
	for i, piece := range s.reported {
		if (piece == "Error" || piece == "Warning") && i+1 < len(s.reported) && s.reported[i+1] == ": " {
			l.add(level, text)
			level, text = piece, ""
			continue
		}
		if piece == ": " && text == "" {
			continue
		}
		text += piece
	}
	l.add(level, text)
	l.addPrinted(string(s.printed))
	return l
}

// addPrinted sorts lines written to standard error: a line without a level
// continues the message before it.
func (l *messages) addPrinted(out string) {
	level, text := "", ""
	for line := range strings.Lines(out) {
		for _, known := range []string{"Error", "Warning"} {
			if rest, ok := strings.CutPrefix(line, known+": "); ok {
				l.add(level, text)
				level, text, line = known, "", rest
			}
		}
		text += line
	}
	l.add(level, text)
}
