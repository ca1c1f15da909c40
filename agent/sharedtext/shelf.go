package sharedtext

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"

	"github.com/aidoc-pipeline/aidoc-agent/agent/objectstore"
	"github.com/aidoc-pipeline/aidoc-agent/extract"
)

// Put shares the text of the file with this digest: all of its pages, in order, none of which failed.
func (s Shelf) Put(ctx context.Context, digest string, d extract.Document, pages iter.Seq2[extract.Page, error]) error {
	if !isDigest(digest) {
		return errOther
	}
	f, err := s.temp()
	if err != nil {
		return err
	}
	defer f.Close()
	if err := write(f, s.head(digest, d), pages); err != nil {
		return err
	}
	size, err := f.Seek(0, io.SeekCurrent)
	if err != nil || size > maxBytes {
		return err
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return err
	}
	return s.Store.Put(ctx, s.key(digest), f, size, "application/x-ndjson")
}

// Get gives the pages of the file with this digest to keep, with what is known of the file, where somebody has shared them; ok tells. Nothing is given before all of it was
// checked. What is damaged is removed, so that it is shared anew.
func (s Shelf) Get(ctx context.Context, digest string, keep func(extract.Document, extract.Page) error) (ok bool, err error) {
	if !isDigest(digest) {
		return false, nil
	}
	f, err := s.fetch(ctx, digest)
	if errors.Is(err, objectstore.ErrNotFound) {
		return false, nil
	}
	if err == nil {
		defer f.Close()
		err = read(f, s.head(digest, extract.Document{}), func(extract.Document, extract.Page) error { return nil })
	}
	if errors.Is(err, errDamaged) || errors.Is(err, errOther) || errors.Is(err, objectstore.ErrCorrupt) {
		return false, errors.Join(err, s.Store.Delete(ctx, s.key(digest)))
	}
	if err != nil {
		return false, err
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return false, err
	}
	err = read(f, s.head(digest, extract.Document{}), keep)
	return err == nil, err
}

// fetch brings a text onto this machine: what is checked must be what is read after it.
func (s Shelf) fetch(ctx context.Context, digest string) (*os.File, error) {
	body, _, err := s.Store.Get(ctx, s.key(digest))
	if err != nil {
		return nil, err
	}
	defer body.Close()
	f, err := s.temp()
	if err != nil {
		return nil, err
	}
	n, err := io.Copy(f, io.LimitReader(body, maxBytes+1))
	if err == nil && n > maxBytes {
		err = errDamaged
	}
	if err == nil {
		_, err = f.Seek(0, io.SeekStart)
	}
	if err != nil {
		_ = f.Close()
		return nil, err
	}
	return f, nil
}

func (s Shelf) head(digest string, d extract.Document) head {
	return head{Format: format, Site: s.Site, SHA256: digest, Extractor: s.Extractor, Document: d}
}

// temp is a file without a name: a killed agent leaves nothing behind.
func (s Shelf) temp() (*os.File, error) {
	f, err := os.CreateTemp(s.Dir, "text-*")
	if err != nil {
		return nil, fmt.Errorf("cannot make a temporary file: %w", err)
	}
	_ = os.Remove(f.Name())
	return f, nil
}
