package fetch

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"

	"github.com/aidoc-pipeline/aidoc-agent/internal/s3client"
)

func s3Client(url string) *s3.Client {
	return s3.New(s3.Options{Region: "eu-central-1", BaseEndpoint: &url, UsePathStyle: true, RetryMaxAttempts: 1,
		Credentials: credentials.NewStaticCredentialsProvider("AKIDEXAMPLE", "s3cr3t", ""), HTTPClient: &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}})
}

func fetchS3(t *testing.T, s S3, key string, data []byte) (File, error) {
	t.Helper()
	open, err := s.Opener("scans", key, "")
	if err != nil {
		return File{}, err
	}
	return Fetch(context.Background(), Request{Open: open, Dir: filepath.Join(t.TempDir(), "job"), SHA256: digest(data), MaxBytes: 1 << 20,
		Tries: 3, Wait: func(context.Context, int) error { return nil }})
}

func TestS3(t *testing.T) {
	backend := s3mem.New()
	srv := httptest.NewServer(gofakes3.New(backend).Server())
	defer srv.Close()
	data := document(300_000)
	if err := backend.CreateBucket("scans"); err != nil {
		t.Fatal(err)
	}
	c := s3Client(srv.URL)
	if _, err := c.PutObject(context.Background(), &s3.PutObjectInput{Bucket: aws.String("scans"), Key: aws.String("a/Scan 1.pdf"), Body: bytes.NewReader(data)}); err != nil {
		t.Fatal(err)
	}
	s := S3{API: c, AllowBuckets: []string{"scans"}}
	if f, err := fetchS3(t, s, "a/Scan 1.pdf", data); err != nil || f.Bytes != 300_000 {
		t.Errorf("%+v, %v", f, err)
	}
	_, err := fetchS3(t, s, "gone.pdf", data)
	var e *Error
	if !errors.As(err, &e) || e.Code != CodeNotFound || e.Retryable() {
		t.Errorf("missing object: %v", err)
	}
}

func TestS3Allowed(t *testing.T) {
	s := S3{AllowBuckets: []string{"scans", ""}}
	for _, b := range []string{"", "scan", "scans2", "SCANS", "scans/../other"} {
		if _, err := s.Opener(b, "k", ""); err == nil {
			t.Errorf("%q allowed", b)
		}
	}
	if _, err := s.Opener("scans", "", ""); err == nil {
		t.Error("no key allowed")
	}
}

// A transfer that breaks goes on under If-Match, and starts again when the object was replaced meanwhile.
func TestS3Resume(t *testing.T) {
	data, other := document(300_000), bytes.Repeat([]byte{9}, 200_000)
	for name, replaced := range map[string]bool{"same object": false, "replaced": true} {
		t.Run(name, func(t *testing.T) {
			calls := 0
			srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				calls++
				switch {
				case calls == 1:
					w.Header().Set("ETag", `"v1"`)
					w.Header().Set("Content-Length", fmt.Sprint(len(data)))
					w.Write(data[:100_000])
					w.(http.Flusher).Flush()
					panic(http.ErrAbortHandler)
				case replaced && r.Header.Get("If-Match") == `"v1"`:
					w.WriteHeader(http.StatusPreconditionFailed)
					io.WriteString(w, `<Error><Code>PreconditionFailed</Code></Error>`)
				case replaced:
					w.Header().Set("ETag", `"v2"`)
					w.Write(other)
				default:
					if r.Header.Get("If-Match") != `"v1"` {
						t.Errorf("resumed without If-Match: %v", r.Header)
					}
					w.Header().Set("ETag", `"v1"`)
					http.ServeContent(w, r, "", modified, bytes.NewReader(data))
				}
			}))
			defer srv.Close()
			want := data
			if replaced {
				want = other
			}
			f, err := fetchS3(t, S3{API: s3Client(srv.URL), AllowBuckets: []string{"scans"}}, "k", want)
			if err != nil || f.Bytes != int64(len(want)) {
				t.Errorf("%+v, %v after %d calls", f, err, calls)
			}
		})
	}
}

func TestS3Errors(t *testing.T) {
	for name, c := range map[string]struct {
		status    int
		code      string
		want      Code
		transient bool
	}{
		"denied":    {403, "AccessDenied", CodeDenied, true},
		"no bucket": {404, "NoSuchBucket", CodeNotFound, false},
		"no key":    {404, "NoSuchKey", CodeNotFound, false},
		"slow down": {503, "SlowDown", CodeTransfer, true},
		"internal":  {500, "InternalError", CodeTransfer, true},
		"bad range": {400, "InvalidRequest", CodeRefused, false},
	} {
		t.Run(name, func(t *testing.T) {
			srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				w.WriteHeader(c.status)
				fmt.Fprintf(w, `<Error><Code>%s</Code><Message>credential AKIDEXAMPLE refused</Message></Error>`, c.code)
			}))
			defer srv.Close()
			_, err := fetchS3(t, S3{API: s3Client(srv.URL), AllowBuckets: []string{"scans"}}, "geheim.pdf", nil)
			var e *Error
			if !errors.As(err, &e) || e.Code != c.want || e.Retryable() != c.transient {
				t.Fatalf("%v", err)
			}
			if strings.Contains(e.Message, "geheim") || (!c.transient && strings.Contains(err.Error(), "AKIDEXAMPLE")) {
				t.Errorf("shows too much: %v", err)
			}
		})
	}
}

// noKeys is a machine that has none.
type noKeys struct{}

func (noKeys) GetObject(context.Context, *s3.GetObjectInput, ...func(*s3.Options)) (*s3.GetObjectOutput, error) {
	return nil, fmt.Errorf("operation error S3: GetObject: %w", s3client.ErrNoKeys)
}

func TestS3WithoutKeysSaysWhatToSet(t *testing.T) {
	_, err := fetchS3(t, S3{API: noKeys{}, AllowBuckets: []string{"scans"}}, "a.pdf", nil)
	var e *Error
	if !errors.As(err, &e) || e.Code != CodeDenied || !e.Retryable() || !strings.Contains(e.Message, "sites[].s3.access_key_id") {
		t.Errorf("%v", err)
	}
}
