package objectstore

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"strings"
	"time"
)

// Right is one thing the agent does in a store, and how trying it ended.
type Right struct {
	Name     string // as a bucket's policy calls it: "s3:PutObject"
	Needless bool   // the agent works without it; what is lost is in For
	For      string // what it is needed for
	Err      error
}

// TryRights tries with a small probe whatever the agent does in a store, each right for itself, so that one that is missing hides no
// other. Where the store is not there at all, or knows the keys for none of it, the first failure is all there is to say.
func TryRights(ctx context.Context, s Store) []Right {
	key := probePrefix + strings.ToLower(rand.Text())
	want := []byte(rand.Text())
	write := func(st Store) error {
		return st.Put(ctx, key, bytes.NewReader(want), int64(len(want)), "text/plain")
	}
	put := Right{Name: "s3:PutObject", For: "text and summaries are stored with it"}
	put.Err = write(s)
	var more []Right
	bucket, isS3 := s.(*S3)
	if isS3 {
		more = bucket.besidePut(write, &put)
	}
	if put.Err != nil && !onlyDenied(put.Err) {
		return []Right{put}
	}
	written := put.Err == nil
	get := Right{Name: "s3:GetObject", For: "an agent that takes over reads what another has finished"}
	list := Right{Name: "s3:ListBucket", For: "what other agents left for a document is found and tidied up with it"}
	del := Right{Name: "s3:DeleteObject", For: "what a person has erased in WordPress is erased here with it"}
	uploads := Right{Name: "s3:ListBucketMultipartUploads", Needless: true, For: "parts of uploads that broke off stay in the bucket: a lifecycle rule may remove them"}
	get.Err = present(readBack(ctx, s, key, want), written)
	for _, err := range s.List(ctx, key) {
		list.Err = err
	}
	if isS3 {
		more = append(more, bucket.besideGet(ctx, key, written, &get)...)
	}
	// The probe goes away even when reading it failed or the caller gave up meanwhile.
	clean, cancel := context.WithTimeout(context.WithoutCancel(ctx), cleanupTimeout)
	defer cancel()
	del.Err = s.Delete(clean, key)
	rights := append([]Right{put, get, list, del}, more...)
	if isS3 {
		rights = append(rights, bucket.ofUploads(ctx, key)...)
	}
	if sw, ok := s.(Sweeper); ok {
		if _, err := sw.Sweep(ctx, time.Unix(0, 0)); onlyDenied(err) { // nothing is that old: it only looks; a server without such a list loses nothing
			uploads.Err = err
		}
		rights = append(rights, uploads)
	}
	return rights
}

// onlyDenied: this one operation is refused, and others may be allowed.
func onlyDenied(err error) bool { return errors.Is(err, ErrAccessDenied) }

// present leaves out that a probe is missing which could not be written.
func present(err error, written bool) error {
	if !written && errors.Is(err, ErrNotFound) {
		return nil
	}
	return err
}
