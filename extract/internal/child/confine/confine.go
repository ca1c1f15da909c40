// Package confine is the sandbox of an extraction child: resource limits, landlock and
// seccomp. It is called once, before the child reads a byte of any document.
package confine

import (
	"time"

	llsys "github.com/landlock-lsm/go-landlock/landlock/syscall"
)

// Policy says what the child may still do.
type Policy struct {
	ReadOnly  []string // folders or files
	ReadWrite []string // folders
	MemoryMiB int
	FileBytes int64
	CPU       time.Duration // of the whole process; the parent sets a smaller limit for each request
}

// Status holds for each sandbox layer the reason why it is missing, "" when it is in force.
type Status struct {
	Landlock    string `json:"landlock"` // files
	Seccomp     string `json:"seccomp"`  // sockets, programs, tracing
	Limits      string `json:"limits"`   // memory, file size
	LandlockABI int    `json:"landlock_abi"`
}

// Complete says that all layers are in force.
func (s Status) Complete() bool { return s.Landlock == "" && s.Seccomp == "" && s.Limits == "" }

// Apply sets up all layers. It goes on where the kernel lacks one and reports it.
func Apply(policy Policy) Status {
	var s Status
	if err := limits(policy); err != nil {
		s.Limits = err.Error()
	}
	if v, err := llsys.LandlockGetABIVersion(); err == nil {
		s.LandlockABI = v
	}
	if err := restrictFiles(policy, s.LandlockABI); err != nil {
		s.Landlock = err.Error()
	}
	if err := filterCalls(); err != nil {
		s.Seccomp = err.Error()
	}
	return s
}
