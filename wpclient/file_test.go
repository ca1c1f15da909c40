package wpclient_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient/wptest"
)

func quiet() *log.Logger { return log.New(io.Discard, "", 0) }

func TestFileFromAnOffset(t *testing.T) {
	s := wptest.New(t)
	c := client(t, s, wpclient.Options{})
	lease := leaseOne(t, s, c, "0123456789")
	f, err := c.File(ctx(t), lease.Ref(), 4)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	data, err := io.ReadAll(f)
	if err != nil || string(data) != "456789" || f.Offset != 4 || f.Total != 10 || !f.Resumable || f.SHA256 != lease.SHA256 {
		t.Fatalf("%q, %+v, %v", data, f, err)
	}
	if _, err := c.File(ctx(t), lease.Ref(), 10); !wpclient.IsTransient(err) || wpclient.CodeOf(err) != wpclient.CodeNoSuchRange {
		t.Errorf("offset past the end: %v", err)
	}
}

func TestFileGone(t *testing.T) {
	s := wptest.New(t)
	c := client(t, s, wpclient.Options{})
	lease := leaseOne(t, s, c, "x")
	s.RemoveFile(lease.JobID)
	_, err := c.File(ctx(t), lease.Ref(), 0)
	if e := theError(t, err); e.Kind != wpclient.NotFound || e.Code != wpclient.CodeFileMissing || !e.Signed {
		t.Errorf("%+v", e)
	}
	_, err = c.File(ctx(t), wpclient.LeaseRef{JobID: 999999, Epoch: 1, LeaseToken: lease.LeaseToken}, 0)
	if e := theError(t, err); e.Kind != wpclient.Transient || e.Code != wpclient.CodeJobUnknown { // a beat says so for good
		t.Errorf("%+v", e)
	}
}

// No byte of another document reaches the caller as if it were the site's.
func TestFileFaults(t *testing.T) {
	for kind, code := range map[wptest.FaultKind]string{
		wptest.HTML200: wpclient.CodeUnsigned, wptest.HTML403: wpclient.CodeUnsigned, wptest.BadGateway: wpclient.CodeUnsigned,
		wptest.Empty: wpclient.CodeUnsigned, wptest.Unsigned: wpclient.CodeUnsigned, wptest.Forged: wpclient.CodeSignatureInvalid,
		wptest.Cached: wpclient.CodeSignatureInvalid, wptest.DropAnswer: wpclient.CodeUnreachable, wptest.Huge: wpclient.CodeTooLarge,
	} {
		t.Run(string(kind), func(t *testing.T) {
			s := wptest.New(t)
			c := client(t, s, wpclient.Options{})
			lease := leaseOne(t, s, c, "0123456789")
			s.Fault(func(*http.Request) wptest.Fault { return wptest.Fault{Kind: kind} })
			_, err := c.File(ctx(t), lease.Ref(), 0)
			if e := theError(t, err); e.Kind != wpclient.Transient || e.Code != code {
				t.Errorf("%+v", e)
			}
		})
	}
}

func TestFileBreaksOffOrIsChanged(t *testing.T) {
	for kind, code := range map[wptest.FaultKind]string{wptest.Truncate: wpclient.CodeTruncated, wptest.WrongBody: wpclient.CodeDigestMismatch} {
		s := wptest.New(t)
		c := client(t, s, wpclient.Options{})
		lease := leaseOne(t, s, c, strings.Repeat("0123456789", 10000))
		s.FaultOnce("/file", wptest.Fault{Kind: kind})
		f, err := c.File(ctx(t), lease.Ref(), 0)
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(f)
		f.Close()
		if e := theError(t, err); e.Kind != wpclient.Transient || e.Code != code {
			t.Errorf("%s: %+v", kind, e)
		}
		if kind == wptest.Truncate && len(data) != 50000 {
			t.Errorf("%s: kept %d bytes", kind, len(data))
		}
	}
}

