package wpclient_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient/wptest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const uuid = "0b8f2c54-7d0a-4d3f-9a51-3f0d8a2c7e11"

func agentInfo() wpclient.AgentInfo {
	return wpclient.AgentInfo{Version: "1.0.0", Host: "scan-1", OS: "linux", Arch: "amd64", Slots: 2}
}

func leaseRequest(id string) wpclient.LeaseRequest {
	return wpclient.LeaseRequest{RequestID: id, FreeSlots: 2, Agent: agentInfo(),
		Capabilities: wpclient.Capabilities{MIMEs: []string{"application/pdf"}, OCRLanguages: []string{"eng"}, MaxBytes: 1 << 20}}
}

// client closes its connections with the test; goleak would see them otherwise.
func client(t testing.TB, s *wptest.Site, opt wpclient.Options) *wpclient.Client {
	t.Helper()
	return clientFor(t, s.Site(), s.Key(), opt)
}

func clientFor(t testing.TB, site wpclient.Site, key wpclient.Key, opt wpclient.Options) *wpclient.Client {
	t.Helper()
	if opt.Timeout == 0 {
		opt.Timeout = 20 * time.Second
	}
	c := wpclient.New(site, key, opt)
	t.Cleanup(c.Close)
	return c
}

func ctx(t testing.TB) context.Context {
	t.Helper()
	c, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	t.Cleanup(cancel)
	return c
}

func theError(t testing.TB, err error) *wpclient.Error {
	t.Helper()
	var e *wpclient.Error
	if !errors.As(err, &e) {
		t.Fatalf("no *wpclient.Error: %v", err)
	}
	return e
}

func logger() (*slog.Logger, *bytes.Buffer) {
	var b bytes.Buffer
	return slog.New(slog.NewJSONHandler(&b, &slog.HandlerOptions{Level: slog.LevelDebug})), &b
}

// leaseOne adds a document and leases it.
func leaseOne(t testing.TB, s *wptest.Site, c *wpclient.Client, data string) wpclient.Lease {
	t.Helper()
	s.AddJob("Report.pdf", "application/pdf", []byte(data))
	got, err := c.Lease(ctx(t), leaseRequest(uuid))
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Leases) != 1 {
		t.Fatalf("%d leases", len(got.Leases))
	}
	return got.Leases[0]
}

func resultFor(l wpclient.Lease) wpclient.Result {
	return wpclient.Result{LeaseRef: l.Ref(), ResultID: "7c9e6679-7425-40de-944b-e07fc1f90ae7", AttachmentID: l.AttachmentID,
		SourceSHA256: l.SHA256, Title: "Über <b>alles</b> & mehr", SummaryMarkdown: "# Größe\n\nText.", Language: "de-DE",
		WordCount: 3, Pages: 1, Chunks: 1, Provider: "extractive", Agent: "scan-1", AgentVersion: "1.0.0"}
}
