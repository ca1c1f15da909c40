//go:build e2e

package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/agent/trace/tracetest"
)

// A document's way is one trace, under the id that WordPress made for the job; the site is told which span asks.
func TestADocumentIsATrace(t *testing.T) {
	t.Parallel()
	s, c := testSite(t), tracetest.New(t)
	heard := filepath.Join(t.TempDir(), "heard.txt")
	if err := os.Chmod(filepath.Dir(heard), 0o777); err != nil {
		t.Fatal(err)
	}
	s.muPlugin(t, "heard", `<?php
add_action( 'aidoc_agent_request', fn( $route, $parent ) => file_put_contents( '`+heard+`', "$route $parent\n", FILE_APPEND ), 10, 2 );
`)
	id := s.Upload(t, "minutes.txt", text(1))
	agent := joined(t, s, "traced", "AIDOC_TRACING_ENDPOINT="+c.URL())
	if got := agent.Do(t, "doctor"); !strings.Contains(got.Stdout, "takes traces") {
		t.Errorf("doctor says nothing of the collector:\n%s", got.Stdout)
	}
	agent.Do(t, "once").want(t, exitOK)
	if item := s.AwaitRest(t, time.Minute, id)[id]; item.State != "done" {
		t.Fatalf("%s (%s)", item.State, item.Detail)
	}
	job := s.SQL(t, "SELECT trace_id FROM {p}aidoc_jobs WHERE attachment_id = %d", id)[0]["trace_id"]
	spans := c.Spans()
	for _, name := range []string{"lease", "download", "extract", "summarise", "store", "report", "deliver"} {
		if got := spans[name]; got.Trace != job || got.Parent != spans["document"].ID {
			t.Errorf("%s is in the trace %q below %q; the job's is %q, its span %q", name, got.Trace, got.Parent, job, spans["document"].ID)
		}
	}
	said, err := os.ReadFile(heard)
	if err != nil {
		t.Fatal(err)
	}
	if want := "/aidoc/v1/result 00-" + job + "-" + spans["deliver"].ID + "-01\n"; !strings.Contains(string(said), want) || !strings.Contains(string(said), "/aidoc/v1/lease \n") {
		t.Errorf("the site has heard\n%s and not %s", said, want)
	}
}
