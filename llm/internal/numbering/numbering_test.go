package numbering

import (
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"github.com/nyaruka/phonenumbers"
)

// TestAnswersAreTheLibrarys compares numbers of every country, as they are and changed at random: one digit more, less or another, with
// the prefixes of the country and of others.
func TestAnswersAreTheLibrarys(t *testing.T) {
	r := rand.New(rand.NewPCG(33, 1))
	valid, compared := 0, 0
	for region, p := range table().Plans {
		for _, number := range examples(region, p) {
			for range 2 {
				code := strconv.Itoa(p.Code)
				for _, digits := range []string{number, "0" + number, "1" + number, code + number, "00" + code + number, "011" + code + number, code + "0" + number, "8" + number} {
					compared++
					if same(t, digits, region) {
						valid++
					}
				}
				number = changed(r, number)
			}
		}
	}
	if valid < compared/10 || valid > compared*9/10 {
		t.Errorf("%d of %d numbers were valid; both kinds are wanted", valid, compared)
	}
	t.Logf("%d numbers compared, %d of them valid", compared, valid)
}

// same compares the answers about digits and returns whether they are a number.
func same(t *testing.T, digits, region string) bool {
	t.Helper()
	n, err := phonenumbers.Parse("+"+digits, "")
	want := err == nil && phonenumbers.IsValidNumber(n)
	if got := International(digits); got != want {
		t.Errorf("+%s: %v, the library says %v", digits, got, want)
	}
	found := want
	for _, plus := range []string{"", "+"} {
		if len(region) != 2 {
			break
		}
		n, err := phonenumbers.Parse(plus+digits, region)
		want, form := err == nil && phonenumbers.IsValidNumberForRegion(n, region), ""
		if want {
			form = phonenumbers.Format(n, phonenumbers.NATIONAL)
		}
		if got, ok := National(digits, region, plus != ""); ok != want || got != form {
			t.Errorf("%s%s in %s: %q %v, the library says %q %v", plus, digits, region, got, ok, form, want)
		}
		found = found || want
	}
	return found
}

// examples are numbers of each kind that a region has, without their prefix.
func examples(region string, p *plan) (out []string) {
	if strings.HasPrefix(region, world) {
		if n := phonenumbers.GetExampleNumberForNonGeoEntity(p.Code); n != nil {
			out = append(out, phonenumbers.GetNationalSignificantNumber(n))
		}
		return out
	}
	for kind := phonenumbers.FIXED_LINE; kind <= phonenumbers.VOICEMAIL; kind++ {
		if n := phonenumbers.GetExampleNumberForType(region, kind); n != nil {
			out = append(out, phonenumbers.GetNationalSignificantNumber(n))
		}
	}
	return out
}

func changed(r *rand.Rand, number string) string {
	at, digit := r.IntN(len(number)), strconv.Itoa(r.IntN(10))
	switch {
	case r.IntN(3) == 0 && len(number) < 12:
		return number[:at] + digit + number[at:]
	case r.IntN(3) == 0 && len(number) > 7:
		return number[:at] + number[at+1:]
	}
	return number[:at] + digit + number[at+1:]
}
