//go:build attacks

package attacks

import (
	"net/url"
	"strings"
	"testing"
)

// An author who may edit a published summary of their own points it at another person's private document, in every way
// there is. When the document is then summarised again, its text must not arrive at the author's post.
func TestPostParentDoesNotMoveASummary(t *testing.T) {
	t.Parallel()
	thief, owner := person(t, "thief"), person(t, "owner")
	for way, move := range map[string]func(own, target int64){
		"XML-RPC wp.editPost": func(own, target int64) {
			thief.xmlrpc(t, "wp.editPost", int64(1), thief.Login, password, own, map[string]any{"post_parent": target, "post_status": "publish"})
		},
		"wp-admin/post.php": func(own, target int64) {
			thief.Post(t, "/wp-admin/post.php", url.Values{"action": {"editpost"}, "post_ID": {num(own)}, "post_type": {"aidoc_summary"}, "parent_id": {num(target)}, "post_parent": {num(target)},
				"content": {"mine"}, "post_title": {"mine"}, "_wpnonce": {thief.nonce(t, "update-post_"+num(own))}, "user_ID": {num(thief.ID)}})
		},
		"REST": func(own, target int64) {
			thief.REST(t, "POST", "/wp/v2/aidoc-summaries/"+num(own), map[string]any{"parent": target, "post_parent": target, "meta": map[string]any{"aidoc_attachment_id": target}})
		},
		"XML-RPC custom fields": func(own, target int64) {
			thief.xmlrpc(t, "metaWeblog.editPost", own, thief.Login, password, map[string]any{"wp_page_parent_id": target, "post_parent": target, "post_type": "aidoc_summary"}, "1")
		},
	} {
		t.Run(way, func(t *testing.T) {
			own := summarise(t, "of the thief", thief.ID, 0, true) // first, so that it is found first
			var private int64
			site.Do(t, "post", map[string]any{"post_title": name("private"), "post_status": "private", "post_author": owner.ID, "post_content": "x"}, &private)
			target := document(t, name("secret"), "secret "+token(9), owner.ID, private)
			agent := join(t, "courier")
			first := agent.deliver(t, agent.take(t, target), Text{Title: "First", Markdown: "FIRSTTEXT"})

			move(own.Post, target)
			word := "STOLEN" + strings.ToUpper(token(6))
			second := agent.deliver(t, agent.take(t, target), Text{Title: "Second", Markdown: "It says " + word + "."})

			if second != first {
				t.Errorf("the second summary went to post %d, the first to %d", second, first)
			}
			if n := site.Number(t, "SELECT COUNT(*) FROM wp_posts WHERE (ID = %d OR post_parent = %d) AND CONCAT(post_content, post_title) LIKE '%%%s%%'", own.Post, own.Post, word); n != 0 {
				t.Errorf("the private document's text is in the thief's post or its revisions")
			}
			for _, m := range []string{"wp.getPost", "wp.getRevisions"} {
				if page := thief.xmlrpc(t, m, int64(1), thief.Login, password, own.Post); strings.Contains(page.Body, word) {
					t.Errorf("%s shows it", m)
				}
			}
			if n := site.Number(t, "SELECT COUNT(*) FROM wp_posts WHERE ID = %d AND post_content LIKE '%%%s%%'", first, word); n != 1 {
				t.Errorf("the owner's summary did not get the new text")
			}
			Report.Held(t, "author", "points a summary of their own at a private document: "+way, "the job row ties document and summary")
		})
	}
}

// The parent of a summary is changed by nobody but the writer.
func TestPostParentIsNotEdited(t *testing.T) {
	t.Parallel()
	thief := person(t, "thief")
	own := summarise(t, "of the thief", thief.ID, 0, true)
	other := secrets(t)[2]
	before := site.Number(t, "SELECT post_parent FROM wp_posts WHERE ID = %d", own.Post)
	thief.xmlrpc(t, "wp.editPost", int64(1), thief.Login, password, own.Post, map[string]any{"post_parent": other.Attachment})
	if after := site.Number(t, "SELECT post_parent FROM wp_posts WHERE ID = %d", own.Post); after != before {
		broken(t, "author", "wp.editPost", "moved the summary from document %d to %d", before, after)
	}
	Report.Held(t, "author", "wp.editPost with post_parent", "kept by the writer alone")
}
