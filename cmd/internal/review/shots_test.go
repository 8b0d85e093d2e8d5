//go:build e2e

package review_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// shotsEnv names the folder that screenshots are kept in, for people to look at; without it they go with the test.
const shotsEnv = "ARCHCHECK_SHOTS"

func shots(t *testing.T) string {
	t.Helper()
	dir := os.Getenv(shotsEnv)
	if dir == "" {
		return t.TempDir()
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

// TestReportsInBrowser opens the report of every example in three sizes, light and dark: the browser has nothing to
// complain about, nothing leaves the page, nothing is wider than the window, axe finds no serious fault.
func TestReportsInBrowser(t *testing.T) {
	axe, err := os.ReadFile(filepath.Join("testdata", "axe", "axe.min.js"))
	if err != nil {
		t.Fatal(err)
	}
	dir := shots(t)
	for _, name := range examples {
		t.Run(name, func(t *testing.T) {
			file := pageOf(t, example(name))
			p := tab(t)
			for _, scheme := range []string{"light", "dark"} {
				for _, size := range [][2]int64{{1440, 1000}, {800, 1000}, {400, 860}} {
					p.look(size[0], size[1], scheme)
					p.open(file, "")
					if wide := eval[int](p, `document.documentElement.scrollWidth`); wide > int(size[0]) {
						t.Errorf("%d wide in a window of %d", wide, size[0])
					}
					label := fmt.Sprintf("%s-%d-%s", name, size[0], scheme)
					p.shot(filepath.Join(dir, label+".png"), false)
					// the panel open, at a line of the picture
					line := eval[string](p, `document.querySelector(".view:not([hidden]) .edge[data-id]").dataset.id`)
					eval[bool](p, `(location.hash = "#" + encodeURIComponent(%s), true)`, line)
					p.wait("panel", `!document.getElementById("panel").hidden`)
					p.shot(filepath.Join(dir, label+"-panel.png"), false)
					if size[0] != 800 {
						p.axe(string(axe), label)
					}
					p.quiet("file://" + file)
				}
			}
		})
	}
}

// shot takes a picture of the window, or of the whole page.
func (p *page) shot(file string, whole bool) {
	p.Helper()
	action := chromedp.CaptureScreenshot()
	if whole {
		action = chromedp.FullScreenshot(100)
	}
	png, err := chromedp.Run(p.ctx, action)
	if err != nil {
		p.Fatal(err)
	}
	if err := os.WriteFile(file, png, 0o644); err != nil {
		p.Fatal(err)
	}
}

// axe fails the test on every serious or critical fault that axe-core finds.
func (p *page) axe(source, label string) {
	p.Helper()
	if !eval[bool](p, `typeof axe === "object"`) {
		eval[bool](p, source+"\n;true")
	}
	found := eval[string](p, `axe.run(document, {resultTypes: ["violations"]}).then(r => JSON.stringify(r.violations.filter(v => v.impact === "serious" || v.impact === "critical").map(v => [v.id, v.help, v.nodes.length, v.nodes[0].html.slice(0, 200), v.nodes[0].failureSummary])))`)
	var faults [][]any
	if err := json.Unmarshal([]byte(found), &faults); err != nil {
		p.Fatal(err)
	}
	for _, f := range faults {
		p.Errorf("%s: %v", label, f)
	}
}

// TestPrint: the report prints with everything open and no controls, on a sensible number of pages.
func TestPrint(t *testing.T) {
	p := tab(t)
	p.look(1440, 1000, "dark")
	p.open(pageOf(t, example("shop")), "#service.orders")
	pdf, err := chromedp.Run(p.ctx, chromedp.PrintToPDF(chromedp.PDFPreferCSSPageSize(), chromedp.PDFPrintBackground()))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(shots(t), "shop.pdf"), pdf, 0o644); err != nil {
		t.Fatal(err)
	}
	pages := strings.Count(string(pdf), "/Type /Page\n") + strings.Count(string(pdf), "/Type /Page ") + strings.Count(string(pdf), "/Type /Page/")
	// ten pictures, 39 findings at two or three to a page, four journeys, questions, twenty cards with thirty rules, parts
	if pages < 30 || pages > 52 {
		t.Errorf("%d pages", pages)
	}
	t.Logf("%d pages, %d kB", pages, len(pdf)/1000)
}
