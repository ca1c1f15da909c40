package pipeline

import (
	"context"
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/agent/failure"
	"github.com/aidoc-pipeline/aidoc-agent/agent/fetch"
	"github.com/aidoc-pipeline/aidoc-agent/internal/backoff"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
)

// download spools the document, unless the journal already knows every page of these very bytes.
func (j *job) download(ctx context.Context) error {
	j.begin(ctx, j.lease.SHA256)
	if j.sha256 != "" && j.reading().complete(ctx) {
		j.log.Info("every page is in the journal; nothing to download")
		return nil
	}
	if j.sha256 != "" && j.takeShared(ctx) {
		j.log.Info("every page was shared by an agent of this site; nothing to download")
		return nil
	}
	return j.spoolFile(ctx)
}

// spoolFile brings the document to this machine.
func (j *job) spoolFile(ctx context.Context) error {
	open, err := j.source()
	if err != nil {
		return err
	}
	end, err := j.turns.Download(ctx)
	if err != nil {
		return err
	}
	defer end()
	defer j.timings.since("download", time.Now())
	j.file, err = fetch.Fetch(ctx, fetch.Request{
		Open: open,
		// A site that is away for a while costs time, not an attempt: the fence of the lease ends the
		// waiting when there is no more point in it.
		Tries:    1000,
		Wait:     j.waitTurn,
		Dir:      j.spoolDir(),
		MaxBytes: j.env.MaxBytes,
		SHA256:   j.lease.SHA256,
		Progress: func(done, total int64) { j.h.Progress("download", percent(done, total), 100) },
	})
	if err != nil {
		return err
	}
	if j.sha256 == "" { // offloaded media, whose digest the site could not know
		j.begin(ctx, j.file.SHA256)
	}
	return nil
}

// begin is called when the document's digest is known; the site may not know it.
func (j *job) begin(ctx context.Context, sha256 string) {
	j.sha256 = sha256
	if sha256 != "" {
		j.hand.Adopt(ctx, sha256, j.reading())
	}
}

// source is where this lease's bytes come from.
func (j *job) source() (fetch.Opener, error) {
	if j.lease.Source.Kind == "" || j.lease.Source.Kind == "site" {
		return j.openPublicFirst(), nil
	}
	if j.env.Open == nil {
		return nil, &failure.Failure{Permanent: true, Code: string(fetch.CodeNotAllowed),
			Message: "The document lies outside WordPress and this agent is not allowed to fetch it from there."}
	}
	return j.env.Open(j.lease.Source)
}

// openPublicFirst asks the site's web server once, and the file route from then on: that one resumes what broke off, and says why if there is
// no such document any more.
func (j *job) openPublicFirst() fetch.Opener {
	asked := false
	return func(ctx context.Context, offset int64) (fetch.Body, error) {
		if !asked && offset == 0 {
			asked = true
			if b, ok := j.env.Client.PublicFile(ctx, j.lease); ok {
				return fetch.Body{ReadCloser: b, Total: b.Total, Resumable: b.Resumable}, nil
			}
		}
		return j.openFromSite(ctx, offset)
	}
}

// openFromSite reads the site's file route from offset on.
func (j *job) openFromSite(ctx context.Context, offset int64) (fetch.Body, error) {
	b, err := j.env.Client.File(ctx, j.lease.Ref(), offset)
	switch wpclient.CodeOf(err) {
	case wpclient.CodeNoSuchRange:
		if offset > 0 { // whatever was wrong about what came so far
			return j.openFromSite(ctx, 0)
		}
	case wpclient.CodeLeaseLost, wpclient.CodeCancelled, wpclient.CodeSource, wpclient.CodeJobUnknown:
		// No signature covers the header that names the lease. Only the answer to a beat can end the work.
		j.session.BeatSoon()
	}
	if err != nil {
		return fetch.Body{}, err
	}
	return j.sized(fetch.Body{ReadCloser: b, Offset: b.Offset, Total: b.Total, Resumable: b.Resumable})
}

// sized holds the length that a download announces, which nobody signs, against the lease: a wrong one must not make the
// document too large for this agent.
func (j *job) sized(b fetch.Body) (fetch.Body, error) {
	want := j.lease.Bytes
	if want > 0 && b.Total < 0 {
		b.Total = want
	}
	if want > 0 && b.Total != want {
		b.Close()
		return fetch.Body{}, fmt.Errorf("the site announced %d bytes in place of %d", b.Total, want)
	}
	return b, nil
}

// spoolDir is private to this lease: a document may bring files of its own (HTML resources), and
// must not see another's. The site's words are hashed: what it sends must not choose a path.
func (j *job) spoolDir() string {
	sum := sha256.Sum256([]byte(j.env.Site + "\x00" + j.lease.TraceID))
	return filepath.Join(j.env.WorkDir, fmt.Sprintf("%d-%d-%x", j.lease.JobID, j.lease.Epoch, sum[:6]))
}

// waitTurn pauses between tries of a download: the shortest wait at first, ten times that at the most.
func (j *job) waitTurn(ctx context.Context, try int) error {
	if !backoff.Sleep(ctx, backoff.Jitter(time.Duration(min(try, 10))*j.env.RetryMin, 0.2)) {
		return context.Cause(ctx)
	}
	return nil
}

func percent(done, total int64) int {
	if total <= 0 {
		return 0
	}
	return int(min(100, done*100/total))
}

// cleanup removes the spooled document.
func (j *job) cleanup() {
	if j.file.Path == "" {
		return
	}
	if err := os.RemoveAll(filepath.Dir(j.file.Path)); err != nil {
		j.log.Warn("spooled document was not removed", "error", err.Error())
	}
}
