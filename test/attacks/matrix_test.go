//go:build attacks

package attacks

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// The one rule of the matrix: who may meet what of a summary, and where.
//
//	editor, administrator   text and title anywhere in the REST interface; fields of the machine only in context=edit
//	everybody else          nothing
func allowed(role, route string, s *Secret) (words []string) {
	if role != "editor" && role != "administrator" {
		return nil
	}
	words = append(append(words, s.Words...), s.Source...)
	if strings.Contains(route, "context=edit") {
		words = append(words, s.Machine...)
	}
	if items.MatchString(route) {
		words = append(words, s.Machine[1:]...) // which model and which agent: what this route tells to who may edit both
	}
	return words
}

// ours are addresses where summaries and documents live. In the fast run some roles are asked for nothing else.
var ours = regexp.MustCompile(`aidoc|/media|/search|/types|/statuses|/comments|/oembed|/users`)

var items = regexp.MustCompile(`^/aidoc/v1/items`)

// Every route of the site, asked by each role for each of the three summaries.
func TestEveryRouteByEveryRole(t *testing.T) {
	t.Parallel()
	all := secrets(t)
	before := fingerprint(t, all)
	paths := everyRoute(t, all)
	if len(paths) < 150 {
		t.Fatalf("only %d addresses: the index was not read right", len(paths))
	}
	for _, role := range roles {
		p := person(t, role)
		asked := paths
		if fast && (role == "subscriber" || role == "contributor" || role == "editor") {
			asked = slices.DeleteFunc(slices.Clone(paths), func(path string) bool { return !ours.MatchString(path) })
		}
		leaks := sweep(t, role, p, asked, all)
		for i, leak := range leaks {
			if i < 8 {
				broken(t, role, leak.route, "%d shows %v of the summary %s", leak.status, leak.words, leak.of.What)
			}
		}
		if len(leaks) > 8 {
			t.Errorf("%s: %d leaks more", role, len(leaks)-8)
		}
		Report.Held(t, role, fmt.Sprintf("GET of %d addresses of REST routes, for three summaries", len(asked)), "shows nothing beyond the role's right")
	}
	if after := fingerprint(t, all); after != before {
		t.Errorf("reading changed the summaries:\n%s\n%s", before, after)
	}
}

type leak struct {
	route  string
	status int
	words  []string
	of     *Secret
}

// sweep asks for every address, a few at a time.
func sweep(t *testing.T, role string, p *Person, paths []string, all []*Secret) (leaks []leak) {
	var mu sync.Mutex
	var wg sync.WaitGroup
	queue := make(chan string)
	for range 4 {
		wg.Go(func() {
			for path := range queue {
				found := p.shown(t, role, path, all)
				mu.Lock()
				leaks = append(leaks, found...)
				mu.Unlock()
			}
		})
	}
	for _, path := range paths {
		queue <- path
	}
	close(queue)
	wg.Wait()
	return leaks
}

func (p *Person) shown(t *testing.T, role, path string, all []*Secret) (leaks []leak) {
	page := p.REST(t, http.MethodGet, path, nil)
	if page.Status >= 500 {
		t.Errorf("%s: GET %s: %d: %.200s", role, path, page.Status, page.Body)
	}
	for _, s := range all {
		may := allowed(role, path, s)
		if words := slices.DeleteFunc(s.leaks(page, s.hidden()), func(w string) bool { return slices.Contains(may, w) }); len(words) > 0 {
			leaks = append(leaks, leak{path, page.Status, words, s})
		}
	}
	return leaks
}

var group = regexp.MustCompile(`\(\?P<(\w+)>`)

// everyRoute expands the routes of the site's index to addresses that name the three summaries and what belongs to them.
func everyRoute(t *testing.T, all []*Secret) (paths []string) {
	t.Helper()
	var index struct {
		Routes map[string]any `json:"routes"`
	}
	page := person(t, "administrator").REST(t, http.MethodGet, "/", nil)
	if err := json.Unmarshal([]byte(page.Body), &index); err != nil {
		t.Fatal(err)
	}
	for route := range index.Routes {
		if slices.Contains(skipped, route) {
			continue
		}
		for _, path := range expand(t, route, all) {
			for _, query := range queries(path, all) {
				paths = append(paths, path+"?"+query)
			}
		}
	}
	slices.Sort(paths)
	return paths
}

// skipped routes call other servers; they know no posts.
var skipped = []string{"/wp/v2/font-collections/(?P<slug>[\\/\\w-]+)", "/wp/v2/block-directory/search", "/wp/v2/pattern-directory/patterns", "/wp-site-health/v1/tests/loopback-requests",
	"/wp-site-health/v1/tests/dotorg-communication", "/wp-site-health/v1/tests/https-status", "/wp-site-health/v1/tests/page-cache",
	"/wp-site-health/v1/tests/background-updates", "/wp-site-health/v1/directory-sizes"}

