//go:build e2e

package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// Agents follow addresses of documents to public networks only. A network of the test's own has this machine at such an address; nothing leaves it.
const (
	publicAddress = "5.5.5.5"
	inOwnNetwork  = "AIDOC_E2E_OWN_NETWORK"
)

// offload is one way in which a plugin tells where a document lies.
type offload struct {
	Plugin   string `json:"plugin"`
	Private  bool   `json:"-"`         // WP Offload Media: the object is
	Signs    bool   `json:"signs"`     // it has keys of the bucket
	ByBucket bool   `json:"by_bucket"` // the site's filter says so
	key      string // of the object: this, and the file's name as WordPress has it
	kind     string // of the source that the lease names
}

var offloads = map[string]offload{
	"WP Offload Media, a public object":        {Plugin: "offload-media", Signs: true, key: "public/wp-content/uploads/", kind: "url"},
	"WP Offload Media, a private object":       {Plugin: "offload-media", Private: true, Signs: true, key: "private/public/wp-content/uploads/", kind: "url"},
	"WP Offload Media, a site without keys":    {Plugin: "offload-media", Private: true, key: "private/public/wp-content/uploads/", kind: "s3"},
	"S3-Uploads":                               {Plugin: "s3-uploads", Signs: true, key: "uploads/", kind: "url"},
	"S3-Uploads, a site without keys":          {Plugin: "s3-uploads", key: "uploads/", kind: "s3"},
	"Media Cloud":                              {Plugin: "media-cloud", Signs: true, key: "media/", kind: "url"},
	"Media Cloud, the site chooses the bucket": {Plugin: "media-cloud", Signs: true, ByBucket: true, key: "media/", kind: "s3"},
	"a host with a stream of its own":          {Plugin: "stream", key: "uploads/", kind: "url"},
}

// TestOffloadersHandOverDocuments: with each plugin, in each way it has, a document that was moved to a bucket while it waited is read there: a real
// bucket, real signatures, TLS.
func TestOffloadersHandOverDocuments(t *testing.T) {
	if os.Getenv(inOwnNetwork) == "" {
		inNetworkOfItsOwn(t)
		return
	}
	listenTo(t, publicAddress)
	cert, key := certificate(t)
	address := fmt.Sprintf("%s:%d", publicAddress, freePort())
	folder := startS3At(t, address, "--cert", cert, "--key", key)
	t.Setenv("SSL_CERT_FILE", cert)
	openTo(t, "https://"+address, "public/*", "uploads/*")
	s := use(t, sites.sqlite)
	agentSites, err := json.Marshal([]map[string]any{{"url": s.URL, "allow_buckets": []string{s3Bucket}, "allow_hosts": []string{address},
		"s3": map[string]any{"endpoint": "https://" + address, "region": "us-east-1", "path_style": true, "access_key_id": s3Key, "secret_access_key": s3Secret}}})
	if err != nil {
		t.Fatal(err)
	}
	a := joined(t, s, "reader-of-buckets", "AIDOC_SITES="+string(agentSites), "SSL_CERT_FILE="+cert)
	for name, o := range offloads {
		t.Run(name, func(t *testing.T) { handOver(t, s, a, o, "https://"+address, folder) })
	}
}

func handOver(t *testing.T, s *Site, a *Agent, o offload, endpoint, folder string) {
	word := regexp.MustCompile(`[^a-z]`).ReplaceAllString(strings.ToLower(t.Name()), "")
	content := []byte("The minutes of " + word + ". It was resolved that the lighthouse is painted white before the winter comes.")
	id := s.Upload(t, word+".txt", content)
	file := s.SQL(t, "SELECT meta_value AS v FROM {p}postmeta WHERE post_id = %d AND meta_key = '_wp_attached_file'", id)[0]["v"]
	o.install(t, s, endpoint)
	move(t, filepath.Join(s.Root, "wp-content", "uploads", file), filepath.Join(folder, o.key+file))
	switch o.Plugin { // what the plugin notes when it has moved a file
	case "offload-media":
		path := strings.TrimPrefix(o.key, "private/") + file
		s.SQL(t, "INSERT INTO {p}as3cf_items (provider, region, bucket, path, is_private, source_type, source_id, extra_info) VALUES ('aws', 'us-east-1', '%s', '%s', %d, 'media-library', %d, '')",
			s3Bucket, path, map[bool]int{true: 1}[o.Private], id)
	case "media-cloud":
		s.SQL(t, "INSERT INTO {p}postmeta (post_id, meta_key, meta_value) VALUES (%d, 'ilab_s3_info', '%s')", id, serialized(s3Bucket, o.key+file))
	}
	a.Do(t, "once").want(t, exitOK)
	if item := s.AwaitRest(t, 10*time.Second, id)[id]; item.State != "done" {
		t.Fatalf("the document is %s: %s", item.State, item.Detail)
	}
	job := s.SQL(t, "SELECT id, source FROM {p}aidoc_jobs WHERE attachment_id = %d", id)
	if len(job) != 1 || !strings.Contains(job[0]["source"], `"by"`) {
		t.Fatalf("not one job with the place of its document: %v", job)
	}
	text, err := os.ReadFile(filepath.Join(a.Dir, "store", "processed", job[0]["id"], "text.txt"))
	if err != nil || !bytes.Contains(text, []byte(word)) {
		t.Errorf("%v; the text is %.80q", err, text)
	}
	kind, err := os.ReadFile(filepath.Join(s.Dir, "offload-kind"))
	if err != nil || string(kind) != o.kind {
		t.Errorf("the lease named a source of kind %q (%v), want %q", kind, err, o.kind)
	}
}

