package journal

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"
)

// maxBatch is how many waiting writes share one transaction.
const maxBatch = 256

const (
	opWaiting int32 = iota
	opRunning
	opAbandoned
)

// lateTime is how long a write may wait for another one to go with. A crash may cost that much of what later is told.
const lateTime = 500 * time.Millisecond

// op is one write on its way to the committer.
type op struct {
	fn    func(*txn) error
	state atomic.Int32
	ended func(error) // called once; must be quick
}

// late are writes that wait for the next transaction.
type late struct {
	mu     sync.Mutex
	ops    []*op
	spends bool          // some of them change what has been spent
	due    chan struct{} // buffered: told when they have waited for long enough
	closed bool
}

// errNoSavepoint: the op failed in a way that leaves the transaction in doubt.
var errNoSavepoint = errors.New("the transaction was rolled back")

// update runs fn in a transaction that is on disk when update returns nil. fn may share the
// transaction with others, so it must not depend on being alone; its error undoes its own
// changes only. fn must use context.Background: a cancelled query would end everyone's transaction.
func (j *Journal) update(ctx context.Context, what string, fn func(*txn) error) error {
	if j.readOnly {
		return ErrReadOnly.at(what, j.path)
	}
	if err := ctx.Err(); err != nil {
		return context.Cause(ctx)
	}
	done := make(chan error, 1)
	o := &op{fn: fn, ended: func(err error) { done <- err }}
	select {
	case <-j.stop: // asked alone first: a select picks at random among what is ready
		return ErrClosed.at(what, j.path)
	default:
	}
	select {
	case j.ops <- o:
	case <-j.stop:
		return ErrClosed.at(what, j.path)
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	select {
	case err := <-done:
		return j.wrap(what, err)
	case <-ctx.Done():
		if o.state.CompareAndSwap(opWaiting, opAbandoned) {
			return context.Cause(ctx)
		}
		return j.wrap(what, <-done)
	}
}

// later runs fn in the next transaction, before whatever is asked of the journal after it, and within lateTime where nothing is. It is for what a crash
// may forget: the commit of a transaction costs more than what is in it. ended is told the outcome by the committer, for which it must not wait.
func (j *Journal) later(what string, spends bool, fn func(*txn) error, ended func(error)) {
	j.late.mu.Lock()
	defer j.late.mu.Unlock()
	if j.readOnly || j.late.closed {
		err := ErrClosed
		if j.readOnly {
			err = ErrReadOnly
		}
		go ended(err.at(what, j.path))
		return
	}
	if len(j.late.ops) == 0 {
		time.AfterFunc(lateTime, func() {
			select {
			case j.late.due <- struct{}{}:
			default:
			}
		})
	}
	j.late.ops = append(j.late.ops, &op{fn: fn, ended: func(err error) { ended(j.wrap(what, err)) }})
	j.late.spends = j.late.spends || spends
}

// takeLate is what waits for the next transaction; closing says that nothing may wait any more.
func (j *Journal) takeLate(closing bool) []*op {
	j.late.mu.Lock()
	defer j.late.mu.Unlock()
	ops := j.late.ops
	j.late.ops, j.late.spends, j.late.closed = nil, false, j.late.closed || closing
	return ops
}

// catchUp writes what waits, if any of it is about spending or all is asked for: whoever reads what was told later sees it.
func (j *Journal) catchUp(ctx context.Context, all bool) {
	j.late.mu.Lock()
	waits := j.late.spends || all && len(j.late.ops) > 0
	j.late.mu.Unlock()
	if waits {
		_ = j.update(ctx, "catch up", func(*txn) error { return nil }) // what comes of each is told by later
	}
}

func (j *Journal) startCommitter() {
	j.late.due = make(chan struct{}, 1)
	j.ops = make(chan *op)
	j.stop = make(chan struct{})
	j.finished = make(chan struct{})
	go j.commitLoop()
}

// commitLoop collects whatever waits while the last commit was written: under load the batches
// grow by themselves, and a lone writer never waits for company.
func (j *Journal) commitLoop() {
	defer close(j.finished)
	for {
		select {
		case o := <-j.ops:
			j.commitBatch(j.collect(o))
		case <-j.late.due:
			j.commitBatch(j.takeLate(false))
		case <-j.stop:
			j.commitBatch(j.takeLate(true))
			return
		}
	}
}

func (j *Journal) collect(first *op) []*op {
	batch := append(j.takeLate(false), first)
	for len(batch) < maxBatch {
		select {
		case o := <-j.ops:
			batch = append(batch, o)
		default:
			return batch
		}
	}
	return batch
}

func (j *Journal) commitBatch(batch []*op) {
	running := batch[:0]
	for _, o := range batch {
		if o.state.CompareAndSwap(opWaiting, opRunning) {
			running = append(running, o)
		}
	}
	errs, err := j.runBatch(running)
	if err != nil && len(running) > 1 {
		// One member may be to blame (a big page on a full disk): the others get their own chance.
		for _, o := range running {
			j.commitBatchOf(o)
		}
		return
	}
	for i, o := range running {
		if err != nil {
			o.ended(err)
		} else {
			o.ended(errs[i])
		}
	}
}

func (j *Journal) commitBatchOf(o *op) {
	errs, err := j.runBatch([]*op{o})
	if err == nil {
		err = errs[0]
	}
	o.ended(err)
}

// runBatch returns one error for each op, or one for all when the transaction failed.
func (j *Journal) runBatch(batch []*op) ([]error, error) {
	if len(batch) == 0 {
		return nil, nil
	}
	ctx := context.Background()
	began, err := j.write.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	tx := &txn{Tx: began, known: &j.known}
	defer j.learn(tx)
	defer func() { _ = tx.Rollback() }()
	errs := make([]error, len(batch))
	if len(batch) == 1 { // nobody to be kept from its error
		if err := batch[0].fn(tx); err != nil {
			return nil, err
		}
		return errs, tx.Commit()
	}
	for i, o := range batch {
		errs[i] = runInSavepoint(tx, o.fn)
		if errs[i] != nil && (breaksTransaction(errs[i]) || errors.Is(errs[i], errNoSavepoint)) {
			return nil, errs[i]
		}
	}
	return errs, tx.Commit()
}

func runInSavepoint(tx *txn, fn func(*txn) error) error {
	if _, err := tx.Exec(`SAVEPOINT op`); err != nil {
		return errors.Join(errNoSavepoint, err)
	}
	fnErr := fn(tx)
	if fnErr != nil {
		if _, err := tx.Exec(`ROLLBACK TO op`); err != nil {
			return errors.Join(errNoSavepoint, fnErr)
		}
	}
	if _, err := tx.Exec(`RELEASE op`); err != nil {
		return errors.Join(errNoSavepoint, fnErr, err)
	}
	return fnErr
}
