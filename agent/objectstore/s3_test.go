package objectstore_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/iotest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"

	"github.com/aidoc-pipeline/aidoc-agent/agent/objectstore"
	"github.com/aidoc-pipeline/aidoc-agent/agent/objectstore/storetest"
)

const (
	bucket    = "docs"
	testKeyID = "AKIATEST"
	testKey   = "test-secret"
)

func TestMain(m *testing.M) {
	log.SetOutput(io.Discard) // the upload manager logs to it
	// The machine's own AWS settings must not reach the tests.
	for _, v := range os.Environ() {
		if name, _, _ := strings.Cut(v, "="); strings.HasPrefix(name, "AWS_") {
			_ = os.Unsetenv(name)
		}
	}
	_ = os.Setenv("AWS_EC2_METADATA_DISABLED", "true")
	_ = os.Setenv("AWS_CONFIG_FILE", os.DevNull)
	_ = os.Setenv("AWS_SHARED_CREDENTIALS_FILE", os.DevNull)
	os.Exit(m.Run())
}

// server is an S3 server with a client of its own for looking behind the store's back.
type server struct {
	url string
	raw *s3.Client
}

func client(url, id, secret string) *s3.Client {
	return s3.New(s3.Options{BaseEndpoint: aws.String(url), UsePathStyle: true, Region: "us-east-1",
		Credentials: credentials.NewStaticCredentialsProvider(id, secret, "")})
}

// fakeServer is gofakes3 with one bucket.
func fakeServer(t *testing.T) *server {
	t.Helper()
	backend := s3mem.New()
	if err := backend.CreateBucket(bucket); err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(gofakes3.New(backend, gofakes3.WithLogger(gofakes3.DiscardLog())).Server())
	t.Cleanup(srv.Close)
	return &server{url: srv.URL, raw: client(srv.URL, testKeyID, testKey)}
}

func (s *server) open(t *testing.T, change ...func(*objectstore.S3Options)) *objectstore.S3 {
	t.Helper()
	o := objectstore.S3Options{Bucket: bucket, Endpoint: s.url, PathStyle: true, AccessKeyID: testKeyID, SecretAccessKey: testKey, MaxAttempts: 1, RetryWait: time.Millisecond, PartBytes: 5 << 20}
	for _, f := range change {
		f(&o)
	}
	store, err := objectstore.OpenS3(bg, o)
	if err != nil {
		t.Fatal(err)
	}
	return store
}

// unfinished counts the multipart uploads that were neither completed nor aborted.
func (s *server) unfinished(t *testing.T, bucket string) int {
	t.Helper()
	out, err := s.raw.ListMultipartUploads(bg, &s3.ListMultipartUploadsInput{Bucket: aws.String(bucket)})
	if err != nil {
		t.Fatal(err)
	}
	return len(out.Uploads)
}

func TestS3Conformance(t *testing.T) {
	t.Parallel()
	var current *server
	storetest.Run(t, storetest.Suite{
		New: func(t *testing.T) objectstore.Store {
			current = fakeServer(t)
			return current.open(t, func(o *objectstore.S3Options) { o.Prefix = "/team/a/" })
		},
		Leftovers: func(t *testing.T, _ objectstore.Store) int { return current.unfinished(t, bucket) },
		Big:       11 << 20,
	})
}

func TestS3PrefixesAreApart(t *testing.T) {
	t.Parallel()
	srv := fakeServer(t)
	a := srv.open(t, func(o *objectstore.S3Options) { o.Prefix = "a" })
	ab := srv.open(t, func(o *objectstore.S3Options) { o.Prefix = "ab" })
	for _, s := range []*objectstore.S3{a, ab} {
		if err := s.Put(bg, "k", strings.NewReader(s.String()), -1, ""); err != nil {
			t.Fatal(err)
		}
	}
	for _, s := range []*objectstore.S3{a, ab} {
		n := 0
		for info, err := range s.List(bg, "") {
			n++
			if err != nil || info.Key != "k" {
				t.Errorf("%s: %+v, %v", s, info, err)
			}
		}
		if n != 1 {
			t.Errorf("%s lists %d objects", s, n)
		}
	}
	if a.String() != "s3://docs/a" {
		t.Error(a.String())
	}
}

