package chaos

import (
	"bytes"
	"compress/flate"
	"database/sql"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"

	_ "modernc.org/sqlite" // reads journals
)

// journalSerials are the model answers that a journal has. The journal must have no other user.
func journalSerials(dataDir string) (map[int]bool, error) {
	found := map[int]bool{}
	path := filepath.Join(dataDir, "journal.db")
	if _, err := os.Stat(path); os.IsNotExist(err) {
		return found, nil
	}
	db, err := sql.Open("sqlite", (&url.URL{Scheme: "file", Path: path, RawQuery: "_pragma=query_only(1)&_pragma=busy_timeout(5000)"}).String())
	if err != nil {
		return nil, err
	}
	defer db.Close()
	rows, err := db.Query(`SELECT body FROM steps`)
	if err != nil {
		return nil, fmt.Errorf("read the journal %s: %w", path, err)
	}
	defer rows.Close()
	for rows.Next() {
		var body []byte
		if err := rows.Scan(&body); err != nil {
			return nil, err
		}
		text, err := unpackStep(body)
		if err != nil {
			return nil, fmt.Errorf("a step of %s: %w", path, err)
		}
		serialsIn(text, found)
	}
	return found, rows.Err()
}

// unpackStep knows the two forms of agent/journal/blob.go.
func unpackStep(b []byte) ([]byte, error) {
	if len(b) > 0 && b[0] == 1 {
		return io.ReadAll(flate.NewReader(bytes.NewReader(b[1:])))
	}
	if len(b) > 0 && b[0] == 0 {
		return b[1:], nil
	}
	return nil, fmt.Errorf("%d bytes of an unknown form", len(b))
}
