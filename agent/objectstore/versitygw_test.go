package objectstore_test

import (
	"bytes"
	"crypto/rand"
	"errors"
	"net"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/aidoc-pipeline/aidoc-agent/agent/objectstore"
	"github.com/aidoc-pipeline/aidoc-agent/agent/objectstore/storetest"
)

// realServer is the server at AIDOC_TEST_S3_ENDPOINT (keys in AIDOC_TEST_S3_KEY and …_SECRET), or
// a versitygw started from AIDOC_VERSITYGW. Without either the test is skipped.
func realServer(t *testing.T) (*server, string, string) {
	t.Helper()
	id, secret := os.Getenv("AIDOC_TEST_S3_KEY"), os.Getenv("AIDOC_TEST_S3_SECRET")
	if url := os.Getenv("AIDOC_TEST_S3_ENDPOINT"); url != "" {
		return &server{url: url, raw: client(url, id, secret)}, id, secret
	}
	binary := os.Getenv("AIDOC_VERSITYGW")
	if binary == "" {
		t.Skip("no real S3 server: set AIDOC_VERSITYGW to the versitygw binary, or AIDOC_TEST_S3_ENDPOINT")
	}
	id, secret = testKeyID, testKey
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().String()
	_ = l.Close()
	var out bytes.Buffer
	cmd := exec.Command(binary, "--access", id, "--secret", secret, "--port", addr, "--region", "us-east-1", "--quiet", "posix", "--sidecar", t.TempDir(), t.TempDir())
	cmd.Stdout, cmd.Stderr = &out, &out
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	gone := make(chan error, 1)
	go func() { gone <- cmd.Wait() }()
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		<-gone
	})
	deadline := time.After(20 * time.Second)
	for {
		if conn, err := net.Dial("tcp", addr); err == nil {
			_ = conn.Close()
			return &server{url: "http://" + addr, raw: client("http://"+addr, id, secret)}, id, secret
		}
		select {
		case err := <-gone:
			gone <- err
			t.Fatalf("versitygw ended: %v\n%s", err, out.String())
		case <-deadline:
			t.Fatal("versitygw does not listen")
		case <-time.After(20 * time.Millisecond): // the server tells nobody that it is ready
		}
	}
}

func TestRealS3(t *testing.T) {
	t.Parallel()
	srv, id, secret := realServer(t)
	keys := func(o *objectstore.S3Options) { o.AccessKeyID, o.SecretAccessKey = id, secret }
	var used string
	t.Run("Conformance", func(t *testing.T) {
		storetest.Run(t, storetest.Suite{
			New: func(t *testing.T) objectstore.Store {
				used = "t-" + strings.ToLower(rand.Text())
				if _, err := srv.raw.CreateBucket(bg, &s3.CreateBucketInput{Bucket: aws.String(used)}); err != nil {
					t.Fatal(err)
				}
				return srv.open(t, keys, func(o *objectstore.S3Options) { o.Bucket, o.Prefix = used, "p" })
			},
			Leftovers: func(t *testing.T, _ objectstore.Store) int { return srv.unfinished(t, used) },
			Big:       11 << 20,
		})
	})
	t.Run("WrongSecret", func(t *testing.T) {
		err := srv.open(t, keys, func(o *objectstore.S3Options) { o.Bucket, o.SecretAccessKey = used, "wrong" }).Check(bg)
		if !errors.Is(err, objectstore.ErrAccessDenied) || !strings.Contains(err.Error(), "AWS_SECRET_ACCESS_KEY") {
			t.Error(err)
		}
	})
	t.Run("WrongKeyID", func(t *testing.T) {
		err := srv.open(t, keys, func(o *objectstore.S3Options) { o.Bucket, o.AccessKeyID = used, "AKIAWRONG" }).Check(bg)
		if !errors.Is(err, objectstore.ErrAccessDenied) {
			t.Error(err)
		}
	})
	t.Run("NoBucket", func(t *testing.T) {
		err := srv.open(t, keys, func(o *objectstore.S3Options) { o.Bucket = "not-there" }).Check(bg)
		if !errors.Is(err, objectstore.ErrNoBucket) {
			t.Error(err)
		}
	})
}
