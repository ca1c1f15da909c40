package pressure

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/agent/fetch"
	"github.com/aidoc-pipeline/aidoc-agent/agent/journal"
	"github.com/aidoc-pipeline/aidoc-agent/agent/objectstore"
)

func TestFullPlace(t *testing.T) {
	for want, errs := range map[Place][]error{
		Nowhere: {nil, errors.New("damaged"), &fetch.Error{Code: fetch.CodeNotAllowed}},
		Journal: {fmt.Errorf("write: %w", journal.ErrDiskFull)},
		Store:   {fmt.Errorf("put: %w", objectstore.ErrFull)},
		WorkDir: {&fetch.Error{Code: fetch.CodeDiskFull}, syscall.ENOSPC, fmt.Errorf("write: %w", syscall.EDQUOT)},
	} {
		for _, err := range errs {
			if got := FullPlace(err); got != want {
				t.Errorf("%v is about place %d, want %d", err, got, want)
			}
		}
	}
}

func TestAFullPlaceIsTriedUntilItTakesDataAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tried, again := 0, 0
		volumes := map[Place]Volume{Store: {Full: "free the store", Probe: func(context.Context) error {
			if tried++; tried < 3 {
				return errors.New("still full")
			}
			return nil
		}}}
		s := NewSpace(volumes, time.Second, func() { again++ }, slog.New(slog.DiscardHandler))
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() { s.Run(ctx); close(ended) }()
		if s.Reason() != "" {
			t.Errorf("no work is taken because %q", s.Reason())
		}
		s.Note(Store)
		if s.Reason() != "free the store" {
			t.Errorf("no work is taken because %q", s.Reason())
		}
		time.Sleep(time.Minute)
		if tried != 3 || again != 1 || s.Reason() != "" {
			t.Errorf("tried %d times, told %d times, reason %q", tried, again, s.Reason())
		}
		stop()
		<-ended
	})
}
