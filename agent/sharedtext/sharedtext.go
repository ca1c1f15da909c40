// Package sharedtext keeps the text of a file for all agents of a site that share a store, by the file's digest: what one of them has read the others
// need not read. It knows a store and pages, no job and no lease.
package sharedtext

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"iter"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/agent/objectstore"
)

// Folder begins the keys of shared texts. Numbers follow the shelf of jobs, a site's name this.
const Folder = "texts"

// maxBytes bounds a shared text: 500,000 pages at the most, and ten minutes of reading from a slow store. What is longer is read by each agent.
const maxBytes = 512 << 20

// Store is what is needed of an object store.
type Store interface {
	Put(ctx context.Context, key string, r io.Reader, size int64, contentType string) error
	Get(ctx context.Context, key string) (io.ReadCloser, objectstore.Info, error)
	Delete(ctx context.Context, key string) error
}

// Eraser is what Erase needs of one.
type Eraser interface {
	Delete(ctx context.Context, key string) error
	List(ctx context.Context, prefix string) iter.Seq2[objectstore.Info, error]
}

// Shelf has the texts of one site.
type Shelf struct {
	Store     Store
	Site      string // its home URL
	Slug      string // its name in keys
	Extractor string // version of the reader, its languages and limits with it
	Dir       string // for temporary files, private to the agent
}

// of begins the keys of all texts of a file: each version of the reader has its own.
func of(slug, digest string) string { return Folder + "/" + slug + "/" + digest + "-" }

func (s Shelf) key(digest string) string {
	sum := sha256.Sum256([]byte(s.Extractor))
	return of(s.Slug, digest) + hex.EncodeToString(sum[:8]) + ".jsonl"
}

// isDigest: what a site sends becomes part of a key.
func isDigest(s string) bool {
	raw, err := hex.DecodeString(s)
	return err == nil && len(raw) == sha256.Size && hex.EncodeToString(raw) == s
}

// Erase removes the texts of a file for one site, of all versions of the reader: those from before a time, or all where it is zero. It goes on
// after an error, and returns all of them.
func Erase(ctx context.Context, store Eraser, slug, digest string, before time.Time) error {
	if !isDigest(digest) {
		return nil // no text has such a name
	}
	var keys []string
	for o, err := range store.List(ctx, of(slug, digest)) {
		if err != nil {
			return err
		}
		if before.IsZero() || o.ModTime.Before(before) {
			keys = append(keys, o.Key)
		}
	}
	var errs []error
	for _, key := range keys {
		errs = append(errs, store.Delete(ctx, key))
	}
	return errors.Join(errs...)
}
