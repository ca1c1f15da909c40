package word97

import (
	"cmp"
	"slices"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/le"
)

// Property modifiers of characters that decide whether anybody sees them ([MS-DOC] 2.6.1).
const (
	sprmDeleted   = 0x0800
	sprmVanish    = 0x083c
	sprmCharStyle = 0x4a30
)

// span is a range of the text, in characters, or of the file, in bytes.
type span struct{ from, to int }

// charProps are what of a run's properties decides whether it is shown.
type charProps struct {
	deleted, vanish bool
	style           int
}

// apply reads property modifiers; styled says what the paragraph's style has.
func (p *charProps) apply(b []byte, styled bool) {
	eachSprm(b, func(op int, v []byte) {
		switch op {
		case sprmDeleted:
			p.deleted = v[0] != 0
		case sprmVanish:
			switch v[0] {
			case 0, 1:
				p.vanish = v[0] == 1
			case 0x80:
				p.vanish = styled
			case 0x81:
				p.vanish = !styled
			}
		case sprmCharStyle:
			p.style = le.U16(v, 0)
		}
	})
}

// loadHidden finds the text that nobody sees: deleted, with the deletion noted, or hidden by itself or by a style of letters. Most documents
// have none.
func (d *document) loadHidden(table []byte) {
	var at []span // in the file
	plc := d.part(table, fibChpx)
	n := (len(plc) - 4) / 8
	for i := range max(0, min(n, maxFKP)) {
		page := le.Bytes(d.main, (le.U32(plc, 4*(n+1)+4*i)&0x3fffff)*512, 512)
		if len(page) == 512 {
			at = d.hiddenOn(page, at)
		}
	}
	if len(at) == 0 {
		return
	}
	slices.SortFunc(at, func(a, b span) int { return cmp.Compare(a.from, b.from) })
	for _, p := range d.pieces {
		end := p.fc + len(p.data)
		i, _ := slices.BinarySearchFunc(at, p.fc, func(s span, fc int) int { return cmp.Compare(s.to, fc+1) })
		for ; i < len(at) && at[i].from < end; i++ {
			from, to := max(at[i].from, p.fc), min(at[i].to, end)
			d.hide(span{p.cp + (from-p.fc)/p.width, p.cp + (to-p.fc)/p.width})
		}
	}
}

// hide notes a range of the text, which begins behind those before it.
func (d *document) hide(s span) {
	if n := len(d.hidden); n > 0 && d.hidden[n-1].to >= s.from {
		d.hidden[n-1].to = max(d.hidden[n-1].to, s.to)
	} else if s.from < s.to {
		d.hidden = append(d.hidden, s)
	}
}

// hiddenOn adds the runs of a formatted disk page that nobody sees.
func (d *document) hiddenOn(b []byte, out []span) []span {
	n := int(b[511])
	if 4*(n+1)+n > 511 {
		return out
	}
	for i := range n {
		o := 2 * int(b[4*(n+1)+i])
		if o == 0 {
			continue
		}
		mods := le.Bytes(b[:511], o+1, int(b[o]))
		var p charProps
		p.apply(mods, false)
		if p.style > 0 {
			p.vanish = d.styleHides(p.style, 0)
			p.apply(mods, p.vanish)
		}
		s := span{le.U32(b, 4*i), le.U32(b, 4*i+4)}
		if !(p.deleted || p.vanish) || s.from >= s.to {
			continue
		}
		if k := len(out) - 1; k >= 0 && out[k].to == s.from {
			out[k].to = s.to
		} else {
			out = append(out, s)
		}
	}
	return out
}

// styleHides says that a style of letters hides what has it.
func (d *document) styleHides(style, depth int) bool {
	if style < 0 || style >= len(d.styles) || depth > 12 {
		return false
	}
	s := d.styles[style]
	p := charProps{vanish: d.styleHides(s.base, depth+1)}
	p.apply(s.chpx, p.vanish)
	return p.vanish
}

// isHidden says that nobody sees a character. They are asked for one after the other.
func (d *document) isHidden(cp int) bool {
	if len(d.hidden) == 0 {
		return false
	}
	if d.at >= len(d.hidden) || cp >= d.hidden[d.at].to || d.at > 0 && cp < d.hidden[d.at-1].to {
		d.at, _ = slices.BinarySearchFunc(d.hidden, cp, func(s span, cp int) int { return cmp.Compare(s.to, cp+1) })
	}
	return d.at < len(d.hidden) && cp >= d.hidden[d.at].from && cp < d.hidden[d.at].to
}
