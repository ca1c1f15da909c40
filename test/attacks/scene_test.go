//go:build attacks

package attacks

import (
	"fmt"
	"strings"
	"sync"
	"testing"
)

// Secret is one summary that visitors are after, and the words by which it is recognised wherever it leaks.
type Secret struct {
	What       string // "published", "draft", "of a private document"
	Attachment int64
	Post       int64 // the summary
	Parent     int64 // the private post that the document belongs to, or 0
	Job        int64
	Agent      *Joined
	Words      []string // of the summary: text, title
	Machine    []string // fields of the machine: S3 key, model, agent's name, digest
	Source     []string // names of the source, where the document itself is private
}

// hidden are the words that a visitor without the right must meet nowhere.
func (s *Secret) hidden() []string {
	return append(append(append([]string{}, s.Words...), s.Machine...), s.Source...)
}

// own are those that are the summary's: names of files are the media library's own affair, and it shows them to authors.
func (s *Secret) own() []string { return append(append([]string{}, s.Words...), s.Machine...) }

// leaks names the words of this secret that a page shows.
func (s *Secret) leaks(p Page, words []string) []string {
	text, found := p.text(), []string{}
	for _, w := range words {
		if strings.Contains(text, w) {
			found = append(found, w)
		}
	}
	return found
}

var (
	secretsOnce sync.Once
	three       []*Secret
)

// secrets are three summaries of the owner's documents: published, a draft, and published of a document of a private post.
func secrets(t *testing.T) []*Secret {
	t.Helper()
	secretsOnce.Do(func() {
		owner := person(t, "owner").ID
		var private int64
		site.Do(t, "post", map[string]any{"post_title": "CANARYPRIVATEPOST", "post_status": "private", "post_author": owner, "post_content": "Only for us."}, &private)
		three = []*Secret{
			summarise(t, "published", owner, 0, true),
			summarise(t, "draft", owner, 0, false),
			summarise(t, "of a private document", owner, private, true),
		}
	})
	if three == nil {
		t.Fatal("the three summaries could not be made")
	}
	return three
}

// summarise makes a document and, through the agents' own routes, its summary.
func summarise(t *testing.T, what string, author, parent int64, publish bool) *Secret {
	t.Helper()
	agent := join(t, "CANARYAGENT")
	n := fmt.Sprintf("%dX", serial.Add(1))
	s := &Secret{
		What: what, Parent: parent, Agent: agent,
		Words:   []string{"CANARYTEXT" + n, "CANARYTITLE" + n},
		Machine: []string{"CANARYKEY" + n, "CANARYMODEL" + n, agent.Name},
	}
	s.Attachment = document(t, "canarysource"+strings.ToLower(n), "A paper about "+n, author, parent)
	l := agent.take(t, s.Attachment)
	s.Job = l.JobID
	s.Machine = append(s.Machine, l.SHA256)
	body := l.result(Text{Title: s.Words[1], Markdown: "It says " + s.Words[0] + " and ends.", S3Key: "processed/" + s.Machine[0] + "/text.txt"})
	body["model"] = s.Machine[1]
	r := agent.Call(t, "/aidoc/v1/result", body)
	var out struct {
		PostID int64 `json:"post_id"`
	}
	if r.Status != 200 {
		t.Fatalf("the result was refused: %s %.300s", r, r.Body)
	}
	r.Decode(t, &out)
	s.Post = out.PostID
	if parent > 0 {
		s.Source = []string{"canarysource" + strings.ToLower(n)}
	}
	if publish {
		site.Do(t, "update", map[string]any{"ID": s.Post, "post_status": "publish"}, nil)
	}
	return s
}
