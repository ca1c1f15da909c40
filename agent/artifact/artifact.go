// Package artifact names what is stored for a job: its text, pages, summary and description, and what holders of the job left below its
// checkpoint folder. Names only: it knows no store, no journal and no site.
package artifact

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"path"
	"strconv"
	"strings"
)

// KeyFunc makes the key of a named object of a job.
type KeyFunc func(siteURL string, jobID int64, name string) string

// Job names the objects of one job. Keys depend only on the job, so a second try overwrites and leaves nothing behind.
type Job struct {
	key  KeyFunc
	site string
	id   int64
}

// Of names the objects of the job with this id on the site.
func Of(key KeyFunc, siteURL string, jobID int64) Job { return Job{key: key, site: siteURL, id: jobID} }

func (j Job) named(name string) string { return j.key(j.site, j.id, name) }

// Folder is what the keys of all objects of the job begin with, and those of no other job.
func (j Job) Folder() string { return j.named("") }

// JobIn is the job that an object belongs to, by its key; shelf is what the keys of all jobs of the site begin with. False for anybody else's.
func JobIn(key KeyFunc, siteURL, shelf, object string) (jobID int64, ok bool) {
	rest, ok := strings.CutPrefix(object, shelf)
	if !ok {
		return 0, false
	}
	digits := 0
	for digits < len(rest) && rest[digits] >= '0' && rest[digits] <= '9' {
		digits++
	}
	id, err := strconv.ParseInt(rest[:digits], 10, 64)
	if err != nil || id <= 0 || !strings.HasPrefix(object, Of(key, siteURL, id).Folder()) {
		return 0, false
	}
	return id, true
}

// Text is the whole text, UTF-8.
func (j Job) Text() string { return j.named("text.txt") }

// Pages has one JSON object a line, one line a page.
func (j Job) Pages() string { return j.named("pages.jsonl") }

// Summary is Markdown.
func (j Job) Summary() string { return j.named("summary.md") }

// Meta is JSON: what was done, by what, when.
func (j Job) Meta() string { return j.named("meta.json") }

// Checkpoints is the folder, as a prefix, below which holders of the job leave what is done:
//
//	{epoch}-{tag}-{n}.jsonl        a segment: what a holder finished in a stretch of time
//	{epoch}-{tag}-left-{n}.jsonl   what a retry of missing pages need not do again
//	page-{tag}-{number}.jsonl      one recognised page
//	step-{key}.json                one paid answer
//
// Their names tell what they are worth, because their writer may die before any beat names them. Nothing else is read for a job, so that
// a site cannot make an agent read another site's documents.
func (j Job) Checkpoints() string { return j.named("checkpoint/") }

// IsBrief tells of a key whether its object is one of those, which go when the site has the result.
func IsBrief(key string) bool { return path.Base(path.Dir(key)) == "checkpoint" }

// Step is the paid answer that the journal has under key.
func (j Job) Step(key string) string { return j.Checkpoints() + "step-" + key + ".json" }

// Reading names what came out of reading one file with one version of the reader, for one holder of the job.
type Reading struct {
	Job
	epoch int64
	tag   string
}

// Reading names what the holder of this epoch reads: sha256 is the file's digest, extractor the reader's version.
func (j Job) Reading(epoch int64, sha256, extractor string) Reading {
	return Reading{Job: j, epoch: epoch, tag: tag(sha256, extractor)}
}

// tag stands for the bytes that were read and what read them: only pages of the same are of use.
func tag(digest, extractor string) string {
	sum := sha256.Sum256([]byte(digest + " " + extractor))
	return hex.EncodeToString(sum[:6])
}

// Segment is the n-th segment of this holder.
func (r Reading) Segment(n int) string {
	return r.Checkpoints() + fmt.Sprintf("%d-%s-%04d.jsonl", r.epoch, r.tag, n)
}

// ForRetry is the n-th segment of a retry checkpoint. It has the epoch to be apart from what an earlier attempt left, which is removed
// after this.
func (r Reading) ForRetry(n int) string {
	return r.Checkpoints() + fmt.Sprintf("%d-%s-left-%04d.jsonl", r.epoch, r.tag, n)
}

// Page is one recognised page.
func (r Reading) Page(number int) string {
	return r.Checkpoints() + fmt.Sprintf("page-%s-%05d.jsonl", r.tag, number)
}

// IsOf tells, by its name, whether an object holds pages of the same bytes and reader, by any writer.
func (r Reading) IsOf(key string) bool {
	name := path.Base(key)
	return strings.Contains(name, "-"+r.tag+"-") && strings.HasSuffix(name, ".jsonl")
}
