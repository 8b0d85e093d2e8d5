// Package review brings together what the HTML report shows: the pictures with their layouts, the parts that they draw,
// the cards of the catalog.
package review

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/archcheck/archcheck/analyzer/diagram"
	svg "github.com/archcheck/archcheck/analyzer/diagram/render"
	"github.com/archcheck/archcheck/analyzer/diagram/theme"
	"github.com/archcheck/archcheck/analyzer/report/html"
	"github.com/archcheck/archcheck/patterns"
)

const (
	// journeys is how many journeys get a picture, those that lose most of their error budget first.
	journeys = 6
	// room is how many bytes of pictures a page has room for: a journey's picture that goes beyond it is left out. The
	// page of a system of 60 components stays below one megabyte.
	room = 420_000
)

// view is a picture of the page before and after its layout.
type view struct {
	html.View
	pic *diagram.Picture
	err error
}

// Page draws every view and gathers the rest. The layouts run side by side.
func Page(ctx context.Context, in diagram.Input, layout *svg.Renderer) (html.Page, error) {
	catalog, err := patterns.Load()
	if err != nil {
		return html.Page{}, err
	}
	views, err := draw(in)
	if err != nil {
		return html.Page{}, err
	}
	var wg sync.WaitGroup
	for _, v := range views {
		wg.Go(func() {
			var raw []byte
			if raw, v.err = layout.SVG(ctx, v.pic.DOT(), ""); v.err == nil {
				v.SVG, v.err = svg.Dress(raw, v.pic.PageCaption(v.ID))
			}
		})
	}
	wg.Wait()
	page := html.Page{Report: in.Report, Parts: parts(in, views), Cards: cards(catalog, in.Report), Colors: theme.Both(".view ")}
	size := 0
	for _, v := range views {
		if v.err != nil {
			return html.Page{}, fmt.Errorf("view %s: %w", v.Name, v.err)
		}
		if size += len(v.SVG); v.Journey != "" && size > room {
			continue
		}
		v.Width, v.Height = svg.Size(v.SVG)
		page.Views = append(page.Views, v.View)
	}
	return page, nil
}

// draw makes the pictures, without their layout. A view that has nothing to show for this system is left out.
func draw(in diagram.Input) ([]*view, error) {
	var out []*view
	add := func(v html.View, o diagram.Options) error {
		pic, err := diagram.Draw(in, o)
		var refused *diagram.Error
		if errors.As(err, &refused) || err == nil && len(pic.Nodes) == 0 {
			return nil
		}
		if err != nil {
			return err
		}
		v.Home = map[string]string{}
		for address, id := range pic.Drawn {
			if own := diagram.ElementID(address); own != id {
				v.Home[own] = id
			}
		}
		out = append(out, &view{View: v, pic: pic})
		return nil
	}
	question := map[string]string{}
	for _, v := range diagram.Views() {
		question[v.Name] = v.Doc
	}
	for _, v := range []struct{ id, name, view, arg string }{
		{"findings", "Findings", "findings", ""}, {"containers", "Containers", "containers", ""}, {"context", "Context", "context", ""},
		{"data", "Data and events", "data", ""}, {"failure", "Failure", "failure", ""}, {"after", "After the plan", "plan", "after"},
	} {
		if v.view == "plan" && in.Report.Summary.Findings() == 0 {
			continue
		}
		if err := add(html.View{ID: v.id, Name: v.name, Question: question[v.view]}, diagram.Options{View: v.view, Name: v.arg}); err != nil {
			return nil, err
		}
	}
	for i, j := range in.Report.Journeys {
		if i == journeys {
			break
		}
		name := strings.Replace(strings.TrimPrefix(j.Address, "journey."), ".", " ", 1)
		v := html.View{ID: fmt.Sprintf("journey-%d", i+1), Name: name, Question: question["journey"], Journey: j.Address}
		if err := add(v, diagram.Options{View: "journey", Name: j.Address}); err != nil {
			return nil, err
		}
	}
	return out, nil
}
