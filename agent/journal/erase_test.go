package journal

import (
	"path/filepath"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/llm"
)

func TestEraseTakesAllOfAJobAndNothingOfAnother(t *testing.T) {
	j := open(t, filepath.Join(t.TempDir(), "journal.db"), Options{})
	ctx := t.Context()
	const site, digest, other = "https://a.example", "aa", "bb"
	for id, sum := range map[int64]string{7: digest, 8: other} {
		if err := j.PutPage(ctx, sum, "v1", 1, []byte("text")); err != nil {
			t.Fatal(err)
		}
		if err := putDocument(j, sum, "v2", []byte("doc")); err != nil {
			t.Fatal(err)
		}
		steps := j.StepsOf(site, id)
		for _, key := range []string{"own-" + sum, "shared"} {
			if err := steps.Put(ctx, key, llm.Completion{Text: key}); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := j.ResultIDSoon(ctx, site, id, sum); err != nil {
			t.Fatal(err)
		}
		job := JobRecord{Site: site, JobID: id, Epoch: 1, SHA256: sum, Filename: "secret.pdf", State: StateReporting}
		if err := j.Enqueue(ctx, Item{ID: sum, Site: site, JobID: id, Epoch: 1, Kind: KindResult, Body: []byte("{}")}, job); err != nil {
			t.Fatal(err)
		}
	}
	if err := j.Put(ctx, "found", llm.Completion{Text: "by an earlier agent"}); err != nil {
		t.Fatal(err)
	}
	if _, ok, err := j.StepsOf(site, 7).Get(ctx, "found"); !ok || err != nil {
		t.Fatal(ok, err)
	}
	for key, document := range map[string]string{"gathered": "7:aa", "sent": "7:aa", "answered": "7:aa", "given_up": "77:aa"} {
		if err := j.update(ctx, "ask", func(tx *txn) error {
			_, err := tx.Exec(`INSERT INTO batch_questions (key, provider, model, path, site, document, body, bytes, reservation, state, batch, created_at, updated_at)
				VALUES (?1,'p','m','/v1',?2,?3,x'74657874',4,0,?1,'',0,0)`, key, site, document)
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
	// The site may never have known the digest: the journal does.
	if err := j.Erase(ctx, site, 7, ""); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"own-aa", "shared", "found"} {
		if _, ok, _ := j.Get(ctx, key); ok {
			t.Errorf("the step %s is left", key)
		}
	}
	if _, ok, _ := j.Get(ctx, "own-bb"); !ok {
		t.Error("another job's step is gone")
	}
	if p, _ := pagesOf(j, ctx, digest, "v1"); len(p) > 0 {
		t.Error("pages are left")
	}
	if _, ok, _ := j.Document(ctx, digest, "v2"); ok {
		t.Error("the document is left under another version")
	}
	if p, _ := pagesOf(j, ctx, other, "v1"); len(p) != 1 {
		t.Error("another document's pages are gone")
	}
	var asked string
	if err := j.read.QueryRow(`SELECT group_concat(document) FROM batch_questions`).Scan(&asked); err != nil || asked != "77:aa" {
		t.Errorf("questions of %s are left, %v", asked, err)
	}
	jobs, err := j.Jobs(ctx)
	if err != nil || len(jobs) != 1 || jobs[0].JobID != 8 {
		t.Errorf("jobs %+v, %v", jobs, err)
	}
	if n, _, _ := j.OutboxSize(ctx); n != 1 {
		t.Errorf("%d messages wait, want the other job's", n)
	}
	if err := j.Erase(ctx, site, 7, digest); err != nil {
		t.Error("a second time:", err)
	}
	// The same number on another site is another job.
	if err := j.Erase(ctx, "https://b.example", 8, ""); err != nil {
		t.Fatal(err)
	}
	if _, ok, _ := j.Get(ctx, "own-bb"); !ok {
		t.Error("a site erased what is another's")
	}
}

func TestEraseGoesByTheDigestOfTheSiteToo(t *testing.T) {
	j := open(t, filepath.Join(t.TempDir(), "journal.db"), Options{})
	if err := j.PutPage(t.Context(), "cc", "v1", 1, []byte("text")); err != nil {
		t.Fatal(err)
	}
	if err := j.Erase(t.Context(), "https://a.example", 9, "cc"); err != nil {
		t.Fatal(err)
	}
	if p, _ := pagesOf(j, t.Context(), "cc", "v1"); len(p) > 0 {
		t.Error("pages are left")
	}
}
