package layout

import "github.com/aidoc-pipeline/aidoc-agent/internal/pattern"

var (
	// pageNumber is a line that says which page it is and nothing else.
	pageNumber = pattern.Lazily(`^(?i:[-–—|·\[( ]*(?:(?:page|pg\.?|seite|pagina|página|p\.|s\.|стр\.|страница|sida|side|strona|sivu|strana|oldal|sayfa)\s*)?(?:\d{1,4}|[ivxl]{1,7}|[a-z]-\d{1,3})(?:\s*(?:of|/|von|de|di|sur|van|из|av|z)\s*\d{1,4})?[-–—|·\]) ]*)$`)
	year       = pattern.Lazily(`^(?:19|20)\d\d$`)
	// pageOf counts the pages at the end of a line that says more.
	pageOf = pattern.Lazily(`(?i:\b(?:page|seite|pagina|página|стр\.|sida|side|strona)\s+\d{1,4}\s*(?:of|/|von|de|di|sur|van|из|av|z)\s*\d{1,4})\s*$`)
	// numberLeft and numberRight are lines of which a page number stands far left, or far right.
	numberLeft, numberRight = pattern.Lazily(`^\d{1,4}\t.`), pattern.Lazily(`.\t\d{1,4}$`)
	// noteMark begins a footnote.
	noteMark = pattern.Lazily(`^[\d*†‡§¹²³⁴-⁹([]`)
	// rights is what the last line of a page says about whose it is.
	rights = pattern.Lazily(`^(?i:©|\(c\) |copyright )`)
	// anyStamp is what libraries, publishers and printing programs stamp on the edge of any page.
	anyStamp = pattern.Lazily(`^(?i:(?:downloaded|retrieved|accessed) (?:from|by|on|at|via|\d)|download(?:ed)? date\b|heruntergeladen (?:von|am)|téléchargé |` +
		`(?:digiti[sz]ed|hosted|printed|generated|created|provided) (?:by|from|on|with|for) |published by .{3,80}[\d.,]{4}|gedruckt am |ausgedruckt am |imprimé le |` +
		`rev(?:ision|\.)?\s?:? ?(?:\d[\d.]*|[a-z])$|(?:strictly |company |commercial.in.)?confidential(?: .{0,40})?$|streng vertraulich$|vertraulich$|confidentiel$|confidencial$|` +
		`(?:for )?(?:internal|official) use only$|nur für den (?:internen|dienstgebrauch).{0,30}$|arxiv:\d{4}\.\d|all rights reserved\.?$)`)
	// fullStamp is what else stands so on pages that are full of text; on a letter it says whose it is or when it was written.
	fullStamp = pattern.Lazily(`^(?i:(?:https?://|www\.)\S+$|(?:https?://)?(?:dx\.)?doi(?:\.org/|: ?|\s)10\.\d{4}\S*$|e?issn[: ]|isbn[: ]|©|\(c\) |copyright |` +
		`\d{1,2}[./-]\d{1,2}[./-](?:\d\d){1,2}(?:,? \d{1,2}:\d\d.{0,6})?$|\d{4}-\d\d-\d\d$|\d{1,2}\.? \p{L}{3,12}\.? \d{4}$|\p{L}{3,9}\.? \d{1,2}, \d{4}$|(?:version|draft|entwurf)(?: .{0,30})?$|` +
		`vol(?:ume|\.)? ?\d+\b.{0,60}$)`)
)

// isPageNumber says that a line tells which page it is, and nothing else; a year tells something.
func isPageNumber(s string) bool { return pageNumber.MatchString(s) && !year.MatchString(s) }
