package redact

import (
	"strings"
	"testing"
)

func all(t *testing.T, patterns ...string) *Rules {
	t.Helper()
	r, err := New(Kinds(), patterns)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func hide(t *testing.T, d *Document, s string) string {
	t.Helper()
	hidden, err := d.Hide(s)
	if err != nil {
		t.Fatal(err)
	}
	return hidden
}

// Numbers are the published examples of the schemes or made up with a right check digit; none belongs to anybody.
func TestHidesPersonalData(t *testing.T) {
	for _, c := range []struct{ language, in, want string }{
		{"en", "Write to anna.b+news@example.org.", "Write to [EMAIL-1]."},
		{"de", "Mail: müller(at)beispiel.de", "Mail: [EMAIL-1]"},
		{"en", "jane [at] example [dot] co [dot] uk wrote", "[EMAIL-1] wrote"},
		{"de", "IBAN DE89 3704 0044 0532 0130 00 bei der Bank", "IBAN [IBAN-1] bei der Bank"},
		{"en", "GB82WEST12345698765432, thanks", "[IBAN-1], thanks"},
		{"fr", "FR14 2004 1010 0505 0001 3M02 606 DE LA BANQUE", "[IBAN-1] DE LA BANQUE"},
		{"en", "card 4111 1111 1111 1111 exp 12/27", "card [CARD-1] exp 12/27"},
		{"en", "card 378282246310005", "card [CARD-1]"},
		{"en", "SSN 536-90-4399.", "SSN [ID-1]."},
		{"en", "NI number AB 12 34 56 C", "NI number [ID-1]"},
		{"de", "Steuer-ID 86 095 742 719", "Steuer-ID [ID-1]"},
		{"fr", "NIR 2 55 08 14 168 025 38", "NIR [ID-1]"},
		{"es", "DNI 12345678Z y NIE X1234567L", "DNI [ID-1] y NIE [ID-2]"},
		{"it", "CF RSSMRA85T10A562S", "CF [ID-1]"},
		{"pl", "PESEL 44051401359", "PESEL [ID-1]"},
		{"sv", "personnummer 811228-9874", "personnummer [ID-1]"},
		{"pt", "CPF 529.982.247-25", "CPF [ID-1]"},
		{"nl", "BSN: 111222333", "[ID-1]"},
		{"en", "Call (212) 555-2368 or +44 20 7946 0958 today", "Call [PHONE-1] or [PHONE-2] today"},
		{"de", "Tel. 030/901820, Fax: (030) 9018-2233", "Tel. [PHONE-1], Fax: [PHONE-2]"},
		{"de", "Rufnummer 0049 30 901820", "Rufnummer [PHONE-1]"},
		{"fr", "Tél. : 01 42 68 53 00", "Tél. : [PHONE-1]"},
		{"fr", "appelez le 01.42.68.53.00.", "appelez le [PHONE-1]."},
		{"en-US", "Phone: 2125552368", "Phone: [PHONE-1]"},
		{"", "a@example.org and b@example.org and a@example.org", "[EMAIL-1] and [EMAIL-2] and [EMAIL-1]"},
	} {
		d := all(t).Document(c.language)
		got := hide(t, d, c.in)
		if got != c.want {
			t.Errorf("%s: %q, want %q", c.in, got, c.want)
		}
		if back := d.Restore(got); back != c.in {
			t.Errorf("restored %q, want %q", back, c.in)
		}
	}
}

// What has a wrong check digit, is no number of the scheme, or is a figure, stays: a summary without its figures is worth nothing.
func TestLeavesFiguresAlone(t *testing.T) {
	for language, lines := range map[string][]string{
		"en": {
			"Revenue rose to 1,234,567,890 from 987 654 321 in 2021 2022 2023.",
			"$ 12,345 $ 67,890 $ 1,234,567",
			"Commission File Number: 001-36743, Employer 94-2404110",
			"4111 1111 1111 1112 has a wrong digit", "DE89 3704 0044 0532 0130 01 as well",
			"000-12-3456, 666-12-3456 and 900-12-3456 were never given out",
			"pages 100-200, 2021-2022, 10.1038/s41586-020-2649-2", "ISBN 978-3-16-148410-0",
			"192.168.0.1 and 2024-05-17 10:15:30", "| 120 | 340 | 560 | 780 |", "twitter @example, see a@b",
			"version 1.2.3.4.5.6", "0.123 0.456 0.789 0.123", "arXiv:2103.00020", "1 000 000 000",
			"2023 2024 2025 2026", "0000346288 00000", "as Text 1 and Text 2 show",
			"1 2 3 4 5 6 7 8 9 10 11 12", "(1,234) (5,678) 9,012",
		},
		"de": {"Der Haushalt beträgt 1.234.567,89 Euro im Jahr 2023/2024.", "Az. 12 O 345/19, Drs. 19/12345", "01.01.2024 - 31.12.2024", "12345678901"},
		"fr": {"12 345 678 habitants, 1 234 567 890 euros", "article 12-345 du 01/02/2024", "10 20 30 40 50"},
	} {
		for _, line := range lines {
			if got := hide(t, all(t).Document(language), line); got != line {
				t.Errorf("%s: %q became %q", language, line, got)
			}
		}
	}
}

func TestRestoreReadsWhatModelsMakeOfPlaceholders(t *testing.T) {
	d := all(t).Document("en")
	hide(t, d, "Ask ada@example.org (+44 20 7946 0958).")
	for in, want := range map[string]string{
		"EMAIL-1":              "ada@example.org",
		"[email-1]":            "ada@example.org",
		"**[EMAIL–1]**":        "**ada@example.org**",
		"[Phone-1], [EMAIL-1]": "+44 20 7946 0958, ada@example.org",
		"[EMAIL-2] [IBAN-1]":   "[EMAIL-2] [IBAN-1]", // never given out
		"EMAIL-11":             "EMAIL-11",
		"BEMAIL-1":             "BEMAIL-1",
	} {
		if got := d.Restore(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

// A document that holds the form of a placeholder must not be able to have another's data put in its place.
func TestPlaceholdersInTheDocumentAreText(t *testing.T) {
	d := all(t).Document("en")
	in := "The form has a field [EMAIL-1] and an ID-1. Its author is eve@example.org."
	hidden := hide(t, d, in)
	if want := "The form has a field [TEXT-1] and an [TEXT-2]. Its author is [EMAIL-1]."; hidden != want {
		t.Fatalf("%q, want %q", hidden, want)
	}
	if back := d.Restore(hidden); back != in {
		t.Errorf("restored %q", back)
	}
	if n := d.Hidden(); len(n) != 1 || n[Email] != 1 {
		t.Errorf("hidden %v, want one address", n)
	}
}

func TestOwnPatterns(t *testing.T) {
	d := all(t, `Aktenzeichen \d+/\d+`, `PRJ-[A-Z]{3}`).Document("de")
	if got, want := hide(t, d, "Aktenzeichen 12/345 zu PRJ-XYZ"), "[HIDDEN-1] zu [HIDDEN-2]"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	for pattern, say := range map[string]string{"(": "no regular expression", "a*": "matches the empty text"} {
		if _, err := New(nil, []string{pattern}); err == nil || !strings.Contains(err.Error(), say) {
			t.Errorf("%q: %v, want %q", pattern, err, say)
		}
	}
	if _, err := New([]Kind{"NAME"}, nil); err == nil || !strings.Contains(err.Error(), "no kind of personal data") {
		t.Errorf("an unknown kind: %v", err)
	}
}

func FuzzHide(f *testing.F) {
	f.Add("Call +44 20 7946 0958, [EMAIL-1], DE89370400440532013000 or x@y.zz")
	f.Add("ID-1 ID-2 [ID-1]]]] 4111111111111111")
	rules, err := New(Kinds(), nil)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d := rules.Document("")
		hidden, err := d.Hide(s)
		if err != nil {
			return // nothing is sent then
		}
		if left := d.personal(hidden); len(left) > 0 {
			t.Errorf("%q still holds %v", hidden, left)
		}
		if back := d.Restore(hidden); back != s {
			t.Errorf("%q hidden as %q came back as %q", s, hidden, back)
		}
	})
}
