package objectstore_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/smithy-go"

	"github.com/aidoc-pipeline/aidoc-agent/agent/fetch"
	"github.com/aidoc-pipeline/aidoc-agent/agent/objectstore"
)

const userID, userKey = "AKIAAGENT", "agent-secret"

// policy is one of the documents of docs/s3.md: what people copy is what is tried here.
type policy struct {
	Version   string
	Statement []statement
}

type statement struct {
	Effect    string
	Principal map[string]string `json:",omitempty"`
	Action    names
	Resource  string
	Condition map[string]map[string]names `json:",omitempty"`
}

// names is a word or a list of words.
type names []string

func (n *names) UnmarshalJSON(raw []byte) error {
	var one string
	if json.Unmarshal(raw, &one) == nil {
		*n = names{one}
		return nil
	}
	var many []string
	err := json.Unmarshal(raw, &many)
	*n = many
	return err
}

// documented is the n-th policy of the page.
func documented(t *testing.T, n int) policy {
	t.Helper()
	page, err := os.ReadFile("../../docs/s3.md")
	if err != nil {
		t.Fatal(err)
	}
	var found []policy
	for _, block := range regexp.MustCompile("(?s)```json\n(.*?)```").FindAllSubmatch(page, -1) {
		var p policy
		if err := json.Unmarshal(block[1], &p); err != nil {
			t.Fatalf("docs/s3.md: %v in\n%s", err, block[1])
		}
		if p.Statement != nil {
			found = append(found, p)
		}
	}
	if n >= len(found) {
		t.Fatalf("docs/s3.md has %d policies", len(found))
	}
	return found[n]
}

// in is the policy as a bucket's, for the test's user.
func (p policy) in(t *testing.T, bucket, prefix string) string {
	t.Helper()
	for i := range p.Statement {
		p.Statement[i].Principal = map[string]string{"AWS": userID}
	}
	raw, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	return strings.NewReplacer("MEDIA-BUCKET", bucket, "BUCKET", bucket, "PREFIX", prefix).Replace(string(raw))
}

// without is the policy less one right.
func (p policy) without(action string) policy {
	out := policy{Version: p.Version}
	for _, s := range p.Statement {
		s.Action = slices.DeleteFunc(slices.Clone(s.Action), func(a string) bool { return a == action })
		if len(s.Action) > 0 {
			out.Statement = append(out.Statement, s)
		}
	}
	return out
}

// and is the policy with one right more on objects.
func (p policy) and(action string) policy {
	p.Statement = slices.Clone(p.Statement)
	p.Statement[0].Action = append(slices.Clone(p.Statement[0].Action), action)
	return p
}

// withUser is a server that knows a user without any right, and its bucket.
func withUser(t *testing.T) *server {
	t.Helper()
	binary := os.Getenv("AIDOC_VERSITYGW")
	if binary == "" {
		t.Skip("no server that knows rights: set AIDOC_VERSITYGW to the versitygw binary")
	}
	srv := gateway(t, binary, "--quiet", "--iam-dir", t.TempDir(), "--iam-cache-disable")
	out, err := exec.Command(binary, "admin", "--access", testKeyID, "--secret", testKey, "--region", "us-east-1", "--endpoint-url", srv.url,
		"create-user", "--access", userID, "--secret", userKey, "--role", "user").CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if _, err := srv.raw.CreateBucket(bg, &s3.CreateBucketInput{Bucket: aws.String(bucket)}); err != nil {
		t.Fatal(err)
	}
	return srv
}

func (s *server) allow(t *testing.T, document string) {
	t.Helper()
	if _, err := s.raw.PutBucketPolicy(bg, &s3.PutBucketPolicyInput{Bucket: aws.String(bucket), Policy: aws.String(document)}); err != nil {
		t.Fatalf("%v\n%s", err, document)
	}
}

// asUser is what the agent has, tags among it.
func (s *server) asUser(t *testing.T) *objectstore.S3 {
	return s.open(t, func(o *objectstore.S3Options) {
		o.AccessKeyID, o.SecretAccessKey, o.Prefix, o.Tags = userID, userKey, "team/aidoc", []string{"project=aidoc"}
	})
}

// The documented rights are enough for all that an agent does in a bucket.
func TestTheDocumentedRightsAreEnough(t *testing.T) {
	t.Parallel()
	srv := withUser(t)
	srv.allow(t, documented(t, 0).and("s3:PutObjectTagging").in(t, bucket, "team/aidoc"))
	s := srv.asUser(t)
	for _, r := range objectstore.TryRights(bg, s) {
		if r.Err != nil {
			t.Errorf("%s: %v", r.Name, r.Err)
		}
	}
	data := make([]byte, twoParts)
	for key, size := range map[string]int{"processed/1/text.txt": 100, "processed/1/pages.jsonl": twoParts} {
		if err := s.Put(bg, key, bytes.NewReader(data[:size]), int64(size), ""); err != nil {
			t.Fatal(err)
		}
		r, _, err := s.Get(bg, key)
		if err != nil {
			t.Fatal(err)
		}
		if n, err := io.Copy(io.Discard, r); n != int64(size) || err != nil {
			t.Errorf("%s: %d bytes, %v", key, n, err)
		}
		r.Close()
	}
	if err := s.Put(bg, "processed/1/short", bytes.NewReader(data[:twoParts-1]), twoParts, ""); !errors.Is(err, objectstore.ErrBadSource) || srv.unfinished(t, bucket) != 0 {
		t.Errorf("a broken upload: %v, %d left", err, srv.unfinished(t, bucket))
	}
	found := 0
	for o, err := range s.List(bg, "processed/1/") {
		if err != nil {
			t.Fatal(err)
		}
		found++
		if err := s.Delete(bg, o.Key); err != nil {
			t.Error(err)
		}
	}
	if _, err := s.Sweep(bg, time.Now()); err != nil || found != 2 {
		t.Errorf("%d objects found; sweeping: %v", found, err)
	}
	if _, _, err := s.Get(bg, "processed/1/text.txt"); !errors.Is(err, objectstore.ErrNotFound) {
		t.Errorf("what is missing is not missing: %v", err)
	}
}

