package objectstore_test

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/aidoc-pipeline/aidoc-agent/agent/objectstore"
)

const twoParts = 11 << 20

func isCreate(r *http.Request) bool { return r.Method == "POST" && r.URL.Query().Has("uploads") }
func isPart(r *http.Request) bool   { return r.Method == "PUT" && r.URL.Query().Has("uploadId") }
func isAbort(r *http.Request) bool  { return r.Method == "DELETE" && r.URL.Query().Has("uploadId") }

// The caller gives up while the server is opening the upload: its answer still tells what to abort.
func TestS3CancelWhileOpeningUpload(t *testing.T) {
	t.Parallel()
	srv := fakeServer(t)
	ctx, cancel := context.WithCancel(bg)
	opened := 0
	rec := &recorder{answer: func(r *http.Request) *http.Response {
		if !isCreate(r) {
			return nil
		}
		opened++
		cancel()
		return nil
	}}
	s := srv.open(t, func(o *objectstore.S3Options) { o.Transport = rec })
	err := s.Put(ctx, "k", bytes.NewReader(make([]byte, twoParts)), twoParts, "")
	if !errors.Is(err, context.Canceled) || opened != 1 {
		t.Fatalf("%v, %d uploads opened", err, opened)
	}
	if n := srv.unfinished(t, bucket); n != 0 {
		t.Errorf("%d unfinished uploads", n)
	}
}

// A server may answer an abort while it is still writing a part, which then survives.
func TestS3AbortsUntilTheUploadIsGone(t *testing.T) {
	t.Parallel()
	srv := fakeServer(t)
	aborts := 0
	rec := &recorder{answer: func(r *http.Request) *http.Response {
		switch {
		case isPart(r):
			return xmlAnswer(403, "AccessDenied")
		case isAbort(r):
			if aborts++; aborts < 3 {
				return &http.Response{StatusCode: 204, Header: http.Header{}, Body: http.NoBody}
			}
		}
		return nil
	}}
	s := srv.open(t, func(o *objectstore.S3Options) { o.Transport = rec })
	err := s.Put(bg, "k", bytes.NewReader(make([]byte, twoParts)), twoParts, "")
	if !errors.Is(err, objectstore.ErrAccessDenied) {
		t.Fatal(err)
	}
	if n := srv.unfinished(t, bucket); n != 0 || aborts != 3 {
		t.Errorf("%d unfinished uploads after %d aborts", n, aborts)
	}
}

// What a killed process left is swept, by age, below the prefix only.
func TestS3Sweep(t *testing.T) {
	t.Parallel()
	srv := fakeServer(t)
	for _, key := range []string{"mine/a", "mine/b", "other/c"} {
		if _, err := srv.raw.CreateMultipartUpload(bg, &s3.CreateMultipartUploadInput{Bucket: aws.String(bucket), Key: aws.String(key)}); err != nil {
			t.Fatal(err)
		}
	}
	s := srv.open(t, func(o *objectstore.S3Options) { o.Prefix = "mine" })
	if n, err := s.Sweep(bg, time.Now().Add(-time.Hour)); n != 0 || err != nil {
		t.Errorf("young uploads: %d swept, %v", n, err)
	}
	if n, err := s.Sweep(bg, time.Now().Add(time.Hour)); n != 2 || err != nil {
		t.Errorf("old uploads: %d swept, %v", n, err)
	}
	if n := srv.unfinished(t, bucket); n != 1 {
		t.Errorf("%d uploads left, want the other team's", n)
	}
}
