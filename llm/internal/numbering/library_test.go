package numbering

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"os"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/nyaruka/phonenumbers"
)

// TestTableIsTheLibrarys holds the table to the metadata of the library in go.mod; AIDOC_WRITE_PLANS=1 writes it anew after an update of that.
func TestTableIsTheLibrarys(t *testing.T) {
	want := fromLibrary(t)
	if os.Getenv("AIDOC_WRITE_PLANS") != "" {
		writePlans(t, want)
		return
	}
	got, err := read(plans)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(asJSON(t, got), asJSON(t, want)) {
		t.Error("plans.json.gz is not of the library's version: AIDOC_WRITE_PLANS=1 go test ./llm/internal/numbering")
	}
}

// TestEveryPatternCompiles: each is otherwise compiled on first use only.
func TestEveryPatternCompiles(t *testing.T) {
	for _, p := range table().Plans {
		all := append([]*pattern{p.IDD, p.Prefix, p.Leading, p.General}, p.Kinds...)
		for _, f := range p.Formats {
			all = append(all, f.Leading, f.Pattern)
		}
		for _, x := range all {
			x.compiled()
			x.whole()
		}
	}
}

func asJSON(t *testing.T, n *numbers) string {
	t.Helper()
	raw, err := json.Marshal(n)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func writePlans(t *testing.T, n *numbers) {
	t.Helper()
	var b bytes.Buffer
	z, _ := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if _, err := z.Write([]byte(asJSON(t, n))); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile("plans.json.gz", b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}

func fromLibrary(t *testing.T) *numbers {
	t.Helper()
	all, err := phonenumbers.MetadataCollection()
	if err != nil {
		t.Fatal(err)
	}
	n := &numbers{map[int][]string{}, map[string]*plan{}}
	for code := 1; code < 1000; code++ {
		if regions := phonenumbers.GetRegionCodesForCountryCode(code); len(regions) > 0 {
			n.Codes[code] = regions
		}
	}
	for _, m := range all.GetMetadata() {
		name := m.GetId()
		if name == world {
			name += strconv.Itoa(int(m.GetCountryCode()))
		}
		n.Plans[name] = planFrom(m)
	}
	return n
}

func planFrom(m *phonenumbers.PhoneMetadata) *plan {
	p := &plan{
		Code: int(m.GetCountryCode()), IDD: anchored(m.GetInternationalPrefix(), nil), Prefix: anchored(m.GetNationalPrefixForParsing(), nil),
		Transform: m.GetNationalPrefixTransformRule(), Leading: anchored(m.GetLeadingDigits(), nil), General: described(m.GetGeneralDesc()),
		Lengths: ints(m.GetGeneralDesc().PossibleLength), Local: ints(m.GetGeneralDesc().PossibleLengthLocalOnly),
	}
	p.General.lengths = nil
	for _, d := range []*phonenumbers.PhoneNumberDesc{
		m.GetFixedLine(), m.GetMobile(), m.GetTollFree(), m.GetPremiumRate(), m.GetSharedCost(), m.GetPersonalNumber(), m.GetVoip(),
		m.GetPager(), m.GetUan(), m.GetVoicemail(),
	} {
		if k := described(d); k.expr != "" && !(len(k.lengths) == 1 && k.lengths[0] < 0) { // one length of -1: there are none
			p.Kinds = append(p.Kinds, k)
		}
	}
	first := regexp.MustCompile(`\$\d`)
	for _, f := range m.GetNumberFormat() {
		form, leading := f.GetFormat(), ""
		if rule := f.GetNationalPrefixFormattingRule(); rule != "" {
			at := first.FindStringIndex(form)
			form = form[:at[0]] + rule + form[at[1]:]
		}
		if l := f.GetLeadingDigitsPattern(); len(l) > 0 {
			leading = l[len(l)-1]
		}
		p.Formats = append(p.Formats, format{anchored(leading, nil), anchored(f.GetPattern(), nil), form})
	}
	return p
}

// described is the pattern of one kind; the library writes line breaks into some.
func described(d *phonenumbers.PhoneNumberDesc) *pattern {
	return anchored(strings.Join(strings.Fields(d.GetNationalNumberPattern()), ""), ints(d.GetPossibleLength()))
}

func ints(in []int32) []int {
	var out []int
	for _, n := range in {
		out = append(out, int(n))
	}
	return out
}
