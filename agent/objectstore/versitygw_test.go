package objectstore_test

import (
	"bytes"
	"crypto/rand"
	"errors"
	"net"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/aidoc-pipeline/aidoc-agent/agent/objectstore"
	"github.com/aidoc-pipeline/aidoc-agent/agent/objectstore/storetest"
	"github.com/aidoc-pipeline/aidoc-agent/test/ports"
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
	return gateway(t, binary, "--quiet"), testKeyID, testKey
}

// gateway starts a versitygw, with testKeyID as its root.
func gateway(t *testing.T, binary string, flags ...string) *server {
	t.Helper()
	port, err := ports.Free(ports.Store)
	if err != nil {
		t.Fatal(err)
	}
	addr := "127.0.0.1:" + strconv.Itoa(port)
	var out bytes.Buffer
	args := append([]string{"--access", testKeyID, "--secret", testKey, "--port", addr, "--region", "us-east-1"}, flags...)
	cmd := exec.Command(binary, append(args, "posix", "--sidecar", t.TempDir(), t.TempDir())...)
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
			return &server{url: "http://" + addr, raw: client("http://"+addr, testKeyID, testKey)}
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

func (s *server) newBucket(t *testing.T) string {
	t.Helper()
	name := "t-" + strings.ToLower(rand.Text())
	if _, err := s.raw.CreateBucket(bg, &s3.CreateBucketInput{Bucket: aws.String(name)}); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestRealS3(t *testing.T) {
	t.Parallel()
	srv, id, secret := realServer(t)
	keys := func(o *objectstore.S3Options) { o.AccessKeyID, o.SecretAccessKey = id, secret }
	var used string
	t.Run("Conformance", func(t *testing.T) {
		storetest.Run(t, storetest.Suite{
			New: func(t *testing.T) objectstore.Store {
				used = srv.newBucket(t)
				return srv.open(t, keys, func(o *objectstore.S3Options) { o.Bucket, o.Prefix = used, "p" })
			},
			Leftovers: func(t *testing.T, _ objectstore.Store) int { return srv.unfinished(t, used) },
			Big:       11 << 20,
		})
	})
	t.Run("Options", func(t *testing.T) {
		for _, sum := range []objectstore.Checksum{objectstore.ChecksumCRC32C, objectstore.ChecksumSHA256} {
			storetest.Run(t, storetest.Suite{
				New: func(t *testing.T) objectstore.Store {
					used = srv.newBucket(t)
					return srv.open(t, keys, func(o *objectstore.S3Options) {
						o.Bucket, o.Prefix, o.Checksum, o.Tags = used, "p", sum, []string{"project=aidoc", "team=Presse"}
					})
				},
				Leftovers: func(t *testing.T, _ objectstore.Store) int { return srv.unfinished(t, used) },
				Big:       11 << 20,
				Apart:     "versitygw reads a file and its checksum one after the other",
			})
		}
	})
	t.Run("TagsAndChecksumsAreKept", func(t *testing.T) { keptBeside(t, srv, srv.newBucket(t), keys) })
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

// keptBeside looks behind the store's back at what the server keeps of an object, whole and in parts.
func keptBeside(t *testing.T, srv *server, bucket string, keys func(*objectstore.S3Options)) {
	s := srv.open(t, keys, func(o *objectstore.S3Options) {
		o.Bucket, o.Checksum, o.Tags = bucket, objectstore.ChecksumCRC32C, []string{"project=aidoc"}
	})
	data := bytes.Repeat([]byte("0123456789abcdef"), 11<<16)
	for key, b := range map[string][]byte{"small": data[:100], "big": data} {
		if err := s.Put(bg, key, bytes.NewReader(b), int64(len(b)), ""); err != nil {
			t.Fatal(err)
		}
		at := &s3.HeadObjectInput{Bucket: aws.String(bucket), Key: aws.String(key), ChecksumMode: types.ChecksumModeEnabled}
		head, err := srv.raw.HeadObject(bg, at)
		if err != nil || aws.ToString(head.ChecksumCRC32C) != crcOf(b) {
			t.Errorf("%s: the server keeps the checksum %q, %v", key, aws.ToString(head.ChecksumCRC32C), err)
		}
		tags, err := srv.raw.GetObjectTagging(bg, &s3.GetObjectTaggingInput{Bucket: at.Bucket, Key: at.Key})
		if err != nil || len(tags.TagSet) != 1 || aws.ToString(tags.TagSet[0].Key) != "project" || aws.ToString(tags.TagSet[0].Value) != "aidoc" {
			t.Errorf("%s: the server keeps the tags %+v, %v", key, tags, err)
		}
	}
}
