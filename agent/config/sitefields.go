package config

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// OwnWindows are the processing windows of one site: a list as in schedule, or the word always. Empty: it has none of its own.
type OwnWindows []Window

// always is the word for "at all times, whatever schedule says".
const always = "always"

func (o *OwnWindows) setWord(word string) bool {
	if word != always {
		return false
	}
	*o = OwnWindows{{always: true}}
	return true
}

// MarshalYAML is the form of the file.
func (o OwnWindows) MarshalYAML() (any, error) {
	if len(o) == 1 && o[0].always {
		return always, nil
	}
	return []Window(o), nil
}

// WindowsOf are the windows in which documents of a site are processed: its own, else those of schedule. Its time zone counts for both where a
// window names none. Errors are *FieldError; at is the site's place in the configuration.
func (c *Config) WindowsOf(at string, s Site) (Windows, error) {
	tz := s.TZ
	if tz == "" {
		tz = c.Schedule.TZ
	}
	if len(s.Windows) > 0 {
		return compileAll(at+".windows", s.Windows, tz)
	}
	return compileAll("schedule.windows", c.Schedule.Windows, tz)
}

// OwnPrefixes tells whether every site has a store_prefix that no other one's lies in, so that equal job ids do not collide.
func (c *Config) OwnPrefixes() bool {
	for i, a := range c.Sites {
		if a.StorePrefix == "" {
			return false
		}
		for _, b := range c.Sites[i+1:] {
			x, y := a.StorePrefix+"/", b.StorePrefix+"/"
			if strings.HasPrefix(x, y) || strings.HasPrefix(y, x) {
				return false
			}
		}
	}
	return len(c.Sites) > 0
}

// Labels are few and short: they are shown, and exported with the metrics.
const (
	maxLabels = 8
	maxLabel  = 40
)

// checkSiteFields checks what a site may have of its own.
func (c *Config) checkSiteFields(k *checks, at string, s Site) {
	if _, err := loadZone(s.TZ); err != nil {
		k.bad(at+".tz", "%v", err)
	} else if _, err := c.WindowsOf(at, s); err != nil && len(s.Windows) > 0 {
		k.errs = append(k.errs, err)
	}
	between(k, at+".max_documents", s.MaxDocuments, 0, 64)
	k.languages(at+".languages", s.Languages)
	if s.StorePrefix != "" && !validPrefix(s.StorePrefix) {
		k.bad(at+".store_prefix", "%q is no folder: write it like clients/example, of letters, digits, dots, dashes and underscores", s.StorePrefix)
	}
	if len(s.Labels) > maxLabels {
		k.bad(at+".labels", "are %d: use at most %d", len(s.Labels), maxLabels)
	}
	for i, l := range s.Labels {
		if strings.TrimSpace(l) != l || l == "" || utf8.RuneCountInString(l) > maxLabel || !utf8.ValidString(l) || strings.IndexFunc(l, unicode.IsControl) >= 0 {
			k.bad(fmt.Sprintf("%s.labels[%d]", at, i), "is empty, begins or ends with a space, or has more than %d characters: write a short word like intranet", maxLabel)
		} else if slices.Index(s.Labels, l) < i {
			k.bad(fmt.Sprintf("%s.labels[%d]", at, i), "%q is given twice", l)
		}
	}
}

// validPrefix is stricter than a store: the name is part of paths and of people's rules for buckets.
func validPrefix(p string) bool {
	if len(p) > 200 {
		return false
	}
	for part := range strings.SplitSeq(p, "/") {
		if _, plain := safeName(strings.ToLower(part), "._-"); part == "" || strings.Trim(part, ".") == "" || !plain {
			return false
		}
	}
	return true
}
