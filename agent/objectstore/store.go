// Package objectstore keeps the artifacts of a job (extracted text, pages, summary) in a folder
// or in an S3 bucket, behind one interface with one contract.
package objectstore

import (
	"context"
	"io"
	"iter"
	"time"
)

// Store is a flat space of objects under keys (see ValidKey).
//
// The contract, held by storetest for every implementation:
//
//   - Safe for concurrent use.
//   - Put replaces: a reader sees the old object or the new one, never a mixture. A Put that fails
//     leaves the old one; only where it was interrupted at its very end may it be the new one. When Put returns nil the object is durable. Two Puts of
//     one key: one of them wins whole. Putting the same content again is harmless, so callers may
//     repeat any failed operation.
//   - Transport faults are retried inside, a few times; what comes back is an *Error whose code says
//     whether trying again later makes sense. A cancelled context ends an operation promptly and
//     leaves nothing behind (no temporary file, no unfinished multipart upload).
//   - A key is not at the same time the folder of another key ("a" and "a/b"): a folder cannot hold both.
//   - Content types are advice: an implementation may forget them.
type Store interface {
	// Put stores size bytes of r under key. A reader that yields fewer or more bytes is an error
	// and nothing is stored. size -1 means unknown.
	Put(ctx context.Context, key string, r io.Reader, size int64, contentType string) error
	// Get opens the object; the caller closes it. ErrNotFound where there is none.
	Get(ctx context.Context, key string) (io.ReadCloser, Info, error)
	// Stat describes the object without its content. ErrNotFound where there is none.
	Stat(ctx context.Context, key string) (Info, error)
	// Delete removes the object. Deleting what is not there is no error.
	Delete(ctx context.Context, key string) error
	// List yields the objects whose key starts with prefix (plain text, not folders), in key order.
	List(ctx context.Context, prefix string) iter.Seq2[Info, error]
	// Check writes, reads back and deletes a small probe: what `doctor` runs.
	Check(ctx context.Context) error
	// String names the place for people, without secrets: "s3://bucket/prefix", "/var/lib/…/store".
	String() string
}

// Sweeper is a Store that can clear away what killed processes left unfinished.
type Sweeper interface {
	// Sweep removes unfinished writes that began before the given time and returns how many.
	Sweep(ctx context.Context, before time.Time) (int, error)
}

// Info describes an object.
type Info struct {
	Key         string
	Size        int64
	ModTime     time.Time
	ContentType string // "" where the store does not keep it
}
