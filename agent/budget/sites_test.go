package budget

import (
	"strings"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/agent/journal"
)

// A site's own caps stop its documents alone, and say which field holds them.
func TestCapsOfASite(t *testing.T) {
	other := journal.KeyOfDocument{Site: "https://other.example", Document: "1:bb"}
	for _, c := range []struct {
		caps  SiteCaps
		scope Scope
		says  string
	}{
		{SiteCaps{Day: Amount{Tokens: 100}}, ScopeSiteDay, "sites[].max_tokens_per_day allows are spent: work goes on at 2026-11-30 00:00 UTC"},
		{SiteCaps{Day: Amount{USD: 0.1}}, ScopeSiteDay, "sites[].max_usd_per_day"},
		{SiteCaps{Month: Amount{Tokens: 100}}, ScopeSiteMonth, "sites[].max_tokens_per_month allows are spent: work goes on at 2026-12-01 00:00 UTC"},
		{SiteCaps{Month: Amount{USD: 0.1}}, ScopeSiteMonth, "sites[].max_usd_per_month"},
	} {
		d := open(t, Options{Sites: map[string]SiteCaps{site: c.caps}})
		theirs := d.purse(t, Document{Key: other})
		if err := call(theirs, 1000, 1000); err != nil { // counts for nobody else
			t.Fatal(err)
		}
		p := d.purse(t, Document{})
		if err := call(p, 100, 100); err != nil {
			t.Fatalf("to the last token: %v", err)
		}
		over := Over(call(p, 1, 1))
		if over == nil || over.Scope != c.scope || !over.Passes() || !strings.Contains(over.Sentence(), c.says) {
			t.Fatalf("over the cap: %v", over)
		}
		if d.why(site) == "" || d.why(other.Site) != "" {
			t.Errorf("%s: barred %q, the other site %q", c.says, d.why(site), d.why(other.Site))
		}
		if err := call(theirs, 10, 10); err != nil {
			t.Errorf("another site's document is stopped: %v", err)
		}
		s, capped, err := d.StateOf(bg, site)
		if err != nil || !capped || s.Day.Tokens != 100 || s.Month.Tokens != 100 || s.Caps.Day != c.caps.Day {
			t.Errorf("state %+v %v %v", s, capped, err)
		}
		if _, capped, err := d.StateOf(bg, other.Site); capped || err != nil {
			t.Errorf("a site without caps: %v %v", capped, err)
		}
	}
}

// Caps that are raised while the agent runs let in at once who waits for the old ones.
func TestCapsAreReplacedWhileDocumentsWait(t *testing.T) {
	d := open(t, Options{Caps: Caps{Day: Amount{Tokens: 100}}})
	p := d.purse(t, Document{})
	if err := call(p, 100, 100); err != nil {
		t.Fatal(err)
	}
	if err := call(p, 1, 1); err == nil || d.why(site) == "" {
		t.Fatalf("over the cap: %v", err)
	}
	d.Limit(Limits{Caps: Caps{Day: Amount{Tokens: 200}}})
	if why := d.why(site); why != "" {
		t.Errorf("still barred: %s", why)
	}
	if err := call(p, 100, 100); err != nil {
		t.Errorf("within the new cap: %v", err)
	}
	if err := call(p, 1, 1); err == nil {
		t.Error("the new cap stops nothing")
	}
	d.Limit(Limits{Fallback: true})
	if !d.Fallback() {
		t.Error("what follows was not replaced")
	}
}
