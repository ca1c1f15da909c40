package numbering

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"sync"
)

// world is the region of country codes that belong to no country; its plans are kept under their code.
const world = "001"

// plans is the numbers as JSON, packed. TestTableIsTheLibrarys writes it.
//
//go:embed plans.json.gz
var plans []byte

// numbers is the numbering plans of the world.
type numbers struct {
	Codes map[int][]string // the regions that share a country code, the main one first
	Plans map[string]*plan // by region; those of no country by world and their code
}

// plan is how a country's numbers look. Patterns are anchored at the start.
type plan struct {
	Code      int
	IDD       *pattern // what is dialled for other countries
	Prefix    *pattern // what is dialled before a national number
	Transform string   `json:",omitempty"` // put in the place of Prefix where its last group matched
	Leading   *pattern // tells this region's numbers from others of the same code
	Lengths   []int    // of whole numbers, ascending
	Local     []int    `json:",omitempty"` // of numbers without their area code
	General   *pattern
	Kinds     []*pattern // fixed, mobile, toll free and so on
	Formats   []format   `json:",omitempty"`
}

// format is one way of a country to group digits; the first that fits is its.
type format struct {
	Leading, Pattern *pattern
	Form             string
}

// pattern is a regular expression that is compiled on first use, and the lengths of what it matches, none for any. In JSON it is an array.
type pattern struct {
	expr            string
	lengths         []int
	compiled, whole func() *regexp.Regexp // the second anchored at the end too
}

// anchored: "" matches nothing.
func anchored(expr string, lengths []int) *pattern {
	compile := func(end string) func() *regexp.Regexp {
		return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile("^(?:" + expr + ")" + end) })
	}
	return &pattern{expr, lengths, compile(""), compile("$")}
}

// find is the match at the start of s with its groups, or nil.
func (p *pattern) find(s string) []int {
	if p.expr == "" {
		return nil
	}
	return p.compiled().FindStringSubmatchIndex(s)
}

// matches tells whether all of s is matched.
func (p *pattern) matches(s string) bool {
	return p.expr != "" && (len(p.lengths) == 0 || slices.Contains(p.lengths, len(s))) && p.whole().MatchString(s)
}

// MarshalJSON implements json.Marshaler.
func (p *pattern) MarshalJSON() ([]byte, error) { return json.Marshal([]any{p.expr, p.lengths}) }

// UnmarshalJSON implements json.Unmarshaler.
func (p *pattern) UnmarshalJSON(raw []byte) error {
	var expr string
	var lengths []int
	if err := json.Unmarshal(raw, &[]any{&expr, &lengths}); err != nil {
		return err
	}
	*p = *anchored(expr, lengths)
	return nil
}

// table reads the plans on first use.
var table = sync.OnceValue(func() *numbers {
	n, err := read(plans)
	if err != nil {
		panic("the table of numbering plans is damaged: " + err.Error()) // it is part of the program
	}
	return n
})

func read(packed []byte) (*numbers, error) {
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	n := &numbers{}
	return n, json.NewDecoder(z).Decode(n)
}

// planOf is the plan of a region that shares code.
func planOf(region string, code int) *plan {
	if region == world {
		region += strconv.Itoa(code)
	}
	return table().Plans[region]
}
