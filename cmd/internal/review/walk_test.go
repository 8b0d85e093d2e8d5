//go:build e2e

package review_test

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp/kb"
)

const (
	heading = `(document.getElementById("panel-title") || {}).textContent`
	hash    = `decodeURIComponent(location.hash.slice(1))`
	scale   = `parseInt(document.getElementById("scale").textContent)`
	opened  = `document.querySelector(".view:not([hidden])").id`
	focused = `(document.activeElement.closest("[data-id]") || {dataset: {}}).dataset.id || document.activeElement.id`
)

func shopPage(t *testing.T, hash string) *page {
	t.Helper()
	p := tab(t)
	p.look(1440, 1000, "light")
	p.open(pageOf(t, example("shop")), hash)
	return p
}

// TestMouse: a click on a part opens its details, a finding there leads to its text and back, a line has details of its
// own, a drag moves the picture and opens nothing.
func TestMouse(t *testing.T) {
	p := shopPage(t, "")
	eval[bool](p, `(document.getElementById("diagram").scrollIntoView(), true)`)
	p.click(`#view-findings .node[data-id="service.orders"] text`)
	p.wait("details of orders", heading+` === "orders" && `+hash+` === "service.orders"`)
	if n := eval[int](p, `document.querySelectorAll("#panel .sev").length`); n != 9 { // H DAT-024, H DAT-028 +7 in the picture
		t.Errorf("%d findings in the panel, 9 in the picture", n)
	}
	title := eval[string](p, `document.querySelector("#panel a.title").textContent`)
	p.click(`#panel a.title`)
	p.wait("the finding's text", `document.querySelector(":target h3") && document.querySelector(":target h3").textContent.includes(%s)`, title)
	p.wait("it is in the window", `(r => r.top >= 0 && r.top < innerHeight)(document.querySelector(":target").getBoundingClientRect())`)
	eval[bool](p, `(history.back(), true)`)
	p.wait("back at orders", hash+` === "service.orders" && !document.getElementById("panel").hidden`)
	eval[bool](p, `(scrollTo(0, 0), document.getElementById("diagram").scrollIntoView(), true)`)
	p.click(`#view-findings .edge[data-id="gateway.edge.call.checkout"] text`)
	p.wait("details of the line", heading+` === "edge calls orders"`)
	p.click(`#panel header button`)
	p.wait("panel shut", `document.getElementById("panel").hidden && location.hash === ""`)

	before := eval[string](p, `document.querySelector(".view:not([hidden])").style.transform`)
	at := eval[[]float64](p, `(r => [r.x + r.width / 2, r.y + r.height / 2])(document.querySelector("#view-findings .node[data-id='service.payments'] text").getBoundingClientRect())`)
	for _, e := range []struct {
		kind input.DispatchMouseEventType
		dx   float64
	}{{input.DispatchMouseEventTypeMousePressed, 0}, {input.DispatchMouseEventTypeMouseMoved, -40}, {input.DispatchMouseEventTypeMouseMoved, -80}, {input.DispatchMouseEventTypeMouseReleased, -80}} {
		call(p, input.DispatchMouseEvent, input.DispatchMouseEventParams{Type: e.kind, X: at[0] + e.dx, Y: at[1], Button: input.MouseButtonLeft, ClickCount: 1})
	}
	p.wait("the picture moved", `document.querySelector(".view:not([hidden])").style.transform !== %s`, before)
	if h := eval[string](p, hash); h != "" {
		t.Errorf("the drag opened %s", h)
	}
	p.quiet("file://" + pageOf(t, example("shop")))
}

