//go:build e2e

package e2e

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// offloader is a plugin that keeps some uploads in a bucket and has no keys to sign an address with, as the interface of the plugin asks.
const offloader = `<?php
add_filter( 'aidoc_offloaders', function ( $all ) {
	$all[] = new class() implements AIDoc\Offload\Offloader {
		public function name(): string { return 'e2e'; }
		public function locate( int $attachment_id ): ?AIDoc\Offload\Place {
			$key = 'media/' . get_post_meta( $attachment_id, '_wp_attached_file', true );
			return str_contains( $key, 'moved' ) ? new AIDoc\Offload\Place( '` + s3Bucket + `', $key, 'us-east-1' ) : null;
		}
		public function address( int $attachment_id, int $seconds ): string { return ''; }
	};
	return $all;
} );
`

// A document whose file was moved to a bucket while it waited is read there, with the settings that the store has: no AWS_* variable is set.
func TestOffloadedMedia(t *testing.T) {
	s := use(t, sites.sqlite)
	endpoint, folder := startS3(t)
	s.muPlugin(t, "offloader.php", offloader)
	sites, err := json.Marshal([]map[string]any{{"url": s.URL, "allow_buckets": []string{s3Bucket}}})
	if err != nil {
		t.Fatal(err)
	}
	a := joined(t, s, "bucket-reader", "AIDOC_SITES="+string(sites), "AIDOC_STORE_KIND=s3", "AIDOC_STORE_S3_BUCKET="+s3Bucket, "AIDOC_STORE_S3_REGION=us-east-1",
		"AIDOC_STORE_S3_ENDPOINT="+endpoint, "AIDOC_STORE_S3_PATH_STYLE=true", "AIDOC_STORE_S3_ACCESS_KEY_ID="+s3Key, "AIDOC_STORE_S3_SECRET_ACCESS_KEY="+s3Secret)
	id := s.Upload(t, "moved.pdf", read(t, "mixed.pdf"))
	file := s.SQL(t, "SELECT meta_value AS v FROM {p}postmeta WHERE post_id = %d AND meta_key = '_wp_attached_file'", id)[0]["v"]
	move(t, filepath.Join(s.Root, "wp-content", "uploads", file), filepath.Join(folder, "media", file))
	a.Do(t, "once").want(t, exitOK)
	if item := s.AwaitRest(t, 10*time.Second, id)[id]; item.State != "done" {
		t.Fatalf("the document is %s: %s", item.State, item.Detail)
	}
	job := s.SQL(t, "SELECT id FROM {p}aidoc_jobs WHERE attachment_id = %d", id)
	text, err := os.ReadFile(filepath.Join(folder, "processed", job[0]["id"], "text.txt"))
	if len(job) != 1 || err != nil || !strings.Contains(string(text), "Harrison") {
		t.Errorf("%d jobs; %v; text %.80q", len(job), err, text)
	}
}

var muPlugins atomic.Int64 // that the sites got

// muPlugin puts a plugin into the site until it is removed or the test ends. Its file has a name that none had before: PHP does not look
// for two seconds whether a file that it has compiled was changed.
func (s *Site) muPlugin(t *testing.T, name, code string) (remove func()) {
	t.Helper()
	folder := filepath.Join(s.Root, "wp-content", "mu-plugins")
	file := filepath.Join(folder, fmt.Sprintf("%s-%d.php", name, muPlugins.Add(1)))
	err := os.MkdirAll(folder, 0o755)
	if err == nil {
		err = os.WriteFile(file, []byte(code), 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
	remove = func() {
		if err := os.Remove(file); err != nil && !errors.Is(err, fs.ErrNotExist) {
			t.Error(err)
		}
	}
	t.Cleanup(remove)
	return remove
}

func move(t *testing.T, from, to string) {
	t.Helper()
	b, err := os.ReadFile(from)
	if err == nil {
		err = os.MkdirAll(filepath.Dir(to), 0o755)
	}
	if err == nil {
		err = os.WriteFile(to, b, 0o644)
	}
	if err == nil {
		err = os.Remove(from)
	}
	if err != nil {
		t.Fatal(err)
	}
}
