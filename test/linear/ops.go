// Package linear checks that the queue of a real WordPress (docs/protocol.md, section 5) is linearizable: whatever agents
// and admins do at once, each job behaves as if they had taken turns. See README.md.
package linear

// Kind is what was done to one job.
type Kind string

const (
	Claim   Kind = "claim"   // told by POST /lease
	Hidden  Kind = "hidden"  // POST /lease may have claimed the job without telling
	Beat    Kind = "beat"    //
	Result  Kind = "result"  //
	Fail    Kind = "fail"    //
	Release Kind = "release" //
	Cancel  Kind = "cancel"  // an admin's
	Retry   Kind = "retry"   // an admin's
	Age     Kind = "age"     // the clock's: the lease of that epoch has run out
	Wake    Kind = "wake"    // the clock's: the rest after a failure is over
	Read    Kind = "read"    // one SELECT of the row
)

// Input is one operation on one job, as it was asked for.
type Input struct {
	Kind    Kind
	Job     int64
	Agent   string
	Epoch   int64  // of the lease the writer acts on
	Token   string // of that lease
	Request string // Claim, Hidden: request_id
	Result  string // Result: result_id
	Content string // Result: digest of the body
	Class   string // Fail: transient or permanent
	Code    string // Fail
	RestMS  int64  // Fail: retry_after_s
	CallNS  int64
	// Rival tells that another retry of the job was under way: of two that find it finished, one starts it again and
	// both are told so.
	Rival bool
}

// Output is what came back.
type Output struct {
	// Unknown: the answer was lost; the operation may have happened or not.
	Unknown bool
	// Code is "ok", or what was refused and why: lost, cancelled, conflict, repeat (already_accepted), final, open, none.
	Code     string
	Epoch    int64
	Token    string
	Agent    string
	Attempt  int
	Max      int
	Failures string
	State    string
	WaitMS   int64
	Result   string
	Post     int64
	ReturnNS int64
}

const (
	ok        = "ok"
	lost      = "lost"
	cancelled = "cancelled"
	repeat    = "repeat"
	conflict  = "conflict"
	final     = "final"
	open      = "open"
	none      = "none"
)
