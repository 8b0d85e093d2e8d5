package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/archcheck/archcheck/patterns"
)

// Every leaf of the flowchart is reached by its answers, given as a flag and typed one at a time, by number or by name.
func TestDecideReachesEveryLeaf(t *testing.T) {
	catalog, err := patterns.Load()
	if err != nil {
		t.Fatal(err)
	}
	reached := 0
	for _, l := range catalog.Leaves() {
		if len(l.Path) == 0 {
			continue
		}
		reached++
		var numbers, names string
		for _, s := range l.Path {
			q := catalog.Flowchart.Question(s.Question)
			i := slices.Index(q.Answers, q.Answer(s.Answer))
			numbers += fmt.Sprintln(i + 1)
			names += s.Answer + "\n"
		}
		run := func(in string, args ...string) string {
			t.Helper()
			var out, errs bytes.Buffer
			if code := Main(append([]string{"decide", "-o", "json"}, args...), Streams{In: strings.NewReader(in), Out: &out, Err: &errs}); code != ExitOK {
				t.Fatalf("%s: exit %d: %s", l.ID, code, errs.String())
			}
			var got struct{ Leaf, Pattern, Snippet string }
			if err := json.Unmarshal(out.Bytes(), &got); err != nil {
				t.Fatalf("%s: %v in %s", l.ID, err, out.String())
			}
			if got.Pattern != string(l.Pattern.ID) || got.Snippet == "" {
				t.Errorf("%s ends at %q with the snippet %q", l.ID, got.Pattern, got.Snippet)
			}
			return got.Leaf
		}
		for _, leaf := range []string{run("", "--answers", steps(l.Path)), run(numbers), run(names)} {
			if leaf != l.ID {
				t.Errorf("the way to %s ends at %s", l.ID, leaf)
			}
		}
	}
	if reached != 15 {
		t.Errorf("%d leaves have a way", reached)
	}
}
