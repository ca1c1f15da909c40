//go:build attacks

package attacks

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// Ways to a post that WordPress has besides its REST interface, asked by those who have no right to a summary.
func TestOtherWaysToASummary(t *testing.T) {
	t.Parallel()
	all := secrets(t)
	for _, role := range unentitled() {
		p := person(t, role)
		n := 0
		for _, s := range all {
			for _, way := range ways(s) {
				n++
				page := p.Get(t, way)
				if found := s.leaks(page, s.hidden()); len(found) > 0 {
					broken(t, role, way, "%d shows %v of the summary %s", page.Status, found, s.What)
				}
			}
		}
		Report.Held(t, role, fmt.Sprintf("%d addresses: ?p=, ?post_type=, search, feeds, sitemaps, embeds, previews, wp-admin", n), "shows nothing of a summary")
	}
}

// ways are addresses by which themes, readers, crawlers and wp-admin reach a post.
func ways(s *Secret) []string {
	post, attachment := num(s.Post), num(s.Attachment)
	link := url.QueryEscape(site.URL + "/?post_type=aidoc_summary&p=" + post)
	return []string{
		"/?p=" + post, "/?p=" + post + "&post_type=aidoc_summary", "/?page_id=" + post, "/?aidoc_summary=" + post, "/?post_type=aidoc_summary",
		"/?post_type=any&s=CANARY", "/?s=CANARY", "/?p=" + post + "&preview=true", "/?p=" + post + "&embed=true", "/?p=" + post + "&feed=rss2",
		"/?feed=rss2&post_type=aidoc_summary", "/?feed=atom&post_type=aidoc_summary", "/?feed=comments-rss2", "/?feed=rss2&p=" + post + "&withcomments=1",
		"/?rest_route=/oembed/1.0/embed&url=" + link, "/?rest_route=/oembed/1.0/embed&url=" + url.QueryEscape(site.URL+"/?p="+post),
		"/wp-sitemap.xml", "/wp-sitemap-posts-aidoc_summary-1.xml", "/wp-sitemap-posts-post-1.xml",
		"/?attachment_id=" + attachment, "/?attachment_id=" + attachment + "&feed=rss2",
		"/wp-admin/post.php?action=edit&post=" + post, "/wp-admin/edit.php?post_type=aidoc_summary", "/wp-admin/export.php?download=true&content=aidoc_summary",
		"/wp-admin/export.php?download=true&content=all", "/wp-admin/revision.php?revision=" + post, "/wp-admin/edit-comments.php?p=" + post,
		"/wp-admin/admin-ajax.php?action=oembed-cache&post=" + post, "/wp-admin/admin.php?page=aidoc-queue",
	}
}

// What admin-ajax answers to posts, with nonces that a page would have to leak first.
func TestAjaxWaysToASummary(t *testing.T) {
	t.Parallel()
	all := secrets(t)
	for _, role := range unentitled()[1:] { // nobody has no nonce
		p := person(t, role)
		nonces := p.nonces(t, "find-posts", "inlineeditnonce", "internal-linking", "samplepermalink", "heartbeat-nonce")
		for _, s := range all {
			for what, form := range ajax(nonces, s) {
				page := p.Post(t, "/wp-admin/admin-ajax.php", form)
				if found := s.leaks(page, s.own()); len(found) > 0 {
					broken(t, role, "admin-ajax "+what, "%d shows %v of the summary %s", page.Status, found, s.What)
				}
			}
		}
		Report.Held(t, role, "admin-ajax: query-attachments, find_posts, inline-save, wp-link-ajax, parse-embed, get-revision-diffs", "shows nothing of a summary")
	}
}

func ajax(nonce map[string]string, s *Secret) map[string]url.Values {
	post := num(s.Post)
	return map[string]url.Values{
		"query-attachments":  {"action": {"query-attachments"}, "query[s]": {"CANARY"}, "query[post_type]": {"aidoc_summary"}, "query[post__in][]": {post}},
		"children":           {"action": {"query-attachments"}, "query[post_parent]": {num(s.Parent)}, "query[orderby]": {"ID"}},
		"find_posts":         {"action": {"find_posts"}, "ps": {"CANARY"}, "_ajax_nonce": {nonce["find-posts"]}},
		"inline-save":        {"action": {"inline-save"}, "post_ID": {post}, "post_type": {"aidoc_summary"}, "_inline_edit": {nonce["inlineeditnonce"]}, "post_view": {"list"}, "post_title": {"x"}, "screen": {"edit-aidoc_summary"}},
		"wp-link-ajax":       {"action": {"wp-link-ajax"}, "search": {"CANARY"}, "_ajax_linking_nonce": {nonce["internal-linking"]}},
		"parse-embed":        {"action": {"parse-embed"}, "post_ID": {post}, "type": {"embed"}, "shortcode": {"[embed]" + site.URL + "/?p=" + post + "[/embed]"}},
		"get-revision-diffs": {"action": {"get-revision-diffs"}, "post_id": {post}, "compare[]": {post + ":" + post}},
		"sample-permalink":   {"action": {"sample-permalink"}, "post_id": {post}, "samplepermalinknonce": {nonce["samplepermalink"]}},
		"heartbeat":          {"action": {"heartbeat"}, "_nonce": {nonce["heartbeat-nonce"]}, "screen_id": {"post"}, "data[wp-refresh-post-lock][post_id]": {post}},
	}
}