// install puts the plugin's stand-in into the site until the test ends, and something that notes the kind of source that leases name.
func (o offload) install(t *testing.T, s *Site, endpoint string) {
	t.Helper()
	with := struct {
		offload
		Endpoint string `json:"endpoint"`
		Bucket   string `json:"bucket"`
		Region   string `json:"region"`
		Access   string `json:"access"`
		Secret   string `json:"secret"`
		StandIns string `json:"stand_ins"`
	}{o, endpoint, s3Bucket, "us-east-1", s3Key, s3Secret, script("..", "plugin-php", "tests")}
	set, err := json.Marshal(with)
	if err != nil {
		t.Fatal(err)
	}
	s.muPlugin(t, "offloader", fmt.Sprintf(`<?php
define( 'E2E_OFFLOAD', '%s' );
require '%s';
add_filter( 'aidoc_lease_source', function ( $source ) { file_put_contents( '%s/offload-kind', $source['kind'] ); return $source; }, 99 );
`, set, script("..", "test", "e2e", "testdata", "offloader.php"), s.Dir))
}

// serialized is PHP's form of what Media Cloud notes.
func serialized(bucket, key string) string {
	return fmt.Sprintf(`a:1:{s:2:"s3";a:2:{s:6:"bucket";s:%d:"%s";s:3:"key";s:%d:"%s";}}`, len(bucket), bucket, len(key), key)
}

// inNetworkOfItsOwn runs this test again where it has a network for itself.
func inNetworkOfItsOwn(t *testing.T) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run", "^"+t.Name()+"$", "-test.v")
	cmd.Env = append(os.Environ(), inOwnNetwork+"=1")
	cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNET}
	if id := os.Getuid(); id != 0 {
		cmd.SysProcAttr.Cloneflags |= syscall.CLONE_NEWUSER
		cmd.SysProcAttr.UidMappings = []syscall.SysProcIDMap{{HostID: id, Size: 1}}
		cmd.SysProcAttr.GidMappings = []syscall.SysProcIDMap{{HostID: os.Getgid(), Size: 1}}
	}
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Start(); err != nil {
		t.Skipf("this machine gives no process a network of its own: %v", err)
	}
	err := cmd.Wait()
	t.Log(out.String())
	if err != nil {
		t.Fatal(err)
	}
}

// listenTo gives the loopback device of the test's own network an address more.
func listenTo(t *testing.T, address string) {
	t.Helper()
	for _, args := range [][]string{{"link", "set", "lo", "up"}, {"address", "add", address + "/32", "dev", "lo"}} {
		if out, err := exec.CommandContext(t.Context(), "ip", args...).CombinedOutput(); err != nil {
			t.Fatalf("ip %v: %v %s", args, err, out)
		}
	}
}

// certificate is one for publicAddress, and its key.
func certificate(t *testing.T) (cert, key string) {
	t.Helper()
	dir := t.TempDir()
	cert, key = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	if out, err := exec.CommandContext(t.Context(), "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
		"-subj", "/CN=bucket", "-addext", "subjectAltName=IP:"+publicAddress, "-keyout", key, "-out", cert).CombinedOutput(); err != nil {
		t.Fatalf("openssl: %v %s", err, out)
	}
	return cert, key
}

// openTo lets anybody read these keys of the bucket.
func openTo(t *testing.T, endpoint string, keys ...string) {
	t.Helper()
	var names []string
	for _, k := range keys {
		names = append(names, `"arn:aws:s3:::`+s3Bucket+`/`+k+`"`)
	}
	client := s3.New(s3.Options{BaseEndpoint: aws.String(endpoint), Region: "us-east-1", UsePathStyle: true,
		Credentials: credentials.NewStaticCredentialsProvider(s3Key, s3Secret, "")})
	if _, err := client.PutBucketPolicy(t.Context(), &s3.PutBucketPolicyInput{Bucket: aws.String(s3Bucket),
		Policy: aws.String(`{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": [` + strings.Join(names, ", ") + `]}]}`)}); err != nil {
		t.Fatal(err)
	}
	if resp, err := http.Get(endpoint + "/" + s3Bucket + "/private/none"); err != nil || resp.StatusCode != http.StatusForbidden {
		t.Fatalf("the rest of the bucket is not closed: %v %v", resp, err)
	}
}
