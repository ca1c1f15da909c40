package lease

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

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
		New(testLease(), sent, cancel)
		<-ctx.Done()
		if since := time.Since(sent); since != 105*time.Second {
			t.Errorf("fenced %s after the request was sent, want 105s", since)
		}
		if !errors.Is(context.Cause(ctx), ErrFenced) {
			t.Errorf("cause %v", context.Cause(ctx))
		}
	})
}

func TestAGoodBeatMovesTheFenceFromItsSendTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancelCause(t.Context())
		start := time.Now()
		h := New(testLease(), start, cancel)
		time.Sleep(90 * time.Second)
		sent := time.Now()
		time.Sleep(5 * time.Second)
		h.Renew(sent, wpclient.BeatLease{TTLMS: 120_000, BeatMS: 5_000})
		<-ctx.Done()
		if since := time.Since(start); since != 195*time.Second {
			t.Errorf("fenced after %s, want 195s", since)
		}
		if every, _ := h.NextBeat(); every != 5*time.Second {
			t.Errorf("beat interval %s", every)
		}
	})
}

func TestALateBeatDoesNotReviveAFencedLease(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancelCause(t.Context())
		sent := time.Now()
		h := New(testLease(), sent, cancel)
		time.Sleep(106 * time.Second)
		h.Renew(sent.Add(100*time.Second), wpclient.BeatLease{TTLMS: 120_000})
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
		h := New(testLease(), time.Now(), cancel)
		defer h.Settle()
		if h.Fits(time.Hour) {
			t.Error("work of unknown pace was kept")
		}
		time.Sleep(20 * time.Second)
		h.Progress("summarise", 8, 10) // 2.5 s a step: 5 s left
		if !h.Fits(6*time.Second) || h.Fits(4*time.Second) {
			t.Error("estimate of 5 s was not kept to")
		}
		h.Progress("extract", 8, 10) // reading that far took 20 s, the summary is still to come
		if h.Fits(6*time.Second) || !h.Fits(11*time.Second) {
			t.Error("estimate did not reckon with the summary")
		}
	})
}