func TestS3ListsManyPages(t *testing.T) {
	t.Parallel()
	srv := fakeServer(t)
	s := srv.open(t)
	const many = 1005 // a page has at most 1000
	for i := range many {
		if _, err := srv.raw.PutObject(bg, &s3.PutObjectInput{Bucket: aws.String(bucket), Key: aws.String(fmt.Sprintf("p/%05d", i)), Body: bytes.NewReader(nil)}); err != nil {
			t.Fatal(err)
		}
	}
	n := 0
	for info, err := range s.List(bg, "p/") {
		if err != nil || info.Key != fmt.Sprintf("p/%05d", n) {
			t.Fatalf("%d: %+v, %v", n, info, err)
		}
		n++
	}
	if n != many {
		t.Errorf("%d of %d", n, many)
	}
}

// recorder keeps what was asked and lets a test answer in the server's place.
type recorder struct {
	mu      sync.Mutex
	seen    []*http.Request
	bodies  [][]byte                           // of seen; kept where through is set
	answer  func(*http.Request) *http.Response // nil result: pass on
	through http.RoundTripper                  // nil: the usual way
}

func (r *recorder) RoundTrip(req *http.Request) (*http.Response, error) {
	r.mu.Lock()
	r.seen = append(r.seen, req)
	if r.through != nil {
		var b []byte
		if req.Body != nil {
			b, _ = io.ReadAll(req.Body)
			_ = req.Body.Close()
			req.Body = io.NopCloser(bytes.NewReader(b))
		}
		r.bodies = append(r.bodies, b)
	}
	var res *http.Response
	if r.answer != nil {
		res = r.answer(req)
	}
	r.mu.Unlock()
	if res != nil {
		if req.Body != nil {
			_, _ = io.Copy(io.Discard, req.Body)
			_ = req.Body.Close()
		}
		res.Request, res.ProtoMajor = req, 1
		return res, nil
	}
	if r.through != nil {
		return r.through.RoundTrip(req)
	}
	return http.DefaultTransport.RoundTrip(req)
}

func xmlAnswer(status int, code string) *http.Response {
	body := fmt.Sprintf(`<?xml version="1.0"?><Error><Code>%s</Code><Message>m</Message><RequestId>r</RequestId></Error>`, code)
	return &http.Response{StatusCode: status, Header: http.Header{"Content-Type": {"application/xml"}}, Body: io.NopCloser(strings.NewReader(body))}
}

// What is sent is what every compatible server understands.
func TestS3RequestsAreCompatible(t *testing.T) {
	t.Parallel()
	srv := fakeServer(t)
	rec := &recorder{}
	s := srv.open(t, func(o *objectstore.S3Options) { o.Transport, o.SSE = rec, "AES256" })
	for _, size := range []int{100, 6 << 20} {
		if err := s.Put(bg, "k", bytes.NewReader(make([]byte, size)), int64(size), "text/markdown; charset=utf-8"); err != nil {
			t.Fatal(err)
		}
	}
	if info, err := s.Stat(bg, "k"); err != nil || info.ContentType != "text/markdown; charset=utf-8" {
		t.Errorf("%+v, %v", info, err)
	}
	writes := 0
	for _, r := range rec.seen {
		if r.Header.Get("X-Amz-Trailer") != "" || strings.Contains(r.Header.Get("X-Amz-Content-Sha256"), "STREAMING") || strings.Contains(r.Header.Get("Content-Encoding"), "aws-chunked") {
			t.Errorf("%s %s uses trailing checksums: %v", r.Method, r.URL, r.Header)
		}
		if !strings.HasPrefix(r.URL.Path, "/docs/") {
			t.Errorf("not path style: %s", r.URL)
		}
		begins := r.Method == "PUT" && r.URL.Query().Get("uploadId") == "" || r.Method == "POST" && r.URL.Query().Has("uploads")
		if begins {
			writes++
			if r.Header.Get("X-Amz-Server-Side-Encryption") != "AES256" {
				t.Errorf("%s %s asks for no encryption", r.Method, r.URL)
			}
		}
	}
	if writes != 2 {
		t.Errorf("%d writes seen", writes)
	}
}