// TestSwitchAndZoom: every view can be opened alone, the selection goes along, each view keeps its own scale.
func TestSwitchAndZoom(t *testing.T) {
	p := shopPage(t, "#datastore.catalog_db")
	p.wait("details", heading+` === "catalog_db"`)
	for _, v := range eval[[]string](p, `[...document.querySelectorAll("[data-view]")].map(b => b.dataset.view)`) {
		p.click(`[data-view="` + v + `"]`)
		p.wait("view "+v, opened+` === %s && document.querySelectorAll(".view:not([hidden])").length === 1 && document.querySelector("[data-view][aria-pressed=true]").dataset.view === %s`, "view-"+v, v)
		if v != "context" && v != "findings" && eval[int](p, `document.querySelectorAll(".view:not([hidden]) .sel").length`) != 1 {
			t.Errorf("catalog_db is not marked in %s", v)
		}
	}
	eval[bool](p, `(s => (s.value = "journey-2", s.dispatchEvent(new Event("change")), true))(document.getElementById("journey"))`)
	p.wait("journey", opened+` === "view-journey-2"`)
	p.click(`[data-view="findings"]`)
	p.click(`[data-zoom="one"]`)
	p.wait("100 %", scale+` === 100`)
	p.click(`[data-zoom="in"]`)
	p.wait("125 %", scale+` === 125`)
	p.click(`[data-view="containers"]`)
	p.click(`[data-view="findings"]`)
	p.wait("findings kept its scale", scale+` === 125`)
	p.click(`[data-zoom="fit"]`)
	p.wait("all of it in the canvas", `(() => { const c = document.getElementById("canvas").getBoundingClientRect(), v = document.querySelector(".view:not([hidden])").getBoundingClientRect(); return v.width <= c.width + 1 && v.height <= c.height + 1 })()`)
	before := eval[int](p, scale)
	call(p, input.DispatchMouseEvent, input.DispatchMouseEventParams{Type: input.DispatchMouseEventTypeMouseWheel, X: 400, Y: 500, DeltaX: 1, DeltaY: -120, Modifiers: 2})
	p.wait("Ctrl and the wheel zoom", scale+` > %s`, before)
	p.quiet("file://" + pageOf(t, example("shop")))
}

