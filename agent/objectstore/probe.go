package objectstore

import (
	"bytes"
	"context"
	"crypto/rand"
	"io"
	"strings"
)

// probePrefix begins the keys of what is stored only to try whether it can be.
const probePrefix = ".aidoc-probe-"

// probe is Check for any store: write, read back, delete. The first failing step is reported.
func probe(ctx context.Context, s Store) error {
	key := probePrefix + strings.ToLower(rand.Text())
	want := []byte(rand.Text())
	if err := s.Put(ctx, key, bytes.NewReader(want), int64(len(want)), "text/plain"); err != nil {
		return err
	}
	err := readBack(ctx, s, key, want)
	// The probe goes away even when reading it failed or the caller gave up meanwhile.
	clean, cancel := context.WithTimeout(context.WithoutCancel(ctx), cleanupTimeout)
	defer cancel()
	if delErr := s.Delete(clean, key); err == nil {
		err = delErr
	}
	return err
}

func readBack(ctx context.Context, s Store, key string, want []byte) error {
	r, _, err := s.Get(ctx, key)
	if err != nil {
		return err
	}
	defer r.Close()
	got, err := io.ReadAll(io.LimitReader(r, int64(len(want))+1))
	if err != nil {
		if own := named("check", s.String(), "", err); own != nil {
			return own
		}
		return &Error{Op: "check", Store: s.String(), Code: CodeBusy, Err: err}
	}
	if !bytes.Equal(got, want) {
		return &Error{Op: "check", Store: s.String(), Code: CodeCorrupt}
	}
	return nil
}
