//go:build e2e

package review_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"github.com/archcheck/archcheck/analyzer/diagram/render/rendertest"
	"github.com/archcheck/archcheck/cmd/internal/cli"
)

// examples are the systems whose reports are opened.
var examples = []string{"shop", "minimal", "sock-shop", "hotel-reservation"}

var (
	start   sync.Once
	browser context.Context // one browser for all tests
	failed  error
	stops   []func()
)

func TestMain(m *testing.M) {
	code := m.Run()
	for i := len(stops) - 1; i >= 0; i-- {
		stops[i]()
	}
	os.Exit(code)
}

// tab opens a tab in the shared browser, which is started headless at the first use.
func tab(t *testing.T) *page {
	t.Helper()
	start.Do(func() {
		program, err := exec.LookPath("chromium")
		if err != nil {
			failed = err
			return
		}
		opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(program), chromedp.NoSandbox, chromedp.DisableGPU,
			chromedp.Flag("force-color-profile", "srgb"), chromedp.Flag("hide-scrollbars", false))
		alloc, stop := chromedp.NewExecAllocator(context.Background(), opts...)
		ctx, stop2 := chromedp.NewContext(alloc)
		browser, stops = ctx, append(stops, stop, stop2)
		failed = chromedp.Do(ctx)
	})
	if failed != nil {
		t.Fatal(failed)
	}
	ctx, stop := chromedp.NewContext(browser)
	ctx, stop2 := context.WithTimeout(ctx, 90*time.Second)
	t.Cleanup(func() { stop2(); stop() })
	p := &page{T: t, ctx: ctx}
	if err := chromedp.Listen(ctx, p.hear); err != nil { // console, log and network are on by themselves
		t.Fatal(err)
	}
	return p
}

// page is a tab with what it complained about and what it asked the network for.
type page struct {
	*testing.T
	ctx context.Context

	mu       sync.Mutex
	said     []string
	requests []string
}

func (p *page) hear(event any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch e := event.(type) {
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.ConsoleAPICalledTypeError || e.Type == runtime.ConsoleAPICalledTypeWarning {
			p.said = append(p.said, fmt.Sprint(e.Type, ": ", args(e.Args)))
		}
	case *runtime.EventExceptionThrown:
		p.said = append(p.said, "exception: "+e.ExceptionDetails.Text)
	case *log.EventEntryAdded:
		if e.Entry.Level == log.EntryLevelError || e.Entry.Level == log.EntryLevelWarning {
			p.said = append(p.said, "log: "+e.Entry.Text)
		}
	case *network.EventRequestWillBeSent:
		p.requests = append(p.requests, e.Request.URL)
	}
}

func args(in []*runtime.RemoteObject) string {
	var b strings.Builder
	for _, a := range in {
		b.Write(a.Value)
	}
	return b.String()
}

// quiet fails the test if the page complained, or asked for anything but itself.
func (p *page) quiet(url string) {
	p.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, s := range p.said {
		p.Errorf("the browser says: %s", s)
	}
	for _, r := range p.requests {
		if own, _, _ := strings.Cut(r, "#"); own != url && !strings.HasPrefix(r, "data:") {
			p.Errorf("the page asks for %s", r)
		}
	}
}

// do runs actions one after another.
func (p *page) do(steps ...chromedp.Action[chromedp.Void]) {
	p.Helper()
	if err := chromedp.Do(p.ctx, steps...); err != nil {
		p.Fatal(err)
	}
}

// call runs one command of the DevTools protocol.
func call[P, R any](p *page, command cdp.Command[P, R], params P) R {
	p.Helper()
	out, err := chromedp.Call(p.ctx, command, params)
	if err != nil {
		p.Fatal(err)
	}
	return out
}

// eval is the value of an expression in the page.
func eval[T any](p *page, expression string, args ...any) T {
	p.Helper()
	for i, a := range args {
		b, err := json.Marshal(a)
		if err != nil {
			p.Fatal(err)
		}
		args[i] = string(b)
	}
	if len(args) > 0 {
		expression = fmt.Sprintf(expression, args...)
	}
	out, err := chromedp.Run(p.ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		p.Fatalf("%s: %v", expression, err)
	}
	return out
}

// wait waits until an expression is true: the page moves by itself, a slow machine takes its time.
func (p *page) wait(what, expression string, args ...any) {
	p.Helper()
	for end := time.Now().Add(10 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		if eval[bool](p, expression, args...) {
			return
		}
		if time.Now().After(end) {
			p.Fatalf("%s: still not %s", what, expression)
		}
	}
}

// look sets size and theme; nothing moves by itself.
func (p *page) look(width, height int64, scheme string) {
	p.Helper()
	call(p, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: width, Height: height, DeviceScaleFactor: 1})
	call(p, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
		{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: "reduce"},
	}})
}

// open loads a report, with what follows # in its address.
func (p *page) open(file, hash string) {
	p.Helper()
	p.do(chromedp.Navigate("about:blank"))
	p.mu.Lock()
	p.requests, p.said = nil, nil
	p.mu.Unlock()
	p.do(chromedp.Navigate("file://"+file+hash), chromedp.WaitReady(chromedp.CSS("body")))
}

// click presses the mouse in the middle of an element.
func (p *page) click(selector string) {
	p.Helper()
	at := eval[[]float64](p, `(() => { const e = document.querySelector(%s); const r = e.getBoundingClientRect(); return [r.x + r.width / 2, r.y + r.height / 2] })()`, selector)
	p.do(chromedp.MouseClickXY(at[0], at[1]))
}

func (p *page) press(keys ...string) {
	p.Helper()
	for _, k := range keys {
		p.do(chromedp.KeyEvent(k))
	}
}

// pageOf writes the report of a system, once for all tests.
func pageOf(t *testing.T, system string) string {
	t.Helper()
	written.Lock()
	defer written.Unlock()
	if written.at[system] != "" {
		return written.at[system]
	}
	if written.dir == "" {
		dir, err := os.MkdirTemp("", "review")
		if err != nil {
			t.Fatal(err)
		}
		written.dir, written.at = dir, map[string]string{}
		stops = append(stops, func() { os.RemoveAll(dir) })
	}
	t.Setenv("XDG_CACHE_HOME", rendertest.CacheHome(t))
	file := filepath.Join(written.dir, strings.ReplaceAll(filepath.Base(filepath.Dir(system)), " ", "-")+".html")
	var out, errs bytes.Buffer
	code := cli.Main([]string{"report", "--as-of", "2026-11-22", "--html", file, system}, cli.Streams{In: strings.NewReader(""), Out: &out, Err: &errs})
	if code != cli.ExitOK {
		t.Fatalf("exit %d: %s", code, errs.String())
	}
	written.at[system] = file
	return file
}

var written struct {
	sync.Mutex
	dir string
	at  map[string]string
}

func example(name string) string {
	return filepath.Join("..", "..", "..", "examples", name, "system.hcl")
}