// TestSearch finds by name, rule and kind, says how many, dims the rest, and Enter centres the next.
func TestSearch(t *testing.T) {
	p := shopPage(t, "")
	p.press("/")
	p.wait("focus in the field", `document.activeElement.id === "find"`)
	eval[bool](p, `(document.getElementById("find").value = "", true)`) // the simulated key also types its character
	p.press("s", "t", "r", "i", "p", "e")
	p.wait("matches", `document.getElementById("hits").textContent.startsWith("2 found")`)
	if n := eval[int](p, `document.querySelectorAll(".view:not([hidden]) svg.searching .hit-by-search").length`); n != 2 {
		t.Errorf("%d elements stand out, want stripe and the call to it", n)
	}
	p.press(kb.Enter)
	p.wait("stripe opened", heading+` === "stripe" && `+hash+` === "external.stripe"`)
	p.wait("stripe in the middle", `(() => { const c = document.getElementById("canvas").getBoundingClientRect(), r = document.querySelector(".view:not([hidden]) [data-id='external.stripe']").getBoundingClientRect();
		return Math.abs(c.x + c.width / 2 - r.x - r.width / 2) < 3 && Math.abs(c.y + c.height / 2 - r.y - r.height / 2) < 3 })()`)
	p.press(kb.Escape)
	p.wait("nothing dimmed", `!document.querySelector("svg.searching") && document.getElementById("hits").textContent === ""`)
	for text, want := range map[string]string{"RES-015": "2 found", "queue": "1 found", "consul": "none", "zzz": "none found"} {
		eval[bool](p, `(f => (f.value = %s, f.dispatchEvent(new Event("input")), true))(document.getElementById("find"))`, text)
		if got := eval[string](p, `document.getElementById("hits").textContent`); !strings.HasPrefix(got, want) {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}

// TestKeyboard: without a mouse one reaches the diagram, walks in it, reads the details, follows a line, comes back.
func TestKeyboard(t *testing.T) {
	p := shopPage(t, "")
	inside := false
	for range 40 {
		p.press(kb.Tab)
		if inside = eval[bool](p, `document.getElementById("canvas").contains(document.activeElement)`); inside {
			break
		}
	}
	if !inside {
		t.Fatal("Tab does not reach the diagram")
	}
	if got := eval[string](p, focused); got != "client.mobile" {
		t.Errorf("the first stop is %s", got)
	}
	p.press(kb.ArrowRight)
	if got := eval[string](p, focused); got != "gateway.mobile_bff" {
		t.Errorf("right of mobile is %s", got)
	}
	p.press(kb.ArrowDown)
	if got := eval[string](p, focused); got != "gateway.edge" {
		t.Errorf("below mobile_bff is %s", got)
	}
	p.press(kb.Enter)
	p.wait("details with the focus", heading+` === "edge" && document.activeElement.id === "panel-title"`)
	p.press(kb.Escape)
	p.wait("back at edge", `document.getElementById("panel").hidden && (`+focused+`) === "gateway.edge"`)
	before := eval[int](p, scale)
	p.press("+")
	p.wait("larger", scale+` > %s`, before)
	p.press("-", "-")
	p.wait("smaller", scale+` < %s`, before)
	p.press("0")
	p.press(kb.Tab)
	if eval[bool](p, `document.getElementById("canvas").contains(document.activeElement)`) {
		t.Error("Tab does not leave the diagram")
	}
	// every part is a walk away
	all := eval[[]string](p, `[...document.querySelectorAll("#view-findings .node[data-id]")].map(g => g.dataset.id)`)
	unreached := eval[[]string](p, `(() => {
		const seen = new Set(), todo = [parts(diagram.view)[0]];
		while (todo.length) { const q = todo.pop(); if (seen.has(q.id)) continue; seen.add(q.id);
			for (const d of Object.values(arrows)) { const n = walk(q, ...d); if (n) todo.push(n); } }
		return %s.filter(id => !seen.has(id)) })()`, all)
	if len(unreached) > 0 || len(all) != 16 {
		t.Errorf("of %d parts the arrow keys do not reach %v", len(all), unreached)
	}
}

// TestEveryFindingIsReached: every finding has its text, every link of the page leads somewhere, and every finding that
// is about a part leads to an element that some picture draws.
func TestEveryFindingIsReached(t *testing.T) {
	for _, name := range examples {
		p := tab(t)
		p.look(1440, 1000, "light")
		p.open(pageOf(t, example(name)), "")
		if lost := eval[[]string](p, `[...document.querySelectorAll("a[href^='#']")].map(a => decodeURIComponent(a.getAttribute("href").slice(1)))
			.filter(h => !document.getElementById(h) && !(data.parts[h] && Object.values(views).some(v => standing(v, h))) && !(h.startsWith("view-") && views[h.slice(5)]))`); len(lost) > 0 {
			t.Errorf("%s: links lead nowhere: %v", name, lost)
		}
		if adrift := eval[[]string](p, `[...document.querySelectorAll(".finding")].filter(f => !f.querySelector(".where a.jump")).map(f => f.id)`); len(adrift) > 0 {
			t.Errorf("%s: findings without a place in a picture: %v", name, adrift)
		}
		if silent := eval[[]string](p, `[...document.querySelectorAll(".view [data-id]")].map(g => g.dataset.id).filter(id => !data.parts[id])`); len(silent) > 0 {
			t.Errorf("%s: elements without details: %v", name, silent)
		}
	}
}

// TestWithoutScript: first picture, findings, cards and tables are there, and every link of the picture leads to a row.
func TestWithoutScript(t *testing.T) {
	p := tab(t)
	p.look(1440, 1000, "light")
	call(p, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
	p.open(pageOf(t, example("shop")), "")
	call(p, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{})
	if n := eval[int](p, `document.querySelectorAll(".view:not([hidden]) svg").length`); n != 1 {
		t.Errorf("%d pictures", n)
	}
	if n := eval[int](p, `document.querySelectorAll(".scripted:not([hidden])").length`); n != 0 {
		t.Errorf("%d controls that do nothing", n)
	}
	if lost := eval[[]string](p, `[...document.querySelectorAll(".view a")].map(a => decodeURIComponent(a.getAttribute("href").slice(1))).filter(h => !document.getElementById(h))`); len(lost) > 0 {
		t.Errorf("links lead nowhere: %v", lost)
	}
	if n, want := eval[int](p, `document.querySelectorAll(".finding").length`), plannedFindings(t, "shop"); n != want {
		t.Errorf("%d findings, the plan has %d", n, want)
	}
	p.quiet("file://" + pageOf(t, example("shop")))
}

// plannedFindings is how many findings the last lines of an example's recorded plan count.
func plannedFindings(t *testing.T, name string) (n int) {
	t.Helper()
	plan, err := os.ReadFile(filepath.Join(filepath.Dir(example(name)), "plan.txt"))
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile(`(\d+) (?:critical|high|medium|low|info)\b`).FindAllStringSubmatch(string(plan[bytes.LastIndex(plan, []byte("\nPlan: ")):]), -1) {
		k, _ := strconv.Atoi(m[1])
		n += k
	}
	return n
}

// TestTheme: the button overrides the system.
func TestTheme(t *testing.T) {
	p := shopPage(t, "")
	const page = `getComputedStyle(document.body).backgroundColor`
	if got := eval[string](p, page); got != "rgb(255, 255, 255)" {
		t.Errorf("light page is %s", got)
	}
	p.click("#theme")
	if got := eval[string](p, page); got != "rgb(15, 22, 30)" {
		t.Errorf("dark page is %s", got)
	}
	if got := eval[string](p, `getComputedStyle(document.querySelector(".view [fill='#1b2733']")).fill`); got != "rgb(238, 242, 246)" {
		t.Errorf("ink of the picture is %s in the dark", got)
	}
}