// queries are the questions worth asking at an address: many where summaries live, one elsewhere.
func queries(path string, all []*Secret) []string {
	ids := fmt.Sprintf("%d,%d,%d", all[0].Attachment, all[1].Attachment, all[2].Attachment)
	switch {
	case path == "/wp/v2/search":
		return []string{"search=CANARY&per_page=100&_embed=1", "search=CANARY&type=post&subtype=any", "search=CANARY&subtype=aidoc_summary"}
	case path == "/aidoc/v1/items":
		return []string{"attachments=" + ids}
	case path == "/wp/v2/media":
		return []string{"context=view&per_page=100&_embed=1", "context=edit&per_page=100", "parent=" + num(all[2].Parent)}
	case path == "/wp/v2/comments":
		return []string{"post=" + num(all[0].Post), "context=view"}
	case path == "/wp/v2/types", path == "/wp/v2/statuses":
		return []string{"context=view", "context=edit"}
	case strings.HasSuffix(path, "/aidoc-summaries"):
		return []string{"context=view&_embed=1", "context=embed", "context=edit&status=any", "search=CANARY&status=publish,draft,private"}
	case strings.Contains(path, "aidoc-summaries"):
		return []string{"context=view&_embed=1", "context=embed", "context=edit"}
	case strings.HasPrefix(path, "/wp/v2/media/"):
		return []string{"context=view&_embed=1", "context=edit"}
	}
	return []string{"context=view"}
}

// expand puts ids and names into the groups of a route's pattern.
func expand(t *testing.T, route string, all []*Secret) (paths []string) {
	t.Helper()
	if !group.MatchString(route) {
		return []string{route}
	}
	if !strings.Contains(route, "aidoc") && !strings.Contains(route, "media") {
		all = all[2:] // another type's route is asked for one summary only, the best kept
	}
	for _, s := range all {
		ids := map[string][]string{"parent": {num(s.Post)}, "id": {num(s.Post)}, "attachment": {num(s.Attachment)}}
		switch {
		case strings.Contains(route, "<parent>"): // then id is a revision
			ids["id"] = revisions(t, s)
		case strings.Contains(route, "/media/"):
			ids["id"] = []string{num(s.Attachment), num(s.Post)}
		case strings.Contains(route, "/posts/") && s.Parent > 0:
			ids["id"] = append(ids["id"], num(s.Parent), num(s.Attachment))
		}
		for _, path := range fill(route, ids) {
			if !slices.Contains(paths, path) {
				paths = append(paths, path)
			}
		}
	}
	return paths
}

var others = map[string]string{"type": "aidoc_summary", "status": "publish", "taxonomy": "category", "stylesheet": "twentytwentyfive", "action": "retry",
	"namespace": "core", "name": "core/paragraph", "location": "primary", "plugin": "ai-doc-pipeline/ai-doc-pipeline", "user_id": "me", "slug": "google-fonts", "font_family_id": "1", "uuid": "x"}

// fill replaces each named group, brackets and all.
func fill(route string, ids map[string][]string) []string {
	at := group.FindStringSubmatchIndex(route)
	if at == nil {
		return []string{route}
	}
	depth, end := 0, at[0]
	for ; end < len(route); end++ {
		if route[end] == '(' {
			depth++
		} else if route[end] == ')' {
			if depth--; depth == 0 {
				break
			}
		}
	}
	values := ids[route[at[2]:at[3]]]
	if values == nil {
		values = []string{others[route[at[2]:at[3]]]}
	}
	var out []string
	for _, v := range values {
		out = append(out, fill(route[:at[0]]+v+route[end+1:], ids)...)
	}
	return out
}

func num(id int64) string { return strconv.FormatInt(id, 10) }

func revisions(t *testing.T, s *Secret) []string {
	t.Helper()
	out := []string{num(s.Post)}
	for _, row := range site.SQL(t, "SELECT ID FROM wp_posts WHERE post_type = 'revision' AND post_parent = %d", s.Post) {
		out = append(out, row[0])
	}
	return out
}

// fingerprint is what the database has of the three.
func fingerprint(t *testing.T, all []*Secret) string {
	t.Helper()
	var out []string
	for _, s := range all {
		for _, row := range site.SQL(t, "SELECT ID, post_status, post_parent, MD5(CONCAT(post_title, post_content)) FROM wp_posts WHERE ID IN (%d, %d) ORDER BY ID", s.Post, s.Attachment) {
			out = append(out, strings.Join(row, " "))
		}
	}
	return strings.Join(out, "; ")
}
