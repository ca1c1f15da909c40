package llmtest

import (
	"fmt"
	"strings"
)

// reportWords make the pages differ: what is said twice is not quoted twice.
var reportWords = strings.Fields("gravel turbine orchard harbour tunnel meadow granite copper lantern bridge valley quarry furnace dock mill chapel canal viaduct garden forge depot pier weir kiln barn")

func word(i int) string { return reportWords[i%len(reportWords)] }

// ReportPages are the texts of a plain report of n pages with a running header and page numbers; no two pages say the same.
func ReportPages(n int) []string {
	var pages []string
	for p := 1; p <= n; p++ {
		var b strings.Builder
		fmt.Fprintf(&b, "ACME Water Board Annual Report\n\n%d. Region %d\n\n", p, p)
		for i := range 22 {
			fmt.Fprintf(&b, "In region %d the %s beside the %s delivered water for the %s and the %s to %d households without a fault. ", p, word(i+p), word(i*3+p*5), word(i*7+p), word(i*11+p*p), 100+i*p)
		}
		fmt.Fprintf(&b, "The board decided to replace the old mains near the %s and the %s before the winter.\n\nPage %d of %d\n", word(p), word(p*7+3), p, n)
		pages = append(pages, b.String())
	}
	return pages
}
