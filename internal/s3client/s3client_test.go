package s3client

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// silent is a metadata address outside a cloud: nobody answers.
func silent(ctx context.Context) (aws.Credentials, error) {
	<-ctx.Done()
	return aws.Credentials{}, ctx.Err()
}

func TestKeysAreLookedForInBoundedTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		begun := time.Now()
		_, err := inTime{aws.CredentialsProviderFunc(silent), keysTimeout}.Retrieve(t.Context())
		if !errors.Is(err, ErrNoKeys) || time.Since(begun) != keysTimeout {
			t.Errorf("after %v: %v", time.Since(begun), err)
		}
	})
}

func TestAnEndedCallerIsNotALackOfKeys(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := (inTime{aws.CredentialsProviderFunc(silent), keysTimeout}).Retrieve(ctx); errors.Is(err, ErrNoKeys) || !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// seen keeps the one request that was sent.
type seen struct{ host, path, auth string }

func (s *seen) RoundTrip(r *http.Request) (*http.Response, error) {
	s.host, s.path, s.auth = r.URL.Host, r.URL.Path, r.Header.Get("Authorization")
	return &http.Response{StatusCode: http.StatusNotFound, Body: http.NoBody, Header: http.Header{}, Request: r}, nil
}

func TestSettingsReachTheRequest(t *testing.T) {
	t.Setenv("AWS_CA_BUNDLE", "") // of this machine; it needs the SDK's own transport
	var s seen
	c, err := New(t.Context(), Options{Endpoint: "https://minio.example.org:9000", Region: "eu-north-1", PathStyle: true, AccessKeyID: "AKIDEXAMPLE", SecretAccessKey: "x", Transport: &s})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.GetObject(t.Context(), &s3.GetObjectInput{Bucket: aws.String("media"), Key: aws.String("a/b.pdf")}); err == nil {
		t.Error("a 404 was no error")
	}
	if s.host != "minio.example.org:9000" || s.path != "/media/a/b.pdf" || !strings.Contains(s.auth, "AKIDEXAMPLE/") || !strings.Contains(s.auth, "/eu-north-1/s3/") {
		t.Errorf("%+v", s)
	}
}