// Nothing outside of the prefix can be had with them.
func TestTheDocumentedRightsEndAtThePrefix(t *testing.T) {
	t.Parallel()
	srv := withUser(t)
	srv.allow(t, documented(t, 0).in(t, bucket, "team/aidoc"))
	if _, err := srv.raw.PutObject(bg, &s3.PutObjectInput{Bucket: aws.String(bucket), Key: aws.String("team/other/secret"), Body: strings.NewReader("x")}); err != nil {
		t.Fatal(err)
	}
	s := srv.open(t, func(o *objectstore.S3Options) {
		o.AccessKeyID, o.SecretAccessKey, o.Prefix = userID, userKey, "team/other"
	})
	_, _, err := s.Get(bg, "secret")
	if !errors.Is(err, objectstore.ErrAccessDenied) {
		t.Errorf("read outside: %v", err)
	}
	if err := s.Put(bg, "secret", strings.NewReader("y"), 1, ""); !errors.Is(err, objectstore.ErrAccessDenied) {
		t.Errorf("written outside: %v", err)
	}
	if err := s.Delete(bg, "secret"); !errors.Is(err, objectstore.ErrAccessDenied) {
		t.Errorf("deleted outside: %v", err)
	}
	for _, err := range s.List(bg, "") {
		if !errors.Is(err, objectstore.ErrAccessDenied) {
			t.Errorf("listed outside: %v", err)
		}
	}
}

// Each right taken away is the one that is named, and no other.
func TestEachMissingRightIsNamed(t *testing.T) {
	t.Parallel()
	srv := withUser(t)
	whole := documented(t, 0).and("s3:PutObjectTagging")
	tried := 0
	for _, st := range whole.Statement {
		for _, action := range st.Action {
			tried++
			srv.allow(t, whole.without(action).in(t, bucket, "team/aidoc"))
			var missing []string
			for _, r := range objectstore.TryRights(bg, srv.asUser(t)) {
				if errors.Is(r.Err, objectstore.ErrAccessDenied) {
					missing = append(missing, r.Name)
				} else if r.Err != nil {
					t.Errorf("without %s: %s ends with %v", action, r.Name, r.Err)
				}
			}
			if len(missing) != 1 || missing[0] != action {
				t.Errorf("without %s, %v are named", action, missing)
			}
			if action == "s3:DeleteObject" { // its probe is left
				srv.sweepProbes(t)
			}
		}
	}
	if tried != 8 {
		t.Errorf("%d rights were tried", tried)
	}
}

func (s *server) sweepProbes(t *testing.T) {
	t.Helper()
	out, err := s.raw.ListObjectsV2(bg, &s3.ListObjectsV2Input{Bucket: aws.String(bucket)})
	if err != nil || len(out.Contents) != 1 {
		t.Fatalf("%d objects left, %v", len(out.Contents), err)
	}
	if _, err := s.raw.DeleteObject(bg, &s3.DeleteObjectInput{Bucket: aws.String(bucket), Key: out.Contents[0].Key}); err != nil {
		t.Fatal(err)
	}
}

// A bucket of the media library is read with one right, and nothing else can be done there with it.
func TestTheDocumentedRightOfASource(t *testing.T) {
	t.Parallel()
	srv := withUser(t)
	srv.allow(t, documented(t, 1).in(t, bucket, ""))
	key := "wp-content/uploads/2026/a.pdf"
	if _, err := srv.raw.PutObject(bg, &s3.PutObjectInput{Bucket: aws.String(bucket), Key: aws.String(key), Body: strings.NewReader("%PDF-1.7")}); err != nil {
		t.Fatal(err)
	}
	keys := client(srv.url, userID, userKey)
	open, err := fetch.S3{API: keys, AllowBuckets: []string{bucket}}.Opener(bucket, key, "us-east-1")
	if err != nil {
		t.Fatal(err)
	}
	for _, offset := range []int64{0, 5} { // from its beginning, and where a download broke off
		b, err := open(bg, offset)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := io.ReadAll(b); err != nil || string(got) != "%PDF-1.7"[offset:] {
			t.Errorf("from %d: %q, %v", offset, got, err)
		}
		b.Close()
	}
	_, listErr := keys.ListObjectsV2(bg, &s3.ListObjectsV2Input{Bucket: aws.String(bucket)})
	_, putErr := keys.PutObject(bg, &s3.PutObjectInput{Bucket: aws.String(bucket), Key: aws.String(key), Body: strings.NewReader("x")})
	_, delErr := keys.DeleteObject(bg, &s3.DeleteObjectInput{Bucket: aws.String(bucket), Key: aws.String(key)})
	_, elseErr := keys.GetObject(bg, &s3.GetObjectInput{Bucket: aws.String(bucket), Key: aws.String("backups/db.sql")})
	for what, err := range map[string]error{"list": listErr, "put": putErr, "delete": delErr, "get elsewhere": elseErr} {
		var api smithy.APIError
		if !errors.As(err, &api) || api.ErrorCode() != "AccessDenied" {
			t.Errorf("%s: %v", what, err)
		}
	}
}
