package bff

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http/httptest"
	"strings"
)

type shop struct {
	calls  int
	noName bool
	bytes  int // what the services sent
}

func (s *shop) Profile(context.Context, string) (Profile, error) {
	s.calls++
	if s.noName {
		return Profile{}, errors.New("account service down")
	}
	p := Profile{FirstName: "Ada", LastName: "Byron", Street: "12 St James's Square", City: "London", Email: "ada@example.org"}
	s.count(p)
	return p, nil
}

func (s *shop) Favourites(context.Context, string) ([]string, error) {
	s.calls++
	return []string{"tea", "pot", "mug", "tray"}, nil
}

func (s *shop) Products(_ context.Context, ids []string) ([]Product, error) {
	s.calls++
	var out []Product
	for i, id := range ids {
		out = append(out, Product{ID: id, Title: id, Description: strings.Repeat("words ", 200), Cents: 950 + 5*i,
			Images:     map[string]string{"thumb": "/t/" + id, "full": "/f/" + id, "zoom": "/z/" + id},
			Attributes: map[string]string{"weight": "250 g", "origin": "Assam"}})
	}
	s.count(out)
	return out, nil
}

func (s *shop) count(v any) {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	s.bytes += len(b)
}

func Example() {
	s := &shop{}
	open := func() int {
		rec := httptest.NewRecorder()
		HomeHandler(s)(rec, httptest.NewRequest("GET", "/home", nil))
		fmt.Print(rec.Code, " ", rec.Body.String())
		return rec.Body.Len()
	}
	sent := open()
	fmt.Printf("%d calls behind one trip; less than a tenth of the bytes reach the phone: %v\n", s.calls, sent*10 < s.bytes)
	s.noName = true
	open()
	// Output:
	// 200 {"greeting":"Hello Ada","cards":[{"title":"tea","price":"9.50 €","image":"/t/tea"},{"title":"pot","price":"9.55 €","image":"/t/pot"},{"title":"mug","price":"9.60 €","image":"/t/mug"}]}
	// 3 calls behind one trip; less than a tenth of the bytes reach the phone: true
	// 200 {"greeting":"Welcome back","cards":[{"title":"tea","price":"9.50 €","image":"/t/tea"},{"title":"pot","price":"9.55 €","image":"/t/pot"},{"title":"mug","price":"9.60 €","image":"/t/mug"}]}
}
