package markdown

import (
	"strings"

	"github.com/archcheck/archcheck/analyzer/report"
)

// picture is how many characters of a comment its picture may take.
const picture = 8_000

// neighbourhood is the picture of what the findings are about; nothing where nobody draws, or there is nothing to draw.
func neighbourhood(r *report.Report) string {
	var ids []string
	for _, f := range r.Visible() {
		ids = append(ids, f.ID)
	}
	if r.Picture == nil || len(ids) == 0 {
		return ""
	}
	drawn := strings.TrimSpace(r.Picture(ids))
	if drawn == "" || count(drawn) > picture || strings.Contains(drawn, "```") {
		return ""
	}
	return "\n<details><summary>Where they are</summary>\n\n```mermaid\n" + drawn + "\n```\n\n</details>\n"
}
