//go:build attacks

package attacks

import (
	"fmt"
	"strings"
	"testing"
)

// Pages that show summaries by block, shortcode and list give visitors what was published of documents that they may read: no draft,
// nothing of a private post's document, no field of the machine; and feeds, REST and the search hold none of it.
func TestPagesShowPublishedSummariesOnly(t *testing.T) {
	t.Parallel()
	all := secrets(t)
	var content strings.Builder
	for _, s := range all {
		fmt.Fprintf(&content, "<!-- wp:aidoc/document-summary {\"attachmentId\":%d} /-->\n[document_summary id=\"%d\"]\n", s.Attachment, s.Attachment)
	}
	content.WriteString("<!-- wp:aidoc/summary-list {\"perPage\":50,\"show\":\"whole\"} /-->\n[document_summaries number=50]")
	slug := name("shows")
	site.Do(t, "post", map[string]any{"post_type": "page", "post_title": slug, "post_name": slug, "post_status": "publish", "post_content": content.String()}, nil)
	page := "/" + slug + "/"
	for _, role := range unentitled() {
		p := person(t, role)
		for _, way := range []string{page, page + "?aidoc_q=CANARY", page + "?aidoc_q=canarysource&aidoc_page=2", page + "?aidoc_type=text&aidoc_year=0"} {
			got := p.Get(t, way)
			if found := all[0].leaks(got, all[0].Machine); len(found) > 0 {
				broken(t, role, way, "%d shows fields of the machine: %v", got.Status, found)
			}
			for _, s := range all[1:] {
				if found := s.leaks(got, s.own()); len(found) > 0 {
					broken(t, role, way, "%d shows %v of the summary %s", got.Status, found, s.What)
				}
			}
			if way == page && len(all[0].leaks(got, all[0].Words)) != len(all[0].Words) {
				t.Errorf("%s: the page does not show what was published: the attack meets nothing", role)
			}
		}
		for _, way := range []string{"/?feed=rss2", "/?feed=atom", "/?s=" + all[0].Words[0], "/wp-sitemap-posts-post-1.xml"} {
			got := p.Get(t, way)
			for _, s := range all {
				if found := s.leaks(got, s.own()); len(found) > 0 && !(strings.HasPrefix(way, "/?s=") && len(found) == 1 && found[0] == all[0].Words[0]) { // The search page repeats what was typed.
					broken(t, role, way, "%d shows %v of the summary %s", got.Status, found, s.What)
				}
			}
		}
		Report.Held(t, role, "block, shortcode and list on a public page, with searches; feeds, search, sitemap", "published ones of readable documents, no more")
	}
	drawers(t, all)
}

// drawers are those who may have blocks drawn: contributors and authors name other people's documents.
func drawers(t *testing.T, all []*Secret) {
	t.Helper()
	for _, role := range []string{"subscriber", "contributor", "author"} {
		for _, s := range all[1:] {
			for _, query := range []string{fmt.Sprintf("/wp/v2/block-renderer/aidoc/document-summary?context=edit&attributes[attachmentId]=%d", s.Attachment), "/wp/v2/block-renderer/aidoc/summary-list?context=edit&attributes[perPage]=50&attributes[show]=whole"} {
				got := person(t, role).REST(t, "GET", query, nil)
				if found := s.leaks(got, s.own()); len(found) > 0 || got.Status >= 500 {
					broken(t, role, query, "%d shows %v of the summary %s", got.Status, found, s.What)
				}
			}
		}
		Report.Held(t, role, "the route that draws blocks, for a draft and a private post's document", "draws nothing of it")
	}
}
