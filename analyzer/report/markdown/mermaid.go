package markdown

import (
	"fmt"
	"slices"
	"strings"

	"github.com/archcheck/archcheck/analyzer/report"
)

// neighbours is how many edges a comment's picture has at most.
const neighbours = 25

// neighbourhood draws the calls and messages that findings are about, with the rules on them.
func neighbourhood(r *report.Report) string {
	type edge struct{ from, label, kind string }
	rules := map[edge][]string{}
	var order []edge
	for _, f := range r.Visible() {
		for _, s := range append([]string{f.Subject}, f.Subjects...) {
			e, ok := cut(s)
			if !ok {
				continue
			}
			k := edge(e)
			if rules[k] == nil {
				order = append(order, k)
			}
			if !slices.Contains(rules[k], f.Rule) {
				rules[k] = append(rules[k], f.Rule)
			}
		}
	}
	if len(order) == 0 || len(order) > neighbours {
		return ""
	}
	var b strings.Builder
	b.WriteString("\n<details><summary>Where they are</summary>\n\n```mermaid\nflowchart LR\n")
	ids := map[string]string{}
	id := func(name string) string {
		if ids[name] == "" {
			ids[name] = fmt.Sprintf("n%d", len(ids))
			fmt.Fprintf(&b, "  %s[\"%s\"]\n", ids[name], quote(name))
		}
		return ids[name]
	}
	for _, e := range order {
		from, to := id(e.from), id(e.from+"/"+e.label)
		fmt.Fprintf(&b, "  %s -->|\"%s\"| %s\n", from, quote(strings.Join(rules[e], ", ")), to)
	}
	b.WriteString("```\n\n</details>\n")
	return b.String()
}

// cut parts service.orders.call.charge into its node and its label.
func cut(addr string) (struct{ from, label, kind string }, bool) {
	for _, kind := range []string{"call", "publish", "consume"} {
		if from, label, ok := strings.Cut(addr, "."+kind+"."); ok {
			return struct{ from, label, kind string }{from, label, kind}, true
		}
	}
	return struct{ from, label, kind string }{}, false
}

func quote(s string) string {
	return strings.NewReplacer(`"`, "#quot;", "<", "#lt;", ">", "#gt;", "`", "'").Replace(oneLine(s))
}
