//go:build attacks

package attacks

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"
)

const password = "correct horse battery staple"

// Roles of WordPress, from nobody to everybody. The owner is an author whose documents the others are
// after; the thief is an author who may edit the summaries of their own documents.
var roles = []string{"anonymous", "subscriber", "contributor", "author", "editor", "administrator"}

// unentitled are the roles without a right to any summary; in the fast run the least and the most of them.
func unentitled() []string {
	if fast {
		return []string{"anonymous", "author"}
	}
	return roles[:4]
}

// Person is a visitor of the site.
type Person struct {
	Login   string
	ID      int64  `json:"id"`
	Secret  string `json:"secret"` // application password, for REST
	browser *http.Client
	login   sync.Once
}

var (
	peopleOnce sync.Once
	crowd      map[string]*Person
)

// person gives one user of a role ("anonymous" for nobody), "owner", or "thief".
func person(t *testing.T, role string) *Person {
	t.Helper()
	peopleOnce.Do(func() {
		want := map[string]string{"owner": "author", "thief": "author"}
		for _, r := range roles[1:] {
			want["a-"+r] = r
		}
		made := map[string]*Person{}
		site.Do(t, "people", map[string]any{"people": want, "password": password}, &made)
		crowd = map[string]*Person{"anonymous": {}}
		for login, p := range made {
			p.Login = login
			crowd[strings.TrimPrefix(login, "a-")] = p
		}
	})
	p := crowd[role]
	if p == nil {
		t.Fatalf("no %s", role)
	}
	return p
}

// Page is an answer to a visitor.
type Page struct {
	Status int
	Header http.Header
	Body   string
	URL    string
}

// text is the body with the escapes of JSON, HTML and URLs undone: a canary must not hide behind them.
func (p Page) text() string {
	plain := strings.NewReplacer(`\/`, "/", "&amp;", "&", "%20", " ", "%2F", "/").Replace(p.Body)
	for name, values := range p.Header {
		plain += "\n" + name + ": " + strings.Join(values, " ")
	}
	return plain
}

// REST asks the site's REST interface with the person's application password.
func (p *Person) REST(t *testing.T, method, route string, body any) Page {
	t.Helper()
	path, query, _ := strings.Cut(route, "?")
	address := site.URL + "/?rest_route=" + url.QueryEscape(path)
	if query != "" {
		address += "&" + query
	}
	var reader io.Reader
	if body != nil {
		b, _ := json.Marshal(body)
		reader = bytes.NewReader(b)
	}
	req, err := http.NewRequestWithContext(t.Context(), method, address, reader)
	if err != nil {
		t.Fatal(err)
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if p.Login != "" {
		req.SetBasicAuth(p.Login, p.Secret)
	}
	return fetch(t, plain, req)
}

func fetch(t *testing.T, client *http.Client, req *http.Request) Page {
	t.Helper()
	resp, err := client.Do(req)
	if err != nil {
		t.Fatalf("%s %s: %v", req.Method, req.URL, err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatalf("%s %s: %v", req.Method, req.URL, err)
	}
	return Page{resp.StatusCode, resp.Header, string(b), req.URL.String()}
}

// session logs the person in as a browser does.
func (p *Person) session(t *testing.T) *http.Client {
	t.Helper()
	p.login.Do(func() {
		jar, _ := cookiejar.New(nil)
		p.browser = &http.Client{Jar: jar, Timeout: time.Minute, CheckRedirect: plain.CheckRedirect}
		if p.Login == "" {
			return
		}
		root, _ := url.Parse(site.URL)
		jar.SetCookies(root, []*http.Cookie{{Name: "wordpress_test_cookie", Value: "WP%20Cookie%20check"}})
		page := p.post(t, "/wp-login.php", url.Values{"log": {p.Login}, "pwd": {password}, "testcookie": {"1"}})
		if page.Status != http.StatusFound {
			t.Fatalf("%s could not log in: %d", p.Login, page.Status)
		}
	})
	return p.browser
}

// Get asks for a page with the person's cookies.
func (p *Person) Get(t *testing.T, path string) Page {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, site.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	return fetch(t, p.session(t), req)
}

// Post sends a form with the person's cookies.
func (p *Person) Post(t *testing.T, path string, form url.Values) Page {
	t.Helper()
	p.session(t)
	return p.post(t, path, form)
}

func (p *Person) post(t *testing.T, path string, form url.Values) Page {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, site.URL+path, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return fetch(t, p.browser, req)
}

// nonce is one that the person's browser would hold, were the page open to them that prints it.
func (p *Person) nonce(t *testing.T, action string) string {
	t.Helper()
	return p.nonces(t, action)[action]
}

// nonces makes several at once.
func (p *Person) nonces(t *testing.T, actions ...string) (out map[string]string) {
	t.Helper()
	root, _ := url.Parse(site.URL)
	cookie := ""
	for _, c := range p.session(t).Jar.Cookies(root) {
		if strings.HasPrefix(c.Name, "wordpress_logged_in_") {
			cookie, _ = url.QueryUnescape(c.Value)
		}
	}
	site.Do(t, "nonces", map[string]any{"user": p.ID, "cookie": cookie, "actions": actions}, &out)
	return out
}
