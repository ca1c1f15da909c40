package extractive

import (
	"slices"
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/internal/pattern"
	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/markdown"
	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/prose"
)

// statement is a table of income: the figures a reader of a filing asks for first.
type statement struct {
	page   int
	period string   // "Three Months Ended", or ""
	unit   string   // "in millions", or ""
	heads  []string // of its columns of figures, "" where unknown
	lines  []statementLine
}

type statementLine struct {
	label  string
	values []string
}

// keyFigures are the rows of a table of income that are told, in this order.
var keyFigures = []pattern.Pattern{
	pattern.Lazily(`(?i)^(total |consolidated )?(net )?(revenues?|sales|turnover)(, net| \(net\)|, total)?$|^total (net )?(revenues?|sales)( and other income)?$|^(gesamt)?(umsatz(erlöse)?)( gesamt)?$|^(total du )?chiffre d.affaires( net)?$|^(importe neto de la )?cifra de negocios$|^ingresos( totales| netos)?$|^(totale )?ricavi( netti| totali)?$|^receita( líquida| total)?$|^(netto-?)?omzet$|^выручка$`),
	pattern.Lazily(`(?i)^gross (profit|margin)$|^bruttoergebnis( vom umsatz)?$|^marge brute$|^margen bruto$|^utile lordo$|^lucro bruto$`),
	pattern.Lazily(`(?i)^(operating|total operating) (income|profit|loss)( \(loss\))?$|^(income|profit|loss)( \(loss\))? from operations$|^betriebsergebnis$|^ebit$|^résultat (opérationnel|d.exploitation)$|^resultado (de explotación|operativo|operacional)$|^risultato operativo$|^bedrijfsresultaat$`),
	pattern.Lazily(`(?i)^(consolidated )?net (income|earnings|profit|loss)( \(loss\))?( attributable to .{3,40})?$|^profit for the (year|period)$|^(jahresüberschuss|konzernergebnis|periodenergebnis|jahresfehlbetrag)$|^résultat net( .{0,30})?$|^(resultado|beneficio) (neto|del ejercicio|líquido)$|^(utile|risultato) netto$|^lucro líquido$|^nettowinst$|^чистая прибыль$`),
	pattern.Lazily(`(?i)^((net )?(income|earnings|profit|loss)( \(loss\))? per .{0,30}(share|stock).{0,20}diluted.*|diluted( (earnings|income|loss).{0,40})?|(earnings|income) per share.{1,6}diluted)$`),
}

// enoughFigures is the number of such rows that make a table one of income.
const enoughFigures = 3

// incomeStatement is the first table of income, nil where there is none. A table that goes on behind a blank line counts with it.
func (r *reading) incomeStatement() *statement {
	var best *statement
	for i := range r.tables {
		t := r.tables[i]
		for j := i + 1; j < len(r.tables) && r.tables[j].page == t.page; j++ {
			t.rows = append(slices.Clip(t.rows), r.tables[j].rows...)
		}
		st := statementOf(t)
		if st != nil && (best == nil || len(st.lines) > len(best.lines)+1) {
			best = st
		}
	}
	return best
}

func statementOf(t table) *statement {
	st := &statement{page: t.page}
	for k, p := range keyFigures {
		group := ""
		for _, row := range t.rows {
			label := strings.TrimRight(prose.OneLine(row[0]), ": ")
			if len(figuresOf(row[1:])) == 0 {
				group = label
			}
			if len(label) > 90 || !p.MatchString(label) {
				continue
			}
			if v := figuresOf(row[1:]); len(v) > 0 {
				if strings.EqualFold(label, "diluted") && group != "" {
					label = group + ", " + strings.ToLower(label)
				}
				st.lines = append(st.lines, statementLine{label, v})
				break
			}
		}
		if k == 0 && len(st.lines) == 0 {
			return nil // without its turnover it is another table
		}
	}
	if len(st.lines) < enoughFigures {
		return nil
	}
	st.frame(t)
	return st
}

// figuresOf are the figures of cells, with the marks of currency that a layout put into the neighbour's cell taken off.
func figuresOf(cells []string) []string {
	var out []string
	for _, c := range cells {
		c = strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(c), "$"))
		c = strings.ReplaceAll(strings.ReplaceAll(c, "$ ", "$"), " )", ")")
		if _, ok := number(c); ok {
			out = append(out, c)
		}
	}
	return out
}

var (
	unitOf   = pattern.Lazily(`(?i)\b(in|en|em)\s+(us\$ |\$|€ |eur )?(millions?|thousands?|billions?|millionen|tausend|mio\.?|milliers|millones|miles|milioni|migliaia|milhões|milhares)\b( (of|de) (dollars|euros?|u\.s\. dollars))?`)
	periodOf = pattern.Lazily(`(?i)\b((three|six|nine|twelve|\d{1,2}) months?|(fiscal )?(quarters?|years?)|1?[1-4]\. quartal|geschäftsjahr|exercice|ejercicio) (ended|ending|endend|zum|clos|terminado)\b`)
)