// xmlrpc calls one method; strings, integers and one struct are enough.
func (p *Person) xmlrpc(t *testing.T, method string, params ...any) Page {
	t.Helper()
	var b strings.Builder
	b.WriteString("<?xml version=\"1.0\"?><methodCall><methodName>" + method + "</methodName><params>")
	for _, v := range params {
		b.WriteString("<param>" + xmlValue(v) + "</param>")
	}
	b.WriteString("</params></methodCall>")
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, site.URL+"/xmlrpc.php", strings.NewReader(b.String()))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "text/xml")
	return fetch(t, plain, req)
}

func xmlValue(v any) string {
	switch v := v.(type) {
	case int64:
		return fmt.Sprintf("<value><int>%d</int></value>", v)
	case map[string]any:
		var b strings.Builder
		for name, member := range v {
			b.WriteString("<member><name>" + name + "</name>" + xmlValue(member) + "</member>")
		}
		return "<value><struct>" + b.String() + "</struct></value>"
	default:
		return fmt.Sprintf("<value><string>%v</string></value>", v)
	}
}

var xmlMethod = regexp.MustCompile(`<string>([A-Za-z]+\.[A-Za-z]*[gG]et[A-Za-z]*|mt\.[A-Za-z]+)</string>`)

// Every reading method of XML-RPC that the site lists, in the shapes their arguments come in.
func TestXMLRPCWaysToASummary(t *testing.T) {
	t.Parallel()
	all := secrets(t)
	listed := person(t, "anonymous").xmlrpc(t, "system.listMethods")
	methods := []string{}
	for _, m := range xmlMethod.FindAllStringSubmatch(listed.Body, -1) {
		methods = append(methods, m[1])
	}
	slices.Sort(methods)
	if len(methods) < 25 {
		t.Fatalf("the site lists only %v", methods)
	}
	for _, role := range unentitled()[1:] {
		p := person(t, role)
		for _, m := range methods {
			for _, params := range calls(m, p, all) {
				page := p.xmlrpc(t, m, params...)
				for _, s := range all {
					if found := s.leaks(page, s.own()); len(found) > 0 {
						broken(t, role, m, "shows %v of the summary %s", found, s.What)
					}
				}
			}
		}
		Report.Held(t, role, fmt.Sprintf("XML-RPC: %d reading methods", len(methods)), "shows nothing of a summary")
	}
}

// calls are the arguments of a method in its own order, once for each summary where it takes a post.
func calls(method string, p *Person, all []*Secret) (out [][]any) {
	family, _, _ := strings.Cut(method, ".")
	for _, s := range all {
		switch {
		case family == "blogger":
			out = append(out, []any{"app", num(s.Post), p.Login, password, int64(20)})
		case family == "metaWeblog", family == "mt":
			out = append(out, []any{s.Post, p.Login, password, int64(20)})
		case method == "wp.getPage":
			out = append(out, []any{int64(1), s.Post, p.Login, password})
		case slices.Contains([]string{"wp.getPost", "wp.getRevisions", "wp.getMediaItem", "wp.getCommentCount", "wp.getComment"}, method):
			out = append(out, []any{int64(1), p.Login, password, s.Post})
		}
	}
	if out != nil {
		return out
	}
	alone := []any{int64(1), p.Login, password} // WordPress ends in a fatal where an array stands for a text, and the other way round
	switch method {
	case "wp.getPosts", "wp.getMediaLibrary", "wp.getComments":
		alone = append(alone, map[string]any{"post_type": "aidoc_summary", "post_status": "any", "number": int64(50), "s": "CANARY"})
	case "wp.getPostType":
		alone = append(alone, "aidoc_summary")
	}
	return [][]any{alone}
}
