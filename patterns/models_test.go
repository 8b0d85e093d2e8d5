package patterns_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/archcheck/archcheck/dsl"
	"github.com/archcheck/archcheck/dsl/model"
)

// A model that a page shows is one that a reader may paste: it loads without a word of complaint.
func TestPageModelsLoad(t *testing.T) {
	pages, err := filepath.Glob("*/*/README.md")
	if err != nil {
		t.Fatal(err)
	}
	whole := regexp.MustCompile("(?ms)^```hcl\n(.*?)^```$")
	for _, page := range pages {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range whole.FindAllSubmatchIndex(text, -1) {
			at := fmt.Sprintf("%s:%d", page, 1+strings.Count(string(text[:m[2]]), "\n"))
			_, diags := dsl.Parse([]model.File{{Name: at, Bytes: text[m[2]:m[3]]}})
			for _, d := range diags {
				t.Errorf("%s: %+v", at, d)
			}
		}
	}
}