// A connection that goes silent in the middle of a document ends by itself; one that trickles does not.
func TestFileIdleTimeout(t *testing.T) {
	release := make(chan struct{})
	c := signedServer(t, wpclient.Options{Timeout: 50 * time.Millisecond}, 200, nil, func(w http.ResponseWriter) {
		w.Write([]byte("0123"))
		w.(http.Flusher).Flush()
		<-release
	})
	defer close(release)
	f, err := c.File(ctx(t), wpclient.LeaseRef{JobID: 1}, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	data, err := io.ReadAll(f)
	if e := theError(t, err); e.Kind != wpclient.Transient || e.Code != wpclient.CodeTimeout || string(data) != "0123" {
		t.Errorf("%q, %+v", data, e)
	}
}

func TestFileThatTrickles(t *testing.T) {
	c := signedServer(t, wpclient.Options{Timeout: 400 * time.Millisecond}, 200, nil, func(w http.ResponseWriter) {
		tick := time.NewTicker(120 * time.Millisecond)
		defer tick.Stop()
		for _, b := range []byte("012345") {
			<-tick.C
			w.Write([]byte{b})
			w.(http.Flusher).Flush()
		}
	})
	f, err := c.File(ctx(t), wpclient.LeaseRef{JobID: 1}, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	// The digest is another document's: that it is this which ends the read shows that all bytes came.
	if data, err := io.ReadAll(f); string(data) != "012345" || wpclient.CodeOf(err) != wpclient.CodeDigestMismatch {
		t.Errorf("%q, %v", data, err)
	}
}

func TestFileCancelled(t *testing.T) {
	stop, cancel := context.WithCancel(context.Background())
	release := make(chan struct{})
	c := signedServer(t, wpclient.Options{}, 200, nil, func(w http.ResponseWriter) {
		w.Write([]byte("0123"))
		w.(http.Flusher).Flush()
		<-release
	})
	defer close(release)
	f, err := c.File(stop, wpclient.LeaseRef{JobID: 1}, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	io.ReadFull(f, make([]byte, 4))
	cancel()
	if _, err := f.Read(make([]byte, 1)); !errors.Is(err, context.Canceled) || !wpclient.IsTransient(err) {
		t.Errorf("%v", err)
	}
}

func TestContentRange(t *testing.T) {
	for v, ok := range map[string]bool{
		"bytes 4-9/10": true, "bytes 4-9/*": true,
		"bytes 0-9/10": false, "bytes 5-9/10": false, "bytes 4-8/10": false, "bytes 4-9/9": false, "bytes 4-3/4": false,
		"": false, "bytes 4-9": false, "bytes 4-x/10": false, "items 4-9/10": false, "bytes */10": false,
	} {
		c := signedServer(t, wpclient.Options{}, 206, http.Header{"Content-Range": {v}}, func(w http.ResponseWriter) { w.Write([]byte("456789")) })
		f, err := c.File(ctx(t), wpclient.LeaseRef{JobID: 1}, 4)
		if (err == nil) != ok {
			t.Errorf("%q: %v", v, err)
		}
		if err == nil {
			f.Close()
		} else if !wpclient.IsTransient(err) {
			t.Errorf("%q: %v", v, err)
		}
	}
}

// signedServer signs whatever it is told to send, well: the client must look beyond the signature.
func signedServer(t *testing.T, opt wpclient.Options, status int, header http.Header, write func(http.ResponseWriter)) *wpclient.Client {
	t.Helper()
	key := wpclient.Key{KeyID: "ak_0123456789abcdef01234567", Secret: bytes.Repeat([]byte{1}, 64)}
	digest := "sha-256=:RBNvo1WzZ4oRRq0W9+hknpT7T8If536DEMBg9hyq/4o=:"
	base := rawClient(t, func(w http.ResponseWriter, r *http.Request) {
		for name, v := range header {
			w.Header()[name] = v
		}
		wptest.SignAnswer(w.Header(), wptest.TagResponse, key.KeyID, key.Secret, r.Header.Get("Signature"), status, digest, time.Now())
		w.WriteHeader(status)
		write(w)
	})
	return clientFor(t, base.Site(), key, opt)
}