// Each answer of a server becomes one kind, with a sentence that helps.
func TestS3Errors(t *testing.T) {
	t.Parallel()
	srv := fakeServer(t)
	for _, c := range []struct {
		status    int
		code      string
		kind      error
		retryable bool
		says      string
	}{
		{403, "InvalidAccessKeyId", objectstore.ErrAccessDenied, false, "AWS_ACCESS_KEY_ID"},
		{403, "SignatureDoesNotMatch", objectstore.ErrAccessDenied, false, "AWS_SECRET_ACCESS_KEY"},
		{403, "AccessDenied", objectstore.ErrAccessDenied, false, "s3:PutObject"},
		{403, "RequestTimeTooSkewed", objectstore.ErrClockSkew, true, "clock"},
		{401, "Whatever", objectstore.ErrAccessDenied, false, "AWS_ACCESS_KEY_ID"},
		{404, "NoSuchBucket", objectstore.ErrNoBucket, false, "no bucket docs"},
		{404, "NoSuchKey", objectstore.ErrNotFound, false, ""},
		{301, "PermanentRedirect", objectstore.ErrWrongRegion, false, "region"},
		{400, "AuthorizationHeaderMalformed", objectstore.ErrWrongRegion, false, "store.s3.region"},
		{302, "Gibberish", objectstore.ErrWrongRegion, false, "region"},
		{429, "Gibberish", objectstore.ErrBusy, true, ""},
		{503, "SlowDown", objectstore.ErrBusy, true, ""},
		{500, "InternalError", objectstore.ErrBusy, true, ""},
		{502, "Gibberish", objectstore.ErrBusy, true, ""},
		{507, "XMinioStorageFull", objectstore.ErrFull, true, "no space left"},
		{404, "XAdminUserNotFound", objectstore.ErrAccessDenied, false, "AWS_ACCESS_KEY_ID"},
		{400, "InvalidRequest", objectstore.ErrInternal, false, ""},
	} {
		s := srv.open(t, func(o *objectstore.S3Options) {
			o.Transport = &recorder{answer: func(*http.Request) *http.Response { return xmlAnswer(c.status, c.code) }}
		})
		_, _, getErr := s.Get(bg, "k")
		var listErr error
		for _, err := range s.List(bg, "") {
			listErr = err
		}
		for op, err := range map[string]error{
			"put": s.Put(bg, "k", strings.NewReader("x"), 1, ""), "big put": s.Put(bg, "k", bytes.NewReader(make([]byte, 6<<20)), 6<<20, ""),
			"get": getErr, "list": listErr,
		} {
			if !errors.Is(err, c.kind) || storetest.Retryable(err) != c.retryable || !strings.Contains(err.Error(), c.says) {
				t.Errorf("%d %s, %s: %v (retryable %v)", c.status, c.code, op, err, storetest.Retryable(err))
			}
			if err != nil && strings.Contains(err.Error(), testKey) {
				t.Errorf("the secret is in the error: %v", err)
			}
		}
	}
}

func TestS3NotAServer(t *testing.T) {
	t.Parallel()
	page := func(status int) func(*http.Request) *http.Response {
		return func(*http.Request) *http.Response {
			return &http.Response{StatusCode: status, Header: http.Header{"Content-Type": {"text/html"}}, Body: io.NopCloser(strings.NewReader("<html>Welcome to nginx!</html>"))}
		}
	}
	srv := fakeServer(t)
	for status, kind := range map[int]error{200: objectstore.ErrUnreachable, 403: objectstore.ErrAccessDenied, 502: objectstore.ErrBusy} {
		s := srv.open(t, func(o *objectstore.S3Options) { o.Transport = &recorder{answer: page(status)} })
		var err error
		for _, e := range s.List(bg, "") {
			err = e
		}
		if !errors.Is(err, kind) {
			t.Errorf("a web page with %d: %v", status, err)
		}
		if err := s.Put(bg, "k", strings.NewReader("x"), 1, ""); !errors.Is(err, kind) {
			t.Errorf("a web page with %d took an object: %v", status, err)
		}
		if err := s.Check(bg); err == nil {
			t.Errorf("a web page with %d passed the check", status)
		}
	}
}

