package wpclient

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// FileBody is a document on its way. The caller closes it.
type FileBody struct {
	io.ReadCloser
	Offset    int64  // of the first byte that comes; 0 when the site sent the whole file in spite of an offset
	Total     int64  // size of the whole file, -1 when the site did not tell
	SHA256    string // hex digest of the whole file, signed by the site
	Resumable bool   // the site takes an offset
}

// File opens the document of a lease at offset. A body that starts at 0 is checked against the signed digest when it
// ends; where it starts later, the caller, who has the first part, compares with SHA256. Reading fails with a
// Transient error when no byte comes for Options.Timeout.
func (c *Client) File(ctx context.Context, ref LeaseRef, offset int64) (FileBody, error) {
	const op = "download"
	route := "/aidoc/v1/jobs/" + strconv.FormatInt(ref.JobID, 10) + "/file"
	header := http.Header{
		"X-Aidoc-Lease": {fmt.Sprintf("%d:%s", ref.Epoch, ref.LeaseToken)},
		"Accept":        {"*/*"},
	}
	if offset > 0 {
		header.Set("Range", fmt.Sprintf("bytes=%d-", offset))
	}
	ctx, r := c.transfer(ctx, op)
	resp, err := c.send(ctx, op, http.MethodGet, route, nil, header)
	if err == nil {
		var body FileBody
		if body, err = c.openFile(op, resp, offset); err == nil {
			r.resp, r.whole = resp, body
			body.ReadCloser = r
			return body, nil
		}
		resp.Body.Close()
	}
	r.end()
	return FileBody{}, err
}

// openFile verifies the headers of a file answer, or the whole of an error.
func (c *Client) openFile(op string, resp *http.Response, offset int64) (FileBody, error) {
	if resp.StatusCode != http.StatusOK && resp.StatusCode != http.StatusPartialContent {
		_, err := c.verifyAnswer(op, resp)
		if err == nil {
			err = c.answerError(op, resp, CodeNotJSON, "sent something else than the document", nil)
		}
		return FileBody{}, err
	}
	if resp.Header.Get("Signature") == "" { // a page in the document's place: worth naming
		_, err := c.verifyAnswer(op, resp)
		return FileBody{}, err
	}
	if enc := resp.Header.Get("Content-Encoding"); enc != "" && enc != "identity" {
		return FileBody{}, c.answerError(op, resp, CodeCompressed, "sent a compressed document that was not asked for: exclude /wp-json/ from the cache or proxy in front of it", nil)
	}
	sig, bad := c.authenticate(resp)
	if bad != "" {
		return FileBody{}, c.unsigned(op, resp, nil, bad)
	}
	if err := c.classify(op, resp, sig, nil); err != nil {
		return FileBody{}, err
	}
	body := FileBody{Total: resp.ContentLength, Resumable: resp.Header.Get("Accept-Ranges") == "bytes"}
	field := resp.Header.Get(hdrDigest)
	if resp.StatusCode == http.StatusPartialContent {
		field = resp.Header.Get(hdrReprDigest)
		total, ok := contentRange(resp.Header.Get("Content-Range"), offset)
		if !ok {
			return FileBody{}, c.answerError(op, resp, CodeTruncated, "sent another part of the document than was asked for", nil)
		}
		body.Offset, body.Total, body.Resumable = offset, total, true
	}
	body.SHA256 = hexDigest(field)
	return body, nil
}

// contentRange takes "bytes <offset>-<last>/<total>", with "*" for an unknown total.
func contentRange(v string, offset int64) (total int64, ok bool) {
	rest, ok := strings.CutPrefix(v, fmt.Sprintf("bytes %d-", offset))
	last, size, found := strings.Cut(rest, "/")
	if !ok || !found {
		return 0, false
	}
	end, err := strconv.ParseInt(last, 10, 64)
	if err != nil || end < offset {
		return 0, false
	}
	if size == "*" {
		return -1, true
	}
	total, err = strconv.ParseInt(size, 10, 64)
	return total, err == nil && total == end+1
}

func hexDigest(field string) string {
	b, err := base64.StdEncoding.DecodeString(strings.Trim(strings.TrimPrefix(field, "sha-256="), ":"))
	if err != nil {
		return ""
	}
	return hex.EncodeToString(b)
}

// fileReader names what breaks a download, notices a silent connection, and holds a whole body against its digest.
type fileReader struct {
	c      *Client
	op     string
	resp   *http.Response
	idle   *time.Timer
	cancel context.CancelCauseFunc
	whole  FileBody
	sum    hash.Hash
}

// transfer prepares a reader and the context of its request, which ends when no byte comes for Options.Timeout. The caller sets resp and
// whole, or ends it.
func (c *Client) transfer(ctx context.Context, op string) (context.Context, *fileReader) {
	ctx, cancel := context.WithCancelCause(ctx)
	idle := time.AfterFunc(c.opt.Timeout, func() { cancel(context.DeadlineExceeded) })
	return ctx, &fileReader{c: c, op: op, idle: idle, cancel: cancel, sum: sha256.New()}
}

func (r *fileReader) end() {
	r.idle.Stop()
	r.cancel(nil)
}

func (r *fileReader) Read(p []byte) (int, error) {
	r.idle.Reset(r.c.opt.Timeout)
	n, err := r.resp.Body.Read(p)
	r.sum.Write(p[:n])
	switch {
	case err == nil:
		return n, nil
	case err != io.EOF:
		if cause := context.Cause(r.resp.Request.Context()); cause != nil {
			return n, r.c.networkError(r.op, cause)
		}
		return n, r.c.answerError(r.op, r.resp, CodeTruncated, "broke off in the middle of a document; the agent continues where it stopped", err)
	case r.whole.Offset == 0 && hex.EncodeToString(r.sum.Sum(nil)) != r.whole.SHA256:
		return n, r.c.answerError(r.op, r.resp, CodeDigestMismatch, "sent a document that was changed on its way or on its disk; the agent asks again", nil)
	}
	return n, io.EOF
}

func (r *fileReader) Close() error {
	defer r.end()
	return r.resp.Body.Close()
}
