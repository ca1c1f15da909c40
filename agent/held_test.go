package agent

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/internal/backoff"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
)

func testLease() wpclient.Lease {
	return wpclient.Lease{JobID: 7, Epoch: 3, LeaseToken: "t", TTLMS: 120_000, BeatMS: 30_000}
}

func TestTheFenceFallsBeforeTheLeaseEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancelCause(t.Context())
		sent := time.Now()
		time.Sleep(10 * time.Second) // the answer was slow; the site's ttl began somewhere in between
		newHeld(testLease(), sent, cancel)
		<-ctx.Done()
		if since := time.Since(sent); since != 105*time.Second {
			t.Errorf("fenced %s after the request was sent, want 105s", since)
		}
		if !errors.Is(context.Cause(ctx), errFenced) {
			t.Errorf("cause %v", context.Cause(ctx))
		}
	})
}

func TestAGoodBeatMovesTheFenceFromItsSendTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancelCause(t.Context())
		start := time.Now()
		h := newHeld(testLease(), start, cancel)
		time.Sleep(90 * time.Second)
		sent := time.Now()
		time.Sleep(5 * time.Second)
		h.renew(sent, wpclient.BeatLease{TTLMS: 120_000, BeatMS: 5_000})
		<-ctx.Done()
		if since := time.Since(start); since != 195*time.Second {
			t.Errorf("fenced after %s, want 195s", since)
		}
		if h.interval() != 5*time.Second {
			t.Errorf("beat interval %s", h.interval())
		}
	})
}

func TestALateBeatDoesNotReviveAFencedLease(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancelCause(t.Context())
		sent := time.Now()
		h := newHeld(testLease(), sent, cancel)
		time.Sleep(106 * time.Second)
		h.renew(sent.Add(100*time.Second), wpclient.BeatLease{TTLMS: 120_000})
		if ctx.Err() == nil {
			t.Fatal("the fence did not fall")
		}
		h.mu.Lock()
		defer h.mu.Unlock()
		if h.fence.Stop() {
			t.Error("a fence that had fallen was set again")
		}
	})
}

func TestDrainKeepsOnlyWhatFits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, cancel := context.WithCancelCause(t.Context())
		h := newHeld(testLease(), time.Now(), cancel)
		defer h.settle()
		if h.fits(time.Hour) {
			t.Error("work of unknown pace was kept")
		}
		time.Sleep(20 * time.Second)
		h.progress("summarise", 8, 10) // 2.5 s a step: 5 s left
		if !h.fits(6*time.Second) || h.fits(4*time.Second) {
			t.Error("estimate of 5 s was not kept to")
		}
		h.progress("extract", 8, 10) // reading that far took 20 s, the summary is still to come
		if h.fits(6*time.Second) || !h.fits(11*time.Second) {
			t.Error("estimate did not reckon with the summary")
		}
	})
}

func TestBackoffIsJitteredCappedAndObeysTheServer(t *testing.T) {
	b := backoff.New(time.Second, time.Minute)
	var last time.Duration
	for range 50 {
		last = b.Next(0)
		if last < time.Second || last > time.Minute {
			t.Fatalf("wait %s", last)
		}
	}
	if got := b.Next(5 * time.Minute); got != 5*time.Minute {
		t.Errorf("Retry-After of 5 min became %s", got)
	}
	b.Reset()
	if got := b.Next(0); got > 2*time.Second {
		t.Errorf("after a success the first wait was %s", got)
	}
}

func TestSlotsNeverExceedTheirTotal(t *testing.T) {
	s := newSlots(3)
	if got := s.reserve(2); got != 2 {
		t.Fatal(got)
	}
	if got := s.reserve(5); got != 1 {
		t.Fatal(got)
	}
	changed := s.changed()
	s.release(1)
	<-changed
	if got := s.reserve(5); got != 1 {
		t.Fatal(got)
	}
}
