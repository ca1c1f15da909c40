package artifact_test

import (
	"strings"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/agent/artifact"
	"github.com/aidoc-pipeline/aidoc-agent/agent/objectstore"
)

const site = "https://example.org"

// Other agents, and what WordPress keeps of a result, find objects by these names.
func TestNames(t *testing.T) {
	job := artifact.Of(objectstore.Layout{}.KeyFor, site, 5)
	read := job.Reading(3, "aa", "test-1")
	const tag = "ed6ae427f1ee"
	for got, want := range map[string]string{
		job.Text():        "processed/5/text.txt",
		job.Pages():       "processed/5/pages.jsonl",
		job.Summary():     "processed/5/summary.md",
		job.Meta():        "processed/5/meta.json",
		job.Checkpoints(): "processed/5/checkpoint/",
		job.Step("k"):     "processed/5/checkpoint/step-k.json",
		read.Segment(7):   "processed/5/checkpoint/3-" + tag + "-0007.jsonl",
		read.ForRetry(7):  "processed/5/checkpoint/3-" + tag + "-left-0007.jsonl",
		read.Page(12):     "processed/5/checkpoint/page-" + tag + "-00012.jsonl",
	} {
		if got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

func TestOnlyPagesOfTheSameBytesAndReaderAreOfUse(t *testing.T) {
	job := artifact.Of(objectstore.Layout{}.KeyFor, site, 5)
	mine, later := job.Reading(2, "aa", "v1"), job.Reading(9, "aa", "v1")
	for _, key := range []string{mine.Segment(0), mine.ForRetry(0), mine.Page(1)} {
		if !later.IsOf(key) {
			t.Errorf("%s is not found by a later holder", key)
		}
	}
	for _, other := range []artifact.Reading{job.Reading(2, "ab", "v1"), job.Reading(2, "aa", "v2")} {
		if other.IsOf(mine.Page(1)) || other.IsOf(mine.Segment(0)) {
			t.Error("pages of other bytes or another reader are taken")
		}
	}
	if mine.IsOf(job.Step("k")) || !strings.HasPrefix(mine.Segment(0), job.Checkpoints()) {
		t.Error("an answer is taken for pages, or a segment lies outside its job")
	}
}
