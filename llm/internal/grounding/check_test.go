package grounding

import (
	"reflect"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/prose"
)

var council = New([]prose.Page{
	{Number: 1, Text: "Minutes of the parish council, 14 March 2024\n\nThe council met in the old school. Nine members were present. Mrs Baker opened the meet-\ning and read the minutes."},
	{Number: 2, Text: "Two beams of the bridge are rotten and the engineer advises against another winter. The council agreed to repair the bridge in spring and to pay 40,000 euros from the reserve. Work begins in April."},
	{Number: 3, Text: "Revenue of the mill was 1,234,567 euros, of which 38.5 per cent came from Szymańska & Söhne.\n\nThe library wants longer hours; this was put off until 3 May 2024."},
}, "en")

func TestCheckLooksUpWhatAClaimRestsOn(t *testing.T) {
	for name, c := range map[string]struct {
		claim Claim
		want  Finding
	}{
		"quotation on its page":          {Claim{Text: "The repair costs 40,000 euros.", Quote: "to pay 40,000 euros from the reserve", Pages: []int{2}}, Finding{Status: Found, Pages: []int{2}}},
		"no page named":                  {Claim{Text: "The repair costs 40,000 euros.", Quote: "to pay 40,000 euros from the reserve"}, Finding{Status: Found, Pages: []int{2}}},
		"on another page":                {Claim{Text: "The repair costs 40,000 euros.", Quote: "to pay 40,000 euros from the reserve", Pages: []int{1}}, Finding{Status: Moved, Pages: []int{2}}},
		"on a page that is not":          {Claim{Text: "The repair costs 40,000 euros.", Quote: "to pay 40,000 euros from the reserve", Pages: []int{999}}, Finding{Status: Moved, Pages: []int{2}}},
		"letters misread":                {Claim{Text: "The engineer advises against another winter.", Quote: "the engineor advises aqainst another winter", Pages: []int{2}}, Finding{Status: Found, Pages: []int{2}}},
		"line end in a word":             {Claim{Text: "Mrs Baker opened the meeting.", Quote: "Mrs Baker opened the meeting and read", Pages: []int{1}}, Finding{Status: Found, Pages: []int{1}}},
		"words left out":                 {Claim{Text: "The council agreed to repair the bridge and pay from the reserve.", Quote: "The council agreed to repair … from the reserve", Pages: []int{2}}, Finding{Status: Found, Pages: []int{2}}},
		"rounded":                        {Claim{Text: "Revenue was 1.2 million euros.", Quote: "Revenue of the mill was 1,234,567 euros", Pages: []int{3}}, Finding{Status: Found, Pages: []int{3}}},
		"another language":               {Claim{Text: "Die Reparatur kostet 40.000 Euro.", Quote: "to pay 40,000 euros from the reserve", Pages: []int{2}, Language: "de"}, Finding{Status: Found, Pages: []int{2}}},
		"another language, no quotation": {Claim{Text: "Le conseil paie 40 000 euros.", Pages: []int{2}, Language: "fr"}, Finding{Status: Found, Pages: []int{2}}},
		"words only":                     {Claim{Text: "Two of the bridge's beams are rotten.", Pages: []int{2}}, Finding{Status: Found, Pages: []int{2}}},
		"words only, wrong page":         {Claim{Text: "Two of the bridge's beams are rotten.", Pages: []int{3}}, Finding{Status: Moved, Pages: []int{2}}},
		"date in another form":           {Claim{Text: "The council met on 2024-03-14.", Quote: "Minutes of the parish council, 14 March 2024", Pages: []int{1}}, Finding{Status: Found, Pages: []int{1}}},
		"invented quotation":             {Claim{Text: "The mayor resigned.", Quote: "the mayor has resigned from his office", Pages: []int{2}}, Finding{Status: Missing, Missing: []string{"the mayor has resigned from his office"}}},
		"another figure":                 {Claim{Text: "The repair costs 48,000 euros.", Quote: "to pay 48,000 euros from the reserve", Pages: []int{2}}, Finding{Status: Missing, Missing: []string{"to pay 48,000 euros from the reserve"}}},
		"another figure beside it":       {Claim{Text: "The repair costs 48,000 euros.", Quote: "to pay 40,000 euros from the reserve", Pages: []int{2}}, Finding{Status: Missing, Missing: []string{"48,000"}}},
		"rounded wrongly":                {Claim{Text: "Revenue was 1.3 million euros.", Quote: "Revenue of the mill was 1,234,567 euros", Pages: []int{3}}, Finding{Status: Missing, Missing: []string{"1.3 million"}}},
		"another name":                   {Claim{Text: "The meeting was opened by Mrs Zorblax.", Quote: "Mrs Baker opened the meeting", Pages: []int{1}}, Finding{Status: Missing, Missing: []string{"Zorblax"}}},
		"another day":                    {Claim{Text: "The library must wait until 5 May.", Quote: "this was put off until 3 May 2024", Pages: []int{3}}, Finding{Status: Missing, Missing: []string{"5 May"}}},
		"borrowed quotation":             {Claim{Text: "The chairman was arrested because of bribery and theft.", Quote: "Work begins in April", Pages: []int{2}}, Finding{Status: Missing}},
		"invented words":                 {Claim{Text: "The bank lost billions and its chairman resigned at once.", Pages: []int{1}, Language: "en"}, Finding{Status: Missing}},
		"nothing to look up":             {Claim{Text: "It is so.", Pages: []int{1}, Language: "fr"}, Finding{Status: Unchecked}},
	} {
		t.Run(name, func(t *testing.T) {
			if got := council.Check(c.claim); !reflect.DeepEqual(got, c.want) {
				t.Errorf("got %+v, want %+v", got, c.want)
			}
		})
	}
}

func TestFactsOfAnAbstractAreLookedUp(t *testing.T) {
	for text, want := range map[string][]string{
		"The council, led by Mrs Baker, met on 14 March 2024 and pays 40,000 euros.": nil,
		"Revenue was 1.2 million, 38.5 % of it from Szymańska.":                      nil,
		"The bank of Zorblax lost 42 billion euros in 2031.":                         {"42 billion", "2031", "Zorblax"},
		"The meeting took place on 15 March 2024.":                                   {"15 March 2024"},
	} {
		if _, got := council.Facts(text, "en"); !reflect.DeepEqual(got, want) {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
	if _, missing := council.Facts("Die Sitzung war am 14. März 2024, die Brücke kostet 40.000 Euro.", "de"); missing != nil {
		t.Errorf("German: %v", missing)
	}
	if n, missing := council.Facts("Die Sitzung war am 16. März 2024, die Brücke kostet 41.000 Euro.", "de"); n != 2 || len(missing) != 2 {
		t.Errorf("German: %d, %v", n, missing)
	}
}

func TestValueOfReadsNumbersAsTheyAreWritten(t *testing.T) {
	for text, want := range map[string]float64{
		"40,000": 40000, "40.000": 40000, "40 000": 40000, "1,234,567": 1234567, "1.234.567,89": 1234567.89, "38.5": 38.5, "38,5": 38.5,
		"0.125": 0.125, "2024": 2024, "12": 12, "1’000": 1000, "3.14159": 3.14159,
	} {
		if got, _, ok := valueOf(text); !ok || got != want {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
}
