package llm

import (
	"context"
	"fmt"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/markdown"
	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/redact"
)

// Privacy is what an operator wants kept from a model. The zero value sends everything.
type Privacy struct {
	// Redact names kinds of personal data that are replaced by placeholders in what a remote model reads, and put back into
	// its summary here: email, phone, iban, card, id (numbers of persons). Empty: none.
	Redact []string
	// Patterns are the operator's own, in Go's regular expression syntax; matches are replaced likewise.
	Patterns []string
	// TrustedHosts are hosts, addresses or networks (CIDR) that count as local beside this machine itself.
	TrustedHosts []string
}

// Private is the one place that decides what text reaches which model. Documents marked LocalOnly go to s only where its address is
// on this machine or trusted, else to the embedded summariser. What goes to a remote model is redacted first; where that fails,
// nothing is sent.
func Private(s Summariser, c Config, p Privacy) (Summariser, error) {
	kinds := make([]redact.Kind, 0, len(p.Redact))
	for _, k := range p.Redact {
		kinds = append(kinds, redact.KindOf(k))
	}
	rules, err := redact.New(kinds, p.Patterns)
	if err != nil {
		return nil, err
	}
	for _, h := range p.TrustedHosts {
		if strings.Contains(h, "/") {
			if _, err := netip.ParsePrefix(h); err != nil {
				return nil, fmt.Errorf("%q is no network: write a host, an address, or a network such as 10.20.0.0/16", h)
			}
		}
	}
	if c.Provider == "" || c.Provider == "extractive" {
		return s, nil // nothing leaves
	}
	return &private{Summariser: s, rules: rules, redacts: len(kinds)+len(p.Patterns) > 0, local: c.local(p.TrustedHosts)}, nil
}

// local says whether a configuration sends text to this machine only, or to a host of the list. Names are not resolved: who answers
// for a name is not the operator's word. Only localhost is this machine by definition (RFC 6761).
func (c Config) local(trusted []string) bool {
	if c.Provider == "" || c.Provider == "extractive" {
		return true
	}
	u, err := url.Parse(c.BaseURL)
	if err != nil || c.BaseURL == "" {
		return false
	}
	host := strings.ToLower(strings.TrimSuffix(u.Hostname(), "."))
	addr, err := netip.ParseAddr(host)
	if host == "localhost" || strings.HasSuffix(host, ".localhost") || err == nil && addr.Unmap().IsLoopback() {
		return true
	}
	return slices.ContainsFunc(trusted, func(t string) bool {
		if prefix, err := netip.ParsePrefix(t); err == nil {
			return addr.IsValid() && prefix.Contains(addr.Unmap())
		}
		return strings.EqualFold(strings.TrimSuffix(t, "."), host)
	})
}

type private struct {
	Summariser
	rules   *redact.Rules
	redacts bool
	local   bool
}

// KeepsLocal tells whether documents marked LocalOnly are summarised without the model of s, so that they need not wait for it.
func KeepsLocal(s Summariser) bool {
	p, ok := s.(*private)
	return ok && !p.local
}

// Check lets the checks of the summariser behind through.
func (p *private) Check(ctx context.Context) error {
	if c, ok := p.Summariser.(interface{ Check(context.Context) error }); ok {
		return c.Check(ctx)
	}
	return nil
}

// Summarise implements Summariser.
func (p *private) Summarise(ctx context.Context, d Document, cache Cache, progress func(done, total int)) (Summary, error) {
	d, hider, model, err := p.permit(d)
	switch {
	case err != nil:
		return Summary{}, err
	case !model:
		return Extractive{}.Summarise(ctx, d, cache, progress)
	}
	s, err := p.Summariser.Summarise(ctx, d, cache, progress)
	if hider != nil {
		s.restore(hider)
	}
	return s, err
}

// permit is what of a document the summariser behind may read; model is false where it may read nothing. hider, where not nil, puts back
// what was hidden.
func (p *private) permit(d Document) (_ Document, hider *redact.Document, model bool, err error) {
	switch {
	case p.local:
		return d, nil, true, nil
	case d.LocalOnly:
		d.Batch = nil
		return d, nil, false, nil
	case !p.redacts:
		return d, nil, true, nil
	}
	hider = p.rules.Document(d.Language)
	if err := hide(&d, hider); err != nil {
		return Document{}, nil, false, &Error{Code: CodeRedaction, Message: "nothing was sent to the model, because personal data in the document could not be hidden: summarise it with the extractive summariser", Err: err}
	}
	return d, hider, true, nil
}

// hide replaces d's texts by redacted ones. The pages of the caller stay as they are.
func hide(d *Document, hider *redact.Document) (err error) {
	pages := slices.Clone(d.Pages)
	for i := range pages {
		if pages[i].Text, err = hider.Hide(pages[i].Text); err != nil {
			return err
		}
	}
	if d.Title, err = hider.Hide(d.Title); err != nil {
		return err
	}
	d.Filename, err = hider.Hide(d.Filename)
	d.Pages, d.redacted = pages, true
	return err
}

// restore puts back what the model did not see. It works on the text of the parsed answer: what comes back is text and never form.
func (s *Summary) restore(hider *redact.Document) {
	s.Title = hider.Restore(s.Title)
	for i := range s.Blocks {
		b := &s.Blocks[i]
		b.Text = hider.Restore(b.Text)
		b.Runs = restoreRuns(b.Runs, hider)
		for _, rows := range append([][][]Run{b.Items, b.Header}, b.Rows...) {
			for j := range rows {
				rows[j] = restoreRuns(rows[j], hider)
			}
		}
	}
	for _, names := range [][]string{s.Entities.People, s.Entities.Organisations, s.Entities.Dates, s.Entities.Amounts} {
		for i := range names {
			names[i] = hider.Restore(names[i])
		}
	}
	s.Markdown = markdown.Write(s.Blocks)
	for _, n := range hider.Hidden() {
		s.Hidden += n
	}
}

func restoreRuns(runs []Run, hider *redact.Document) []Run {
	out := slices.Clone(runs)
	for i := range out {
		out[i].Text = hider.Restore(out[i].Text)
	}
	return out
}
