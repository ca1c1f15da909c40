package failure

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/agent/journal"
	"github.com/aidoc-pipeline/aidoc-agent/agent/objectstore"
)

// What is wrong with this machine or its store is no fault of the document: the job is tried again, whatever class the cause has.
func TestFaultsOfTheMachineAreTriedAgain(t *testing.T) {
	for _, c := range []struct {
		err  error
		code string
		says string
	}{
		{journal.ErrDiskFull, "disk_full", "free some space"},
		{journal.ErrCorrupt, "disk_error", "journal"},
		{&journal.Error{Op: "save a job", Code: journal.CodeDenied}, "disk_error", "journal"},
		{&journal.Error{Op: "save a job", Code: journal.CodeFailed}, "disk_error", "journal"},
		{&journal.Error{Op: "save a job", Code: journal.CodeMissing}, "disk_error", "journal"},
		{journal.ErrClosed, "internal", "log"},
		{&journal.Error{Op: "read pages", Code: journal.CodeInterrupted, Err: context.DeadlineExceeded}, "max_runtime", "longer"},
		{objectstore.ErrFull, "store_failed", "no space left"},
		{&objectstore.Error{Op: "put", Code: objectstore.CodeNoBucket, Message: "there is no bucket docs: create it"}, "store_failed", "no bucket docs"},
		{objectstore.ErrWrongRegion, "store_failed", "store.s3.region"},
	} {
		f := Of(fmt.Errorf("store: %w", c.err))
		if f.Code != c.code || f.Permanent || !strings.Contains(f.Message, c.says) {
			t.Errorf("%v: %+v", c.err, f)
		}
	}
}
