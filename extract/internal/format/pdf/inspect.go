package pdf

import (
	"errors"
	"fmt"
	"os"
	"sync"
	"time"

	"github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
)

const (
	// soundBytes and brokenBytes bound the file pdfcpu looks at: it reads every object, MuPDF only what
	// a page needs. A file that MuPDF did not have to repair is seldom worth more than a few
	// milliseconds; of a broken one the longer look tells whether text may be missing.
	soundBytes  = 64 << 10
	brokenBytes = 512 << 10
	// inspectTime bounds how long a document waits for it.
	inspectTime = 400 * time.Millisecond
)

var (
	errPanic = errors.New("the check failed by a panic")
	errSlow  = errors.New("the check took too long")
	errLarge = errors.New("the file is too large to be checked")
)

// report is what pdfcpu says about a file. It is advice: MuPDF reads files that pdfcpu refuses.
type report struct {
	pages         int // 0: unknown
	title, author string
	locked        bool  // a password is needed
	err           error // why the file is not a valid PDF, or why that is unknown
}

// damaged says that the file was looked at in full and found faulty.
func (r report) damaged() bool {
	return r.err != nil && !r.locked && !errors.Is(r.err, errSlow) && !errors.Is(r.err, errLarge)
}

// inspect validates the file and reads its page count and metadata, bounded in size (most, bytes) and time.
func inspect(path string, most int64) report {
	st, err := os.Stat(path)
	if err != nil {
		return report{err: fmt.Errorf("look at the file: %w", err)}
	}
	if st.Size() > most {
		return report{err: errLarge}
	}
	done := make(chan report, 1)
	go func() { done <- check(path, time.Now().Add(inspectTime)) }()
	late := time.NewTimer(inspectTime)
	defer late.Stop()
	select {
	case r := <-done:
		return r
	case <-late.C:
		// It stops at its next read; nothing it may still find is waited for.
		return report{err: errSlow}
	}
}

// check runs pdfcpu and recovers from its panics: it passes run time errors on as such.
func check(path string, until time.Time) (r report) {
	defer func() {
		if p := recover(); p != nil {
			r.err = fmt.Errorf("%w: %v", errPanic, p)
		}
	}()
	f, err := os.Open(path)
	if err != nil {
		return report{err: fmt.Errorf("open: %w", err)}
	}
	defer f.Close()
	ctx, err := api.ReadContext(timed{f, until}, configuration(model.VALIDATE))
	if err != nil {
		return report{err: fmt.Errorf("read: %w", err), locked: errors.Is(err, pdfcpu.ErrWrongPassword)}
	}
	r.err = api.ValidateContext(ctx)
	// Both are filled while validating, as far as it came.
	r.title, r.author = cleanMeta(ctx.Title), cleanMeta(ctx.Author)
	if err := ctx.EnsurePageCount(); err == nil {
		r.pages = ctx.PageCount
	}
	return r
}

// timed is a file that cannot be read after a moment: pdfcpu's validation takes no context.
type timed struct {
	*os.File
	until time.Time
}

func (t timed) Read(p []byte) (int, error) {
	if time.Now().After(t.until) {
		return 0, errSlow
	}
	return t.File.Read(p)
}

// decrypt writes a copy without encryption to a new file in the scratch folder and returns its path.
// It opens what the empty password opens.
func decrypt(path string) (out string, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%w: %v", errPanic, p)
		}
		if err != nil && out != "" {
			doc.Drop(out)
			out = ""
		}
	}()
	in, err := os.Open(path)
	if err != nil {
		return "", fmt.Errorf("open: %w", err)
	}
	defer in.Close()
	f, err := os.CreateTemp("", "plain-*.pdf")
	if err != nil {
		return "", fmt.Errorf("create the decrypted copy: %w", err)
	}
	out = f.Name()
	err = api.Decrypt(in, f, configuration(model.DECRYPT))
	return out, errors.Join(err, f.Close())
}

// withoutConfigDir sets a variable of pdfcpu's: once, for a check that was not waited for may still read it.
var withoutConfigDir = sync.OnceFunc(api.DisableConfigDir)

// configuration keeps pdfcpu off the network and out of the home folder, and its memory small.
func configuration(cmd model.CommandMode) *model.Configuration {
	withoutConfigDir()
	c := model.NewDefaultConfiguration()
	c.Cmd = cmd
	c.Offline = true
	c.ValidateLinks = false
	c.ValidationMode = model.ValidationRelaxed
	c.Optimize = false
	c.DecodeAllStreams = false
	c.Limits.MaxStreamBytes = 64 << 20
	c.Limits.MaxDecodeBytes = 64 << 20
	c.Limits.MaxObjectCount = min(c.Limits.MaxObjectCount, 1_000_000)
	c.Limits.MaxXRefEntries = min(c.Limits.MaxXRefEntries, 1_000_000)
	return c
}
