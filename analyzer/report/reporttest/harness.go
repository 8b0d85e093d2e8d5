package reporttest

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/archcheck/archcheck/analyzer/report"
)

// failing is a test, of whichever library.
type failing interface{ Fatal(...any) }

// Rendered is what a renderer writes.
func Rendered(t failing, render func(io.Writer, *report.Report) error, r *report.Report) []byte {
	var b bytes.Buffer
	if err := render(&b, r); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// Golden holds bytes against the file of that name in testdata, which was checked by hand.
func Golden(t *testing.T, name string, got []byte) {
	t.Helper()
	want, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("testdata/%s is not what is written now:\n%s", name, got)
	}
}

// Objects proves that a reader can object: it accepts a good file, and refuses each of the edits, old text and new.
func Objects(t *testing.T, read func([]byte, *report.Report) error, good []byte, r *report.Report, edits map[string][2]string) {
	t.Helper()
	if err := read(good, r); err != nil {
		t.Errorf("the reader refuses a good file: %v", err)
	}
	for name, edit := range edits {
		bad := strings.Replace(string(good), edit[0], edit[1], 1)
		if bad == string(good) {
			t.Errorf("%s: the file has no %q", name, edit[0])
		} else if read([]byte(bad), r) == nil {
			t.Errorf("the reader accepts %s", name)
		}
	}
}
