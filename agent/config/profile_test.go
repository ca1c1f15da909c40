package config

import "testing"

func TestProfilesOfADocument(t *testing.T) {
	s := Summary{Profiles: []Profile{
		{Length: "short", Tone: "plain"},
		{Types: []string{"application/pdf", "text/*"}, Length: "long"},
		{Site: "https://A.example/", Language: "de"},
		{Site: "https://a.example", Types: []string{"text/csv"}, Instructions: "Name the columns."},
	}}
	for _, c := range []struct {
		site, mime string
		want       Profile
	}{
		{"https://b.example", "image/png", Profile{Length: "short", Tone: "plain"}},
		{"https://b.example", "application/pdf", Profile{Length: "long", Tone: "plain"}},
		{"https://a.example", "application/pdf", Profile{Length: "long", Tone: "plain", Language: "de"}},
		{"https://a.example", "text/csv", Profile{Length: "long", Tone: "plain", Language: "de", Instructions: "Name the columns."}},
		{"", "text/plain", Profile{Length: "long", Tone: "plain"}},
		{"https://a.example", "textual/plain", Profile{Length: "short", Tone: "plain", Language: "de"}},
	} {
		got := s.Profile(c.site, nil, c.mime)
		if got.Length != c.want.Length || got.Tone != c.want.Tone || got.Language != c.want.Language || got.Instructions != c.want.Instructions {
			t.Errorf("%s %s: %+v, want %+v", c.site, c.mime, got, c.want)
		}
	}
}
