package markdown

import (
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/internal/pattern"
)

// A site escapes what it shows. Tame is the lock before that one: of what a model wrote, text that could become markup, a link, an embed
// or a shortcode on its way through filters and plugins is taken apart, and its words are kept.

const htmlNames = `a|abbr|address|applet|area|article|aside|audio|b|base|blockquote|body|br|button|canvas|center|code|div|em|embed|font|footer|form|frame|frameset|h[1-6]|head|header|hr|html|i|iframe|img|input|ins|label|li|link|main|map|marquee|math|meta|nav|noscript|object|ol|option|p|param|picture|pre|s|script|section|select|small|source|span|strike|strong|style|sub|sup|svg|table|tbody|td|template|textarea|tfoot|th|thead|title|tr|track|u|ul|video`

var (
	comment    = pattern.Lazily(`<!--.*?(?:-->|$)`)
	tag        = pattern.Lazily(`(?i)</?(?:script|style|iframe|frame|svg|math|img|object|embed|link|meta|base|form|input|template|video|audio)\b[^<>]*>?|</?(?:` + htmlNames + `)(?:\s+[a-z:-]+\s*=[^<>]*|\s*/?)>`)
	scheme     = pattern.Lazily(`(?i)\b(?:https?|ftp|file)://(?:www\.)?|\bwww\.|\b(?:mailto|javascript|vbscript):|\bdata:[a-z]+/[a-z0-9.+-]+[;,]\S*`)
	shortcode  = pattern.Lazily(`\[\[?(/?[a-z][a-z0-9_-]{2,}(?:\s[^\[\]]*)?)/?\]\]?`)
	codeMarkup = pattern.Lazily(`(?i)<(/?(?:script|img|svg|iframe|object|embed|style|link|meta|base|form|!--))`)
	codeShort  = pattern.Lazily(`\[(/?(?:gallery|embed|audio|video|playlist|caption|wp_caption)\b[^\[\]]*|/?[a-z][a-z0-9_-]{2,}\s[^\[\]]*=[^\[\]]*)\]`)
	invisible  = strings.NewReplacer("\u200b", "", "\u2060", "", "\u180e", "", "\u00ad", "")
)

// TameText takes apart what could become more than text.
func TameText(s string) string {
	s = invisible.Replace(s)
	for range 4 { // what is left when a mark is gone may be a mark again
		before := s
		s = tag.ReplaceAllString(comment.ReplaceAllString(s, ""), "")
		s = scheme.ReplaceAllString(s, "")
		s = shortcode.ReplaceAllString(s, "($1)")
		if s == before {
			return s
		}
	}
	return strings.NewReplacer("<", "‹", "[", "(", "]", ")").Replace(s)
}

// tameCode keeps code readable: only what a browser or a site would act on is parted from its bracket.
func tameCode(s string) string {
	s = codeMarkup.ReplaceAllString(invisible.Replace(s), "< $1")
	s = codeShort.ReplaceAllString(s, "[ $1 ]")
	return scheme.ReplaceAllString(s, "")
}

// Tame returns blocks with all their text tamed. Blocks of which nothing is left are dropped.
func Tame(blocks []Block) []Block {
	var out []Block
	for _, b := range blocks {
		had := len(b.Runs) + len(b.Items) + len(b.Text) + len(b.Header)
		b.Runs = tameRuns(b.Runs)
		b.Items = tameCells(b.Items, true)
		b.Header = tameCells(b.Header, false)
		if b.Rows != nil {
			rows := make([][][]Run, len(b.Rows))
			for i, r := range b.Rows {
				rows[i] = tameCells(r, false)
			}
			b.Rows = rows
		}
		b.Text = tameCode(b.Text)
		if had > 0 && len(b.Runs)+len(b.Items)+len(b.Text)+len(b.Header) == 0 {
			continue
		}
		out = append(out, b)
	}
	return out
}

func tameCells(cells [][]Run, drop bool) [][]Run {
	if cells == nil {
		return nil
	}
	out := make([][]Run, 0, len(cells))
	for _, c := range cells {
		if t := tameRuns(c); len(t) > 0 || !drop {
			out = append(out, cellOf(t))
		}
	}
	return out
}

func tameRuns(runs []Run) []Run {
	out := make([]Run, 0, len(runs))
	for _, r := range runs {
		if r.Code {
			r.Text = tameCode(r.Text)
		} else {
			r.Text = TameText(r.Text)
		}
		out = append(out, r)
	}
	return mergeRuns(out)
}
