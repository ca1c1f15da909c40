package config

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// SiteKey is what `join` brought home from one site: one file a site.
type SiteKey struct {
	Site            string    `json:"site"` // canonical home URL
	RESTRoot        string    `json:"rest_root"`
	RootFrom        string    `json:"rest_root_from,omitempty"` // whose word RESTRoot is: RootSigned, RootOperator, or "": nobody's
	PlainPermalinks bool      `json:"plain_permalinks,omitempty"`
	KeyID           string    `json:"key_id"`
	Secret          string    `json:"secret,omitempty"`          // base64 of 64 bytes that agent and site share, or:
	PrivateKey      string    `json:"private_key,omitempty"`     // base64 of 32 bytes that are nowhere but here,
	SiteKeyID       string    `json:"site_key_id,omitempty"`     // and the key that signs the site's answers then
	SitePublicKey   string    `json:"site_public_key,omitempty"` // base64 of 32 bytes
	AgentID         int64     `json:"agent_id"`
	AgentName       string    `json:"agent_name"`
	NewAgents       int       `json:"new_agents,omitempty"` // how many had joined and not asked for work yet, this one among them
	InsecureHTTP    bool      `json:"insecure_http,omitempty"`
	AllowLoopback   bool      `json:"allow_loopback,omitempty"`
	JoinedAt        time.Time `json:"joined_at"`
}

// Who vouches for SiteKey.RESTRoot. Files of before had it from an unsigned page.
const (
	RootSigned   = "site"     // the site's own signed answers
	RootOperator = "operator" // join --rest-root
)

// String keeps the secret out of logs.
func (k SiteKey) String() string   { return "key " + k.KeyID + " for " + k.Site }
func (k SiteKey) GoString() string { return k.String() }

// ErrNoKey means that the site was not joined.
var ErrNoKey = errors.New("there is no key for the site")

// LoadKey reads a key file. It refuses one that other users can read, with the command to run.
func LoadKey(path string) (SiteKey, error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return SiteKey{}, fmt.Errorf("%w: %s does not exist; create an agent in WordPress (Document Summaries → Agents) and run the join command it shows", ErrNoKey, path)
	}
	if err != nil {
		return SiteKey{}, fmt.Errorf("read the site key: %w", err)
	}
	defer f.Close()
	fi, err := f.Stat()
	if err != nil {
		return SiteKey{}, fmt.Errorf("read the site key: %w", err)
	}
	if fi.Mode().Perm()&0o077 != 0 {
		return SiteKey{}, fmt.Errorf("the site key %s can be read by other users (mode %04o): run chmod 600 %s, and if they should not have seen it, revoke the key in WordPress and join again",
			path, fi.Mode().Perm(), shellQuote(path))
	}
	return decodeKey(path, f)
}

func decodeKey(path string, f *os.File) (SiteKey, error) {
	var k SiteKey
	if err := json.NewDecoder(io.LimitReader(f, maxSecretFile)).Decode(&k); err != nil {
		return SiteKey{}, fmt.Errorf("the site key %s is not readable (%w): remove it and join the site again", path, err)
	}
	if k.Site == "" || k.KeyID == "" || !k.complete() {
		return SiteKey{}, fmt.Errorf("the site key %s is incomplete: remove it and join the site again", path)
	}
	return k, nil
}

// complete tells whether it has all of one kind of key, and nothing of the other.
func (k SiteKey) complete() bool {
	pair := k.PrivateKey + k.SiteKeyID + k.SitePublicKey
	if k.Secret != "" {
		return pair == ""
	}
	return k.PrivateKey != "" && k.SiteKeyID != "" && k.SitePublicKey != ""
}

// SaveKey writes the key with mode 0600 into a folder of mode 0700, whole or not at all.
func SaveKey(path string, k SiteKey) error {
	folder := filepath.Dir(path)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return fmt.Errorf("save the site key: %w", err)
	}
	body, err := json.MarshalIndent(k, "", "  ")
	if err != nil {
		return fmt.Errorf("save the site key: %w", err)
	}
	if err := writeAtomic(path, append(body, '\n')); err != nil {
		return fmt.Errorf("save the site key: %w", err)
	}
	return nil
}

func writeAtomic(path string, body []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".tmp-*") // mode 0600
	if err != nil {
		return err
	}
	_, err = f.Write(body)
	if err == nil {
		err = f.Sync()
	}
	err = errors.Join(err, f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		_ = os.Remove(f.Name())
		return err
	}
	dir, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}