// frame reads what stands around the figures: unit, period, heads of columns.
func (st *statement) frame(t table) {
	n := len(st.lines[0].values)
	around := slices.Clone(t.above)
	for _, row := range t.rows[:min(3, len(t.rows))] {
		around = append(around, strings.Join(row, " "))
	}
	for _, l := range around {
		if m := unitOf.FindString(l); m != "" && st.unit == "" {
			st.unit = strings.ToLower(m)
		}
		if m := periodOf.FindString(l); m != "" && st.period == "" {
			st.period = m
		}
	}
	for _, row := range t.rows[:min(2, len(t.rows))] {
		if heads := headsOf(row, n); heads != nil {
			st.heads = heads
			return
		}
	}
	for i := len(t.above) - 1; i >= 0; i-- {
		if heads := headsOf(cellsOf(t.above[i]), n); heads != nil {
			st.heads = heads
			return
		}
	}
}

// headsOf are the last n cells of a row where they are years or dates.
func headsOf(row []string, n int) []string {
	if len(row) < n {
		return nil
	}
	heads := row[len(row)-n:]
	for _, h := range heads {
		if !yearIn.MatchString(h) {
			return nil
		}
	}
	return heads
}

var yearIn = pattern.Lazily(`\b(19|20)\d\d\b`)

// shownColumns is how many columns of figures are told: this period and the one to compare it with.
const shownColumns = 2

// figureBlocks are the figures as a list under their heading.
func (s *scored) figureBlocks(cite bool) []markdown.Block {
	st := s.figures
	if st == nil {
		return nil
	}
	l := markdown.Block{Type: "list"}
	for _, line := range st.lines {
		var parts []string
		for i, v := range line.values[:min(shownColumns, len(line.values))] {
			if i < len(st.heads) && st.heads[i] != "" {
				v += " (" + prose.OneLine(st.heads[i]) + ")"
			}
			parts = append(parts, v)
		}
		l.Items = append(l.Items, []markdown.Run{{Text: line.label, Bold: true}, {Text: ": " + strings.Join(parts, ", ") + s.pageReference(st.page, cite)}})
	}
	title := prose.Label(s.lang, "figures")
	if about := strings.Trim(prose.OneLine(st.period+", "+st.unit), ", "); about != "" {
		title += " (" + strings.ToLower(about) + ")"
	}
	return []markdown.Block{heading(title), l}
}

var (
	movement = pattern.Lazily(`(?i)\b(increas|decreas|grew|growth|declin|rose|fell|higher|lower|stieg|sank|wuchs|augment|diminu|aument|disminu|crec|crebb|cresc)\p{L}*\b`)
	counted  = pattern.Lazily(`(\$|€|£)\s?\d|\d\s?(%|percent|million|billion|prozent|millionen)`)
	business = pattern.Lazily(`(?i)\b(revenues?|(net )?sales|operating income|net income|margin|cash flows?|earnings|umsatz|ergebnis|chiffre d.affaires|résultat|ingresos|ventas|ricavi|receita)\b`)
)

// filingCue prefers sentences that tell how the business moved, in figures.
func (s *scored) filingCue(t *sentence) float64 {
	v := 0.0
	if business.MatchString(t.text) {
		v += 0.3
	}
	if movement.MatchString(t.text) && counted.MatchString(t.text) {
		v++
	}
	return v
}

var (
	formName    = pattern.Lazily(`(?i)\bform\s+(10-[kq]|20-f|8-k|6-k|40-f|s-1)\b`)
	registrant  = pattern.Lazily(`(?i)exact name of registrant`)
	periodEnded = pattern.Lazily(`(?i)for the ((quarterly|fiscal|transition|annual)?\s?(period|year)) ended:?\s+(\p{Lu}\p{L}+ \d{1,2}, \d{4})`)
)

// filingTitle is "Apple Inc.: Form 10-Q, period ended December 31, 2022", "" for other documents. What stands large on the cover of a
// filing is the name of the authority.
func (r *reading) filingTitle() string {
	form, company, period := "", "", ""
	for i, l := range r.opening {
		if m := formName.FindStringSubmatch(l); m != nil && form == "" {
			form = "Form " + strings.ToUpper(m[1])
		}
		if m := periodEnded.FindStringSubmatch(l); m != nil && period == "" {
			period = ", period ended " + m[4]
		}
		if registrant.MatchString(l) && i > 0 && company == "" {
			company = strings.TrimLeft(r.opening[i-1], "# ")
		}
	}
	if form == "" || company == "" || len(company) > 90 {
		return ""
	}
	return company + ": " + form + period
}
