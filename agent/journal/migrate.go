package journal

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"
	"sort"
	"strconv"
	"strings"
)

//go:embed migrations/*.sql
var migrationFiles embed.FS

// applicationID marks the SQLite file as ours ("aido"), so that a wrong path never makes the
// agent write into, or set aside, another program's database.
const applicationID = 0x6169646f

type migration struct {
	version int
	name    string
	sql     string
}

// migrations returns the embedded steps in order. Their numbers must be 1, 2, 3 …
func migrations(files fs.FS) ([]migration, error) {
	names, err := fs.Glob(files, "migrations/*.sql")
	if err != nil {
		return nil, fmt.Errorf("list migrations: %w", err)
	}
	sort.Strings(names)
	var out []migration
	for i, name := range names {
		base := strings.TrimPrefix(name, "migrations/")
		number, _, _ := strings.Cut(base, "_")
		version, err := strconv.Atoi(number)
		if err != nil || version != i+1 {
			return nil, fmt.Errorf("migration %s is out of order: expected number %d", base, i+1)
		}
		body, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, fmt.Errorf("read migration %s: %w", base, err)
		}
		out = append(out, migration{version: version, name: base, sql: string(body)})
	}
	return out, nil
}

// checkIdentity refuses files of other programs and of newer agents.
func (j *Journal) checkIdentity(ctx context.Context, db *sql.DB, latest int) (version int, err error) {
	var appID, tables int
	if err := db.QueryRowContext(ctx, `PRAGMA application_id`).Scan(&appID); err != nil {
		return 0, j.wrap("read the journal", err)
	}
	if err := db.QueryRowContext(ctx, `PRAGMA user_version`).Scan(&version); err != nil {
		return 0, j.wrap("read the journal", err)
	}
	if err := db.QueryRowContext(ctx, `SELECT count(*) FROM sqlite_schema`).Scan(&tables); err != nil {
		return 0, j.wrap("read the journal", err)
	}
	switch {
	case appID != applicationID && (appID != 0 || tables > 0):
		return 0, &Error{Op: "open the journal", Path: j.path, Code: CodeNotJournal,
			Message: j.path + " is a database of another program: give the agent another data_dir"}
	case version > latest:
		return 0, &Error{Op: "open the journal", Path: j.path, Code: CodeNewerSchema,
			Message: fmt.Sprintf("%s was written by a newer aidoc-agent (schema %d, this one knows %d): upgrade this agent, or move the file away", j.path, version, latest)}
	}
	return version, nil
}

// migrate brings the schema to the newest version, each step in its own transaction.
func (j *Journal) migrate(ctx context.Context, db *sql.DB, from int, steps []migration) error {
	if from == 0 {
		if _, err := db.ExecContext(ctx, fmt.Sprintf(`PRAGMA application_id = %d`, applicationID)); err != nil {
			return j.wrap("mark the journal", err)
		}
	}
	for _, m := range steps {
		if m.version <= from {
			continue
		}
		if err := applyMigration(ctx, db, m); err != nil {
			return j.wrap("upgrade the journal with "+m.name, err)
		}
	}
	return nil
}

func applyMigration(ctx context.Context, db *sql.DB, m migration) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	if _, err := tx.ExecContext(ctx, m.sql); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, fmt.Sprintf(`PRAGMA user_version = %d`, m.version)); err != nil {
		return err
	}
	return tx.Commit()
}
