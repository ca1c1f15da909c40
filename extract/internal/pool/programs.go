package pool

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"sync"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/child/wire"
)

// self is the program that runs, also when another one was put in its place.
const self = "/proc/self/exe"

// program is what a child is started as.
type program struct {
	path string
	name string      // as lists of processes show it
	file fs.FileInfo // of the readers' own program; nil of this program
}

// programs chooses what children are started as: the readers' own program, which starts faster, or this one, which can do the same.
type programs struct {
	name   string // of this program
	reader string // the readers' own program, "" where this one has no number (wire.Build) by which it could know it
	chosen bool   // it was named, and not found beside this program
	log    *slog.Logger

	mu      sync.Mutex
	why     string      // it is not used; "" when it is
	refused fs.FileInfo // it as it was when it did not start, or turned out to be of another build
}

func newPrograms(c Config) (*programs, error) {
	exe, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("extract: find own binary: %w", err)
	}
	p := &programs{name: exe, reader: c.Reader, chosen: c.Reader != "", log: c.Logger}
	if p.chosen {
		return p, nil
	}
	// Not looked for in PATH: whoever may set that may not choose what reads documents.
	if exe, err = filepath.EvalSymlinks(exe); err == nil && wire.Build() != "" {
		p.reader = filepath.Join(filepath.Dir(exe), wire.Program)
	}
	return p, nil
}

// choose is the program for the next child. It looks anew each time: an update may have replaced either, or brought one that fits.
func (p *programs) choose() program {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.reader == "" {
		return program{path: self, name: p.name}
	}
	st, err := p.look()
	if err == nil && p.refused != nil && os.SameFile(st, p.refused) && st.ModTime().Equal(p.refused.ModTime()) && st.Size() == p.refused.Size() {
		return program{path: self, name: p.name} // the reason is known
	}
	if err != nil {
		p.say(err.Error())
		return program{path: self, name: p.name}
	}
	p.why, p.refused = "", nil
	return program{path: p.reader, name: p.reader, file: st}
}

func (p *programs) look() (fs.FileInfo, error) {
	st, err := os.Lstat(p.reader)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("%s is missing: copy it from the release that the agent is of", p.reader)
	case err != nil:
		return nil, fmt.Errorf("%s cannot be looked at: %w", p.reader, err)
	case p.chosen:
		return st, nil
	case !st.Mode().IsRegular() || st.Mode().Perm()&0o111 == 0:
		return nil, fmt.Errorf("%s is no program: copy it from the release that the agent is of", p.reader)
	}
	return st, replaceable(p.reader, p.name)
}

// refuse keeps a readers' own program that does not fit from being started again until the file is another.
func (p *programs) refuse(r program, why error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.refused = r.file
	p.say(why.Error())
}

// say logs each reason once. p.mu is held.
func (p *programs) say(why string) {
	if p.why != why {
		p.log.Warn("readers are started as the agent's own program, which takes them longer", "reason", why)
	}
	p.why = why
}

// Reader is the path of the program that children are started as, and why that is not the readers' own although there should be one.
func (p *Pool) Reader() (path, why string) {
	p.programs.mu.Lock()
	defer p.programs.mu.Unlock()
	if p.programs.why != "" || p.programs.reader == "" {
		return p.programs.name, p.programs.why
	}
	return p.programs.reader, ""
}
