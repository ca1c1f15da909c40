package journal

import (
	"context"
	"database/sql"
	"sync"
)

// maxStatements bounds how many are kept parsed; the journal's own texts are fewer, and those that are put together for one use do not pile up.
const maxStatements = 128

// statements are those that have been asked already, parsed: parsing was half of what a short transaction took, and most of what a look-up did.
type statements struct {
	mu   sync.Mutex
	kept map[string]*sql.Stmt
}

func (s *statements) of(text string) *sql.Stmt {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.kept[text]
}

// keep parses text on db for the next time. It is best effort: what does not parse fails where it is asked.
func (s *statements) keep(ctx context.Context, db *sql.DB, text string) *sql.Stmt {
	s.mu.Lock()
	defer s.mu.Unlock()
	if kept, ok := s.kept[text]; ok || len(s.kept) >= maxStatements {
		return kept
	}
	stmt, err := db.PrepareContext(ctx, text)
	if err != nil {
		return nil
	}
	if s.kept == nil {
		s.kept = map[string]*sql.Stmt{}
	}
	s.kept[text] = stmt
	return stmt
}

// reader is the connections for reading.
type reader struct {
	*sql.DB // closes the statements with it
	known   statements
}

// QueryContext is sql.DB's.
func (r *reader) QueryContext(ctx context.Context, text string, args ...any) (*sql.Rows, error) {
	if stmt := r.stmt(text); stmt != nil {
		return stmt.QueryContext(ctx, args...)
	}
	return r.DB.QueryContext(ctx, text, args...)
}

// QueryRowContext is sql.DB's.
func (r *reader) QueryRowContext(ctx context.Context, text string, args ...any) *sql.Row {
	if stmt := r.stmt(text); stmt != nil {
		return stmt.QueryRowContext(ctx, args...)
	}
	return r.DB.QueryRowContext(ctx, text, args...)
}

// stmt parses without the caller's context: the next caller gets the same statement.
func (r *reader) stmt(text string) *sql.Stmt {
	if stmt := r.known.of(text); stmt != nil {
		return stmt
	}
	return r.known.keep(context.Background(), r.DB, text)
}

// txn is a transaction of the committer. It notes what was asked for the first time, which can be parsed for good only when the one connection
// is free again.
type txn struct {
	*sql.Tx
	known *statements
	first []string
}

// Exec is sql.Tx's.
func (t *txn) Exec(text string, args ...any) (sql.Result, error) {
	if stmt := t.stmt(text); stmt != nil {
		return stmt.Exec(args...)
	}
	return t.Tx.Exec(text, args...)
}

// Query is sql.Tx's.
func (t *txn) Query(text string, args ...any) (*sql.Rows, error) {
	if stmt := t.stmt(text); stmt != nil {
		return stmt.Query(args...)
	}
	return t.Tx.Query(text, args...)
}

// QueryRow is sql.Tx's.
func (t *txn) QueryRow(text string, args ...any) *sql.Row {
	if stmt := t.stmt(text); stmt != nil {
		return stmt.QueryRow(args...)
	}
	return t.Tx.QueryRow(text, args...)
}

// prepared is a statement that is run several times; it ends with the transaction.
func (t *txn) prepared(text string) (*sql.Stmt, error) {
	if stmt := t.stmt(text); stmt != nil {
		return stmt, nil
	}
	return t.Prepare(text)
}

func (t *txn) stmt(text string) *sql.Stmt {
	if stmt := t.known.of(text); stmt != nil {
		return t.Stmt(stmt) // ends with the transaction
	}
	t.first = append(t.first, text)
	return nil
}

// learn keeps what a transaction that has ended asked for the first time.
func (j *Journal) learn(t *txn) {
	for _, text := range t.first {
		j.known.keep(context.Background(), j.write, text)
	}
}
