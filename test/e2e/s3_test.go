//go:build e2e

package e2e

import (
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

const (
	s3Key    = "aidoc-test-key"
	s3Secret = "aidoc-test-secret"
	s3Bucket = "documents"
)

// startS3 runs a real S3 server (versitygw) over a folder; returns its endpoint and the bucket's folder.
func startS3(t *testing.T) (endpoint, folder string) {
	t.Helper()
	address := "127.0.0.1:" + strconv.Itoa(freePort())
	return "http://" + address, startS3At(t, address)
}

func startS3At(t *testing.T, address string, flags ...string) (folder string) {
	t.Helper()
	program := os.Getenv("AIDOC_VERSITYGW")
	if program == "" {
		t.Fatal("AIDOC_VERSITYGW does not name the S3 server: run `make test-e2e`, which installs it")
	}
	root := t.TempDir()
	folder = filepath.Join(root, s3Bucket)
	if err := os.Mkdir(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	log, err := os.Create(filepath.Join(t.TempDir(), "s3.log"))
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(program, append(append([]string{"--port", address}, flags...), "posix", root)...)
	cmd.Env = append(os.Environ(), "ROOT_ACCESS_KEY="+s3Key, "ROOT_SECRET_KEY="+s3Secret)
	cmd.Stdout, cmd.Stderr = log, log
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
		_ = cmd.Wait()
		_ = log.Close()
	})
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		if c, err := net.Dial("tcp", address); err == nil {
			_ = c.Close()
			return folder
		}
		if time.Now().After(deadline) {
			t.Fatalf("the S3 server does not listen on %s", address)
		}
	}
}

func TestArtifactsInS3(t *testing.T) {
	s := use(t, sites.newest)
	endpoint, folder := startS3(t)
	a := joined(t, s, "cloudy", "AIDOC_STORE_KIND=s3", "AIDOC_STORE_S3_BUCKET="+s3Bucket, "AIDOC_STORE_S3_REGION=us-east-1",
		"AIDOC_STORE_S3_ENDPOINT="+endpoint, "AIDOC_STORE_S3_PATH_STYLE=true", "AWS_ACCESS_KEY_ID="+s3Key, "AWS_SECRET_ACCESS_KEY="+s3Secret)
	id := s.Upload(t, "for-s3.pdf", read(t, "mixed.pdf"))
	a.Do(t, "once").want(t, exitOK)
	if item := s.AwaitRest(t, 10*time.Second, id)[id]; item.State != "done" {
		t.Fatalf("the document is %s: %s", item.State, item.Detail)
	}
	job := s.SQL(t, "SELECT id, summary_post_id FROM {p}aidoc_jobs WHERE attachment_id = %d", id)[0]
	for name, want := range map[string]string{"text.txt": "Harrison", "summary.md": "", "pages.jsonl": `"number":3`} {
		b, err := os.ReadFile(filepath.Join(folder, "processed", job["id"], name))
		if err != nil || len(b) == 0 || !strings.Contains(string(b), want) {
			t.Errorf("processed/%s/%s: %d bytes, %v; want %q in it", job["id"], name, len(b), err, want)
		}
	}
	key := s.SQL(t, "SELECT meta_value AS v FROM {p}postmeta WHERE post_id = %s AND meta_key LIKE '%%s3_text_key'", job["summary_post_id"])
	if len(key) != 1 || key[0]["v"] != "processed/"+job["id"]+"/text.txt" {
		t.Errorf("the post's text key is %v", key)
	}
	if _, err := os.Stat(filepath.Join(a.Dir, "store")); err == nil {
		t.Errorf("a folder store was made beside the S3 one")
	}
}

func TestS3Refuses(t *testing.T) {
	endpoint, _ := startS3(t)
	s := use(t, sites.sqlite)
	a := joined(t, s, "locked-out", "AIDOC_STORE_KIND=s3", "AIDOC_STORE_S3_BUCKET="+s3Bucket, "AIDOC_STORE_S3_REGION=us-east-1",
		"AIDOC_STORE_S3_ENDPOINT="+endpoint, "AIDOC_STORE_S3_PATH_STYLE=true", "AWS_ACCESS_KEY_ID="+s3Key, "AWS_SECRET_ACCESS_KEY=wrong")
	if o := a.Do(t, "doctor"); o.Code == exitOK {
		t.Errorf("doctor is content with a store that refuses its key:\n%s%s", o.Stdout, o.Stderr)
	}
}

// objectsOf are the files that the bucket has of a job.
func objectsOf(folder, job string) (names []string) {
	_ = filepath.WalkDir(filepath.Join(folder, "processed", job), func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			names = append(names, filepath.Base(path))
		}
		return nil // a folder that is gone has nothing
	})
	return names
}

// What is deleted for good in WordPress, and what its eraser of personal data removes, is gone from the bucket when the agent has asked once more.
func TestErasureReachesTheBucket(t *testing.T) {
	s := use(t, sites.newest)
	endpoint, folder := startS3(t)
	a := joined(t, s, "forgetful", "AIDOC_STORE_KIND=s3", "AIDOC_STORE_S3_BUCKET="+s3Bucket, "AIDOC_STORE_S3_REGION=us-east-1", "AIDOC_STORE_S3_CHECKSUM=crc32c",
		"AIDOC_STORE_S3_TAGS=project=aidoc", "AIDOC_STORE_SHARE_TEXT=true", "AIDOC_STORE_S3_ENDPOINT="+endpoint, "AIDOC_STORE_S3_PATH_STYLE=true", "AWS_ACCESS_KEY_ID="+s3Key, "AWS_SECRET_ACCESS_KEY="+s3Secret)
	ids := map[string]int64{}
	for _, name := range []string{"document", "summary", "person", "kept"} {
		ids[name] = s.Upload(t, "erase-"+name+".txt", []byte("A text about the "+name+". It is long enough to be read and summarised by the agent."))
	}
	a.Do(t, "once").want(t, exitOK)
	jobs := map[string]string{}
	for name, id := range ids {
		job := s.SQL(t, "SELECT id, summary_post_id FROM {p}aidoc_jobs WHERE attachment_id = %d", id)[0]
		jobs[name] = job["id"]
		if got := objectsOf(folder, job["id"]); len(got) != 4 {
			t.Errorf("%s: the bucket has %v", name, got)
		}
		if name == "summary" {
			s.WP(t, "delete", job["summary_post_id"])
		}
	}
	s.WP(t, "delete", strconv.FormatInt(ids["document"], 10))
	if removed := s.WP(t, "leave", "leaver@example.org", strconv.FormatInt(ids["person"], 10)); removed != "1" {
		t.Errorf("%s summaries of the person were removed", removed)
	}
	a.Run(t) // told with one request, and the site hears with another that it is done
	const told = "SELECT COUNT(*) AS n FROM {p}aidoc_erasures e JOIN {p}aidoc_agents a ON a.id = e.agent_id WHERE a.name = 'forgetful'"
	if !until(t, time.Minute, func() bool { return s.Count(t, told) == 0 }) {
		t.Fatal("the site was not told of what is erased")
	}
	shared := 0
	_ = filepath.WalkDir(filepath.Join(folder, "texts"), func(_ string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			shared++
		}
		return nil
	})
	if shared != 1 {
		t.Errorf("%d texts are shared, want that of the document that was kept", shared)
	}
	for name, job := range jobs {
		if got := objectsOf(folder, job); (len(got) > 0) != (name == "kept") {
			t.Errorf("%s: the bucket has %v", name, got)
		}
	}
}
