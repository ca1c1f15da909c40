package wptest_test

import (
	"context"
	"errors"
	"net/http"
	"testing"

	"go.uber.org/goleak"

	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient/wptest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestAwait(t *testing.T) {
	s := wptest.New(t)
	id := s.AddJob("a.pdf", "application/pdf", []byte("x"))
	go s.Cancel(id)
	if j, err := s.Await(context.Background(), id, wptest.Cancelled); err != nil || j.State != wptest.Cancelled {
		t.Errorf("%+v, %v", j, err)
	}
	stop, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := s.Await(stop, id, wptest.Done); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

// The fence: a lease that was put back is worth nothing, and the next holder has another epoch and token.
func TestEpochs(t *testing.T) {
	s := wptest.New(t)
	c := s.Client(wpclient.Options{})
	defer c.Close()
	id := s.AddJob("a.pdf", "application/pdf", []byte("x"))
	lease := func(request string) []wpclient.Lease {
		got, err := c.Lease(context.Background(), wpclient.LeaseRequest{RequestID: request, FreeSlots: 1,
			Capabilities: wpclient.Capabilities{MIMEs: []string{"application/pdf"}}})
		if err != nil {
			t.Fatal(err)
		}
		return got.Leases
	}
	first := lease("00000000-0000-0000-0000-000000000001")[0]
	if more := lease("00000000-0000-0000-0000-000000000002"); len(more) != 0 {
		t.Fatalf("given twice: %+v", more)
	}
	s.Expire(id)
	second := lease("00000000-0000-0000-0000-000000000003")[0]
	if second.Epoch != first.Epoch+1 || second.LeaseToken == first.LeaseToken || s.Job(id).Crashes != 1 {
		t.Fatalf("%+v after %+v", second, first)
	}
	beat, err := c.Beat(context.Background(), wpclient.BeatRequest{Held: []wpclient.Held{{LeaseRef: first.Ref()}, {LeaseRef: second.Ref()}}})
	if err != nil || beat.Leases[0].Status != "lost" || beat.Leases[1].Status != "ok" {
		t.Fatalf("%+v, %v", beat, err)
	}
	s.SetDirective(wpclient.DirectivePause)
	s.AddJob("b.pdf", "application/pdf", []byte("y"))
	if more := lease("00000000-0000-0000-0000-000000000004"); len(more) != 0 {
		t.Errorf("leased while paused: %+v", more)
	}
}

func TestHoldAndRecords(t *testing.T) {
	s := wptest.New(t)
	c := s.Client(wpclient.Options{})
	defer c.Close()
	hold, arrived := make(chan struct{}), make(chan struct{})
	s.Fault(func(*http.Request) wptest.Fault { close(arrived); return wptest.Fault{Hold: hold} })
	done := make(chan error)
	go func() { _, err := c.Echo(context.Background()); done <- err }()
	<-arrived
	if n := len(s.Requests()); n != 0 {
		t.Errorf("%d requests answered", n)
	}
	close(hold)
	if err := <-done; err != nil {
		t.Error(err)
	}
	if r := s.Requests(); len(r) != 1 || r[0].Route != "/aidoc/v1/echo" || r[0].Status != 200 || r[0].KeyID != c.KeyID() {
		t.Errorf("%+v", r)
	}
}
