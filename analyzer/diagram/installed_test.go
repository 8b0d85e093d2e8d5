//go:build e2e

package diagram_test

import (
	"bytes"
	"os/exec"
	"testing"

	"github.com/archcheck/archcheck/analyzer/diagram"
)

// TestInstalledDot: an installed Graphviz draws every view without a word of complaint.
func TestInstalledDot(t *testing.T) {
	pictures(t, func(t *testing.T, p *diagram.Picture) {
		cmd := exec.Command("dot", "-Tsvg", "-o", "/dev/null")
		cmd.Stdin = bytes.NewReader(p.DOT())
		if out, err := cmd.CombinedOutput(); err != nil || len(out) > 0 {
			t.Errorf("%v: %s", err, out)
		}
	})
}
