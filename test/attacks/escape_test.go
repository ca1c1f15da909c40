//go:build attacks

package attacks

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
)

// What a document could get a model to write, so that WordPress would run it, fetch it or show it as HTML.
func hostileText(bait string) (markdown string, blocks []any) {
	run := func(text string) map[string]any { return map[string]any{"text": text} }
	paragraph := func(text string) map[string]any {
		return map[string]any{"type": "paragraph", "runs": []any{run(text)}}
	}
	lines := []string{
		"[attack_canary]", "[[attack_canary]]", "&#91;attack_canary&#93;", bait, "[embed]" + bait + "[/embed]",
		`<iframe src="` + bait + `"></iframe>`, `<script src="` + bait + `"></script>`, `<!-- wp:embed {"url":"` + bait + `"} /-->`,
		`<!-- wp:html --><script>1</script><!-- /wp:html -->`, `<img src=x onerror=alert(1)>`, `--><script>1</script>`,
	}
	for _, l := range lines {
		blocks = append(blocks, paragraph(l))
	}
	blocks = append(blocks,
		map[string]any{"type": "heading", "level": 2, "runs": []any{run("[attack_canary]")}},
		map[string]any{"type": "list", "ordered": false, "items": []any{[]any{run(bait)}, []any{run("[attack_canary]")}}},
		map[string]any{"type": "code", "text": "[attack_canary]\n" + bait + "\n"},
		map[string]any{"type": "table", "header": []any{[]any{run("[attack_canary]")}}, "rows": []any{[]any{[]any{run(bait)}}}},
	)
	return strings.Join(lines, "\n\n"), blocks
}

// The text of a summary is text after every way of saving it, wherever WordPress then shows it.
func TestTextStaysTextAnybodyMaySave(t *testing.T) {
	t.Parallel()
	var calls atomic.Int64
	bait := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { calls.Add(1) }))
	defer bait.Close()
	address := bait.URL + "/watch"
	markdown, blocks := hostileText(address)
	agent := join(t, "escaper")
	for form, text := range map[string]Text{"blocks": {Title: "[attack_canary] <script>1</script>", Blocks: blocks}, "Markdown": {Title: "[attack_canary] <script>1</script>", Markdown: markdown}} {
		t.Run(form, func(t *testing.T) {
			post := agent.deliver(t, agent.take(t, document(t, name("hostile"), token(20), 1, 0)), text)
			harmless(t, post, "saved by the machine")

			raw := rawContent(t, post)
			saved := editorSave(t, post, blockEditor(raw))
			harmless(t, saved, "saved by an editor in the block editor")
			site.Do(t, "save", map[string]any{"post": post, "content": blockEditor(raw)}, nil)
			harmless(t, post, "saved by a plugin, as nobody")
			person(t, "administrator").xmlrpc(t, "wp.editPost", int64(1), "a-administrator", password, post, map[string]any{"post_title": "Edited over XML-RPC"})
			harmless(t, post, "saved over XML-RPC")
			for _, row := range site.SQL(t, "SELECT ID FROM wp_posts WHERE post_type = 'revision' AND post_parent = %d", post) {
				harmless(t, parse(t, row[0]), "a revision")
				site.Do(t, "restore", map[string]any{"revision": parse(t, row[0])}, nil)
				harmless(t, post, "a restored revision")
			}
			site.Do(t, "update", map[string]any{"ID": post, "post_status": "publish"}, nil)
			harmless(t, post, "published")
			looks(t, post)
		})
	}
	if n := calls.Load(); n > 0 {
		broken(t, "document", "a bare URL in a paragraph", "WordPress called it %d times", n)
	}
	log, _ := os.ReadFile(filepath.Join(site.Root, "wp-content", "http-requests.log"))
	if n := strings.Count(string(log), address); n > 0 {
		broken(t, "document", "a bare URL in a paragraph", "WordPress asked for it %d times", n)
	}
	Report.Held(t, "document", "shortcodes, bare URLs, embeds, iframes, scripts, block comments in a summary", "escaped at every save")
}

// harmless fails where the stored text does anything when it is shown.
func harmless(t *testing.T, post int64, when string) {
	t.Helper()
	var out map[string]string
	site.Do(t, "render", map[string]any{"post": post}, &out)
	for view, html := range out {
		if strings.Contains(html, "SHORTCODE-RAN") {
			broken(t, "document", view+" "+when, "a shortcode ran")
		}
		for _, tag := range []string{"<script", "<iframe", "<img", "<blockquote class=\"wp-embedded", "<!-- wp:embed", "<!-- wp:html"} {
			if strings.Contains(strings.ToLower(html), tag) {
				broken(t, "document", view+" "+when, "it has %s", tag)
			}
		}
	}
}

func rawContent(t *testing.T, post int64) string {
	t.Helper()
	var out map[string]string
	site.Do(t, "render", map[string]any{"post": post}, &out)
	return out["raw"]
}

// blockEditor is what the block editor makes of a text when it saves: its parser resolves entities, and its serialiser
// writes only those of HTML again.
func blockEditor(raw string) string {
	return strings.NewReplacer("&#91;", "[", "&#093;", "]", "&#091;", "[", "&#93;", "]", "&#x5b;", "[", "&#x5d;", "]", "&#58;", ":", "&#058;", ":", "&#47;", "/", "&#047;", "/", "&#x2f;", "/", "&#x3a;", ":").Replace(raw)
}

// editorSave saves as an editor who changed nothing but the title, and gives back the post.
func editorSave(t *testing.T, post int64, content string) int64 {
	t.Helper()
	page := person(t, "editor").REST(t, http.MethodPost, "/wp/v2/aidoc-summaries/"+num(post), map[string]any{"content": content, "title": "Edited"})
	if page.Status != http.StatusOK {
		t.Fatalf("an editor cannot save: %d %.300s", page.Status, page.Body)
	}
	return post
}

// looks opens the summary everywhere WordPress renders it.
func looks(t *testing.T, post int64) {
	t.Helper()
	admin := person(t, "administrator")
	for _, context := range []string{"view", "edit"} {
		page := admin.REST(t, http.MethodGet, fmt.Sprintf("/wp/v2/aidoc-summaries/%d?context=%s", post, context), nil)
		if strings.Contains(page.Body, "SHORTCODE-RAN") {
			broken(t, "document", "content.rendered in context="+context, "a shortcode ran")
		}
	}
	for _, path := range []string{
		"/wp-admin/post.php?action=edit&post=" + num(post), "/wp-admin/edit.php?post_type=aidoc_summary", "/wp-admin/admin-ajax.php?action=oembed-cache&post=" + num(post),
	} {
		if page := admin.Get(t, path); page.Status >= 500 || strings.Contains(page.Body, "SHORTCODE-RAN") {
			broken(t, "document", path, "%d, and the shortcode ran", page.Status)
		}
	}
}

func parse(t *testing.T, id string) int64 {
	t.Helper()
	var n int64
	if _, err := fmt.Sscan(id, &n); err != nil {
		t.Fatal(err)
	}
	return n
}
