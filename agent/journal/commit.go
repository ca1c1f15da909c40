package journal

import (
	"context"
	"errors"
	"sync/atomic"
)

// maxBatch is how many waiting writes share one transaction.
const maxBatch = 256

const (
	opWaiting int32 = iota
	opRunning
	opAbandoned
)

// op is one write on its way to the committer.
type op struct {
	fn    func(*txn) error
	state atomic.Int32
	done  chan error // buffered
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
	o := &op{fn: fn, done: make(chan error, 1)}
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
	case err := <-o.done:
		return j.wrap(what, err)
	case <-ctx.Done():
		if o.state.CompareAndSwap(opWaiting, opAbandoned) {
			return context.Cause(ctx)
		}
		return j.wrap(what, <-o.done)
	}
}

func (j *Journal) startCommitter() {
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
		case <-j.stop:
			return
		}
	}
}

func (j *Journal) collect(first *op) []*op {
	batch := []*op{first}
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
			o.done <- err
		} else {
			o.done <- errs[i]
		}
	}
}

func (j *Journal) commitBatchOf(o *op) {
	errs, err := j.runBatch([]*op{o})
	if err == nil {
		err = errs[0]
	}
	o.done <- err
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
		errs[i] = runInSavepoint(ctx, tx, o.fn)
		if errs[i] != nil && (breaksTransaction(errs[i]) || errors.Is(errs[i], errNoSavepoint)) {
			return nil, errs[i]
		}
	}
	return errs, tx.Commit()
}

func runInSavepoint(ctx context.Context, tx *txn, fn func(*txn) error) error {
	if _, err := tx.ExecContext(ctx, `SAVEPOINT op`); err != nil {
		return errors.Join(errNoSavepoint, err)
	}
	fnErr := fn(tx)
	if fnErr != nil {
		if _, err := tx.ExecContext(ctx, `ROLLBACK TO op`); err != nil {
			return errors.Join(errNoSavepoint, fnErr)
		}
	}
	if _, err := tx.ExecContext(ctx, `RELEASE op`); err != nil {
		return errors.Join(errNoSavepoint, fnErr, err)
	}
	return fnErr
}
