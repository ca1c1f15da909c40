package config

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/url"
	"path/filepath"
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
)

// CanonicalSite gives a home URL the form that signatures name (wpclient.CanonicalSite). What it refuses is for the person who
// wrote the configuration.
func CanonicalSite(raw string) (string, error) {
	u, err := url.Parse(strings.TrimSpace(raw))
	if err != nil {
		return "", fmt.Errorf("%q is not a URL: write it like https://www.example.org", raw)
	}
	switch scheme := strings.ToLower(u.Scheme); {
	case scheme != "https" && scheme != "http", u.Hostname() == "":
		return "", fmt.Errorf("%q is not the address of a site: write it like https://www.example.org", u.Redacted())
	case u.User != nil:
		return "", fmt.Errorf("%q holds a user name or password: leave it out", u.Redacted())
	case u.RawQuery != "" || u.Fragment != "":
		return "", fmt.Errorf("%q has a query or a fragment: give the home address alone", raw)
	}
	return wpclient.CanonicalSite(raw)
}

// SiteSlug is a name for a site that is safe in file names and object keys: its host and port.
// A path is added together with a short hash, because "a/b" and a host "a-b" would look alike.
func SiteSlug(site string) string {
	_, rest, _ := strings.Cut(site, "://")
	rest = strings.TrimRight(rest, "/")
	host, path, hasPath := strings.Cut(rest, "/")
	name, port, hasPort := strings.Cut(host, ":")
	slug, exact := safeName(name, ".-")
	if hasPort {
		p, ok := safeName(port, "")
		slug, exact = slug+"_"+p, exact && ok
	}
	if hasPath {
		p, _ := safeName(strings.ReplaceAll(path, "/", "-"), "._-")
		slug, exact = slug+"-"+p, false
	}
	if strings.HasPrefix(slug, ".") || len(slug) > 100 {
		slug, exact = "site"+slug[:min(len(slug), 96)], false
	}
	if exact {
		return slug
	}
	sum := sha256.Sum256([]byte(rest))
	return slug + "-" + hex.EncodeToString(sum[:4])
}

// safeName replaces what is not a lower-case letter, digit or one of extra; false if it had to.
func safeName(s, extra string) (string, bool) {
	exact := true
	out := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || strings.ContainsRune(extra, r) {
			return r
		}
		exact = false
		return '_'
	}, s)
	return out, exact
}

// KeyFile is where the key of a site is kept unless sites[].key_file says otherwise.
func (c *Config) KeyFile(site string) string {
	return filepath.Join(c.SitesDir(), SiteSlug(site)+".json")
}

// shellQuote makes a path safe to paste into a shell.
func shellQuote(s string) string {
	if _, plain := safeName(strings.ToLower(s), "._-/"); plain {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
