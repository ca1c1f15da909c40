package wpclient_test

import (
	"strings"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient/wptest"
)

func TestErasuresThatMakeNoSenseAreLeftOut(t *testing.T) {
	site := wptest.New(t)
	good := wpclient.Erasure{JobID: 7, SHA256: strings.Repeat("a", 64)}
	for _, e := range []wpclient.Erasure{{JobID: 0}, {JobID: -1}, {JobID: 3, SHA256: "../../etc"}, good, {JobID: 8}} {
		site.Erase(e)
	}
	for range 100 {
		site.Erase(wpclient.Erasure{JobID: 9})
	}
	resp, err := site.Client(wpclient.Options{}).Lease(t.Context(), leaseRequest("6f1e7c1e-3c1e-4c1e-8c1e-1c1e1c1e1c1e"))
	if err != nil {
		t.Fatal(err)
	}
	if len(resp.Erase) != wpclient.MaxErasures-3 || resp.Erase[0] != good || resp.Erase[1].JobID != 8 {
		t.Errorf("%d erasures, first %+v", len(resp.Erase), resp.Erase[:2])
	}
}
