package pipeline

import (
	"context"
	"errors"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/agent/journal"
	"github.com/aidoc-pipeline/aidoc-agent/extract"
)

// journalled are the sizes of the batches that a pageBatch wrote.
func journalled(sizes *[]int) func(context.Context, []journal.PageBlob) error {
	return func(ctx context.Context, pages []journal.PageBlob) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		*sizes = append(*sizes, len(pages))
		return nil
	}
}

// A crash may cost a batch of pages of text, never a page that was recognised.
func TestRecognisedPagesAreJournalledAtOnceAndPagesOfTextTogether(t *testing.T) {
	var sizes []int
	b := pageBatch{put: journalled(&sizes)}
	for n := range 2 * batchPages {
		if err := b.add(t.Context(), page(n+1, extract.MethodText, 1, "x")); err != nil {
			t.Fatal(err)
		}
	}
	if len(sizes) < 2 || b.bytes >= batchBytes {
		t.Errorf("%d pages of text were written as %v", 2*batchPages, sizes)
	}
	if err := b.end(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	sizes = nil
	for n, method := range []extract.Method{extract.MethodText, extract.MethodOCR, extract.MethodOCR} {
		if err := b.add(t.Context(), page(n+1, method, 1, "x")); err != nil {
			t.Fatal(err)
		}
	}
	if len(b.waiting) != 0 || len(sizes) < 2 {
		t.Errorf("recognised pages wait: %d of them, written %v", len(b.waiting), sizes)
	}
}

func TestWhatWasReadIsKeptWhenTheReadingIsStopped(t *testing.T) {
	var sizes []int
	b := pageBatch{put: journalled(&sizes)}
	ctx, cancel := context.WithCancel(t.Context())
	if err := b.add(ctx, page(1, extract.MethodText, 1, "x")); err != nil {
		t.Fatal(err)
	}
	cancel()
	stopped := errors.New("stopped")
	if err := b.end(ctx, stopped); !errors.Is(err, stopped) || len(sizes) != 1 {
		t.Errorf("error %v, written %v", err, sizes)
	}
}
