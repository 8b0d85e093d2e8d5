package stranglerfig_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"

	stranglerfig "github.com/archcheck/archcheck/examples/patterns/strangler-fig"
)

// One route goes all the way: shadow finds a difference, canary moves a share
// of the users, migrated moves the rest; everything else stays where it was.
func Example() {
	answer := func(name string, missing ...string) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			for _, path := range missing {
				if r.URL.Path == path {
					http.NotFound(w, r)
					return
				}
			}
			fmt.Fprint(w, name)
		})
	}
	facade := &stranglerfig.Facade{
		Legacy: answer("erp"),
		Routes: []stranglerfig.Route{{Prefix: "/stock", To: answer("inventory", "/stock/7")}},
		Mismatch: func(_ stranglerfig.Route, old, new int) {
			fmt.Println("shadow differs: erp", old, "inventory", new)
		},
	}
	get := func(path, user string) string {
		r := httptest.NewRequest(http.MethodGet, path, nil)
		r.Header.Set("X-User", user)
		w := httptest.NewRecorder()
		facade.ServeHTTP(w, r)
		return w.Body.String()
	}
	stock := &facade.Routes[0]

	stock.Status = stranglerfig.Shadow
	fmt.Println("shadow:", get("/stock/7", "ada"))

	stock.Status, stock.Percent = stranglerfig.Canary, 25
	moved := 0
	for i := range 1000 {
		if get("/stock/1", fmt.Sprint("user-", i)) == "inventory" {
			moved++
		}
	}
	fmt.Println("canary moved a quarter:", moved > 220 && moved < 280)

	stock.Status = stranglerfig.Migrated
	fmt.Println("migrated:", get("/stock/1", "ada"))
	fmt.Println("not a route:", get("/invoices/1", "ada"))

	facade.Routes = append(facade.Routes, stranglerfig.Route{Prefix: "/invoices"})
	rates := map[string]float64{"/stock": 30, "/invoices": 90}
	fmt.Printf("progress: %.0f %%\n", 100*facade.Progress(func(p string) float64 { return rates[p] }))
	// Output:
	// shadow differs: erp 200 inventory 404
	// shadow: erp
	// canary moved a quarter: true
	// migrated: inventory
	// not a route: erp
	// progress: 25 %
}
