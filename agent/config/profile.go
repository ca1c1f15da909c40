package config

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// Profile is how summaries of some documents are wanted: those of Site ("": of every site), of sites with Label ("": with any or none), whose type is in Types (exact ones, or
// text/*; empty: of every type). Its other fields are empty where it says nothing about them.
type Profile struct {
	Site         string   `yaml:"site"`
	Label        string   `yaml:"label"`
	Types        []string `yaml:"types"`
	Language     string   `yaml:"language"`
	Length       string   `yaml:"length"`
	Tone         string   `yaml:"tone"`
	Instructions string   `yaml:"instructions"`
}

// maxInstructions is llm.MaxInstructions; a test of agent/cli holds them together.
const maxInstructions = 2000

// Profile is what all profiles that fit a document say together; where two say something about the same, the later one counts.
func (s Summary) Profile(site string, labels []string, mime string) Profile {
	var out Profile
	for _, p := range s.Profiles {
		if p.Label != "" && !slices.Contains(labels, p.Label) || !p.fits(site, mime) {
			continue
		}
		for _, f := range []struct {
			to   *string
			said string
		}{{&out.Language, p.Language}, {&out.Length, p.Length}, {&out.Tone, p.Tone}, {&out.Instructions, p.Instructions}} {
			if f.said != "" {
				*f.to = f.said
			}
		}
	}
	return out
}

func (p Profile) fits(site, mime string) bool {
	if p.Site != "" {
		if home, err := CanonicalSite(p.Site); err != nil || home != site {
			return false
		}
	}
	for _, t := range p.Types {
		group, any := strings.CutSuffix(t, "*")
		if strings.EqualFold(t, mime) || any && strings.HasPrefix(strings.ToLower(mime), strings.ToLower(group)) {
			return true
		}
	}
	return len(p.Types) == 0
}

func (c *Config) checkProfiles(k *checks) {
	sites, labels := map[string]bool{}, map[string]bool{}
	for _, s := range c.Sites {
		for _, l := range s.Labels {
			labels[l] = true
		}
		if home, err := CanonicalSite(s.URL); err == nil {
			sites[home] = true
		}
	}
	for i, p := range c.Summary.Profiles {
		at := fmt.Sprintf("summary.profiles[%d]", i)
		if p.Site != "" {
			if home, err := CanonicalSite(p.Site); err != nil {
				k.bad(at+".site", "%v", err)
			} else if len(sites) > 0 && !sites[home] {
				k.bad(at+".site", "%s is none of the sites of this agent: correct it, or leave it out for all of them", home)
			}
		}
		if p.Label != "" && !labels[p.Label] {
			k.bad(at+".label", "%q is in the labels of no site: correct it, or add it to sites[].labels", p.Label)
		}
		for n, t := range p.Types {
			if group, name, ok := strings.Cut(t, "/"); !ok || group == "" || name == "" || strings.ContainsAny(t, " ,;") {
				k.bad(fmt.Sprintf("%s.types[%d]", at, n), "%q is no MIME type: write it like application/pdf or text/*", t)
			}
		}
		k.oneOf(at+".length", p.Length, "", "short", "normal", "long")
		k.oneOf(at+".tone", p.Tone, "", "neutral", "plain", "formal")
		if n := utf8.RuneCountInString(p.Instructions); n > maxInstructions {
			k.bad(at+".instructions", "has %d characters: at most %d leave room for the document", n, maxInstructions)
		}
	}
}