func TestS3Unreachable(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = l.Close() // nobody listens there now
	s := (&server{url: "http://" + l.Addr().String()}).open(t)
	err = s.Check(bg)
	if !errors.Is(err, objectstore.ErrUnreachable) || !storetest.Retryable(err) || !strings.Contains(err.Error(), "store.s3.endpoint") {
		t.Errorf("nobody there: %v", err)
	}
	s = (&server{url: "http://no-such-host.invalid"}).open(t)
	if err := s.Check(bg); !errors.Is(err, objectstore.ErrUnreachable) {
		t.Errorf("no such host: %v", err)
	}
}

func TestS3RetriesFaults(t *testing.T) {
	t.Parallel()
	srv := fakeServer(t)
	var faults atomic.Int32
	s := srv.open(t, func(o *objectstore.S3Options) {
		o.MaxAttempts = 3
		o.Transport = &recorder{answer: func(*http.Request) *http.Response {
			if faults.Add(1) == 1 {
				return xmlAnswer(503, "SlowDown")
			}
			return nil
		}}
	})
	if err := s.Put(bg, "k", io.MultiReader(strings.NewReader("whole")), -1, ""); err != nil { // cannot seek
		t.Fatal(err)
	}
	r, _, err := s.Get(bg, "k")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if b, err := io.ReadAll(r); err != nil || string(b) != "whole" {
		t.Errorf("after a retry the object is %q, %v", b, err)
	}
}

func TestS3Credentials(t *testing.T) {
	srv := fakeServer(t)
	rec := &recorder{}
	chain := func(o *objectstore.S3Options) { o.AccessKeyID, o.SecretAccessKey, o.Transport = "", "", rec }
	err := srv.open(t, chain).Check(bg)
	if !errors.Is(err, objectstore.ErrAccessDenied) || !strings.Contains(err.Error(), "no AWS keys") {
		t.Errorf("without any keys: %v", err)
	}
	t.Setenv("AWS_ACCESS_KEY_ID", "AKIAFROMENV")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "x")
	t.Setenv("AWS_REGION", "eu-central-1")
	if err := srv.open(t, chain).Check(bg); err != nil {
		t.Fatal(err)
	}
	last := rec.seen[len(rec.seen)-1].Header.Get("Authorization")
	if !strings.Contains(last, "AKIAFROMENV/") || !strings.Contains(last, "/eu-central-1/s3/") {
		t.Errorf("signed with %s", last)
	}
}

func TestS3Config(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]objectstore.S3Options{"no bucket": {}, "bad prefix": {Bucket: "b", Prefix: "a/../b"}} {
		if _, err := objectstore.OpenS3(context.Background(), o); !errors.Is(err, objectstore.ErrConfig) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if out := fmt.Sprintf("%v %+v %#v", objectstore.S3Options{SecretAccessKey: "hush"}, objectstore.S3Options{SecretAccessKey: "hush"}, objectstore.S3Options{SecretAccessKey: "hush"}); strings.Contains(out, "hush") {
		t.Error(out)
	}
}

// A cache in front of the server that answers with something else than was stored.
func TestS3OtherDataThanWasStored(t *testing.T) {
	t.Parallel()
	srv := fakeServer(t)
	s := srv.open(t, func(o *objectstore.S3Options) {
		o.Transport = &recorder{answer: func(r *http.Request) *http.Response {
			if r.Method != http.MethodGet {
				return nil
			}
			return &http.Response{StatusCode: 200, Header: http.Header{}, ContentLength: 5, Body: io.NopCloser(strings.NewReader("other"))}
		}}
	})
	if err := s.Check(bg); !errors.Is(err, objectstore.ErrCorrupt) || storetest.Retryable(err) {
		t.Error(err)
	}
}

// The connection breaks in the middle of an object.
func TestS3BrokenOff(t *testing.T) {
	t.Parallel()
	srv := fakeServer(t)
	s := srv.open(t, func(o *objectstore.S3Options) {
		o.Transport = &recorder{answer: func(*http.Request) *http.Response {
			return &http.Response{StatusCode: 200, Header: http.Header{}, ContentLength: 10,
				Body: io.NopCloser(io.MultiReader(strings.NewReader("half"), iotest.ErrReader(io.ErrUnexpectedEOF)))}
		}}
	})
	r, _, err := s.Get(bg, "k")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if _, err := io.ReadAll(r); !errors.Is(err, objectstore.ErrUnreachable) || !storetest.Retryable(err) {
		t.Error(err)
	}
}
