package extractive

import (
	"fmt"
	"strings"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/markdown"
	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/prose"
)

// summaryOf is the summary of a text of one page, or of several between form feeds, as Markdown.
func summaryOf(text, filename string) string {
	var pages []prose.Page
	for i, p := range strings.Split(text, "\f") {
		pages = append(pages, prose.Page{Number: i + 1, Text: p})
	}
	_, blocks := Summarise(pages, prose.Language(pages, ""), "", filename)
	return markdown.Write(blocks)
}

func wantAll(t *testing.T, summary string, parts ...string) {
	t.Helper()
	for _, p := range parts {
		if !strings.Contains(summary, p) {
			t.Errorf("%q is missing in:\n%s", p, summary)
		}
	}
}

const filing = `# UNITED STATES SECURITIES AND EXCHANGE COMMISSION
## Washington, D.C. 20549

# FORM 10-Q

For the quarterly period ended September 30, 2024

# Hinterfeld Pumps Inc.
(Exact name of Registrant as specified in its charter)

Indicate by check mark whether the Registrant is a large accelerated filer. Yes ☒ No ☐

CONDENSED CONSOLIDATED STATEMENTS OF OPERATIONS (Unaudited)
(In millions, except per share amounts)

Three Months Ended

|  | September 30, 2024 | September 30, 2023 |
| --- | --- | --- |
| Net sales: |  |  |
| Products | $ 1,000 | $ 900 |
| Total net sales | 1,234 | 1,101 |
| Gross margin | 500 | 450 |
| Net income | $ 99 | $ 88 |
| Earnings per share: |  |  |
| Diluted | $ 1.88 | $ 2.10 |
` + "\f" + `## Results of operations

Total net sales increased 12% or $133 million during the third quarter of 2024 because more counties bought pumps.
The company moved its plant for valves to Hinterfeld in the spring, which took longer than was planned.
Operating expenses rose 4% in the quarter, mostly for the salaries of engineers.
The number of pumps sold grew to eleven thousand in the three months.

## SIGNATURES

Pursuant to the requirements of the Securities Exchange Act of 1934, the Registrant has duly caused this report to be signed on its behalf.
`

func TestAFilingTellsItsFiguresFirst(t *testing.T) {
	s := summaryOf(filing, "10q.pdf")
	wantAll(t, s, "## Figures (three months ended, in millions)\n", "- **Total net sales**: 1,234 (September 30, 2024), 1,101 (September 30, 2023) (p. 1)\n", "**Earnings per share, diluted**: $1.88", "increased 12% or $133 million")
	if !strings.HasPrefix(s, "## Figures") || strings.Contains(s, "duly caused") || strings.Contains(s, "check mark") {
		t.Errorf("got:\n%s", s)
	}
}

func TestAnotherTableIsNoStatementOfIncome(t *testing.T) {
	s := summaryOf(filler+"\n\n| Station | 2023 | 2024 |\n| --- | --- | --- |\n| Total revenue | 12 | 14 |\n| North | 1 | 2 |\n", "a.pdf")
	if strings.Contains(s, "Figures") {
		t.Errorf("one row of revenue is no statement:\n%s", s)
	}
}

func TestMinutesTellWhoDecisionsAndActions(t *testing.T) {
	s := summaryOf(`# Minutes of the Water Board

Present: A. Miller (chair), B. Jones, C. Smith

The minutes of the meeting in May were read by the chair.
Jones reported that the pumps of the north station leak and that the repair takes two weeks.
It was resolved that the board buys two new pumps for the north station.
The motion to raise the price of water was carried by four votes to one.
Smith will prepare a list of the pipes that have to be replaced before winter.
Miller will contact the county about the reservoir behind the hospital.
`, "minutes.docx")
	wantAll(t, s, "Present: A. Miller (chair), B. Jones, C. Smith.", "## Decisions", "- It was resolved that the board buys two new pumps", "## Actions", "- Smith will prepare a list", "- Miller will contact the county")
	if strings.Index(s, "## Decisions") > strings.Index(s, "## Actions") || strings.Count(s, "It was resolved") != 1 {
		t.Errorf("got:\n%s", s)
	}
}

func TestReviewsAreCounted(t *testing.T) {
	var b strings.Builder
	for i := range 12 {
		fmt.Fprintf(&b, "The battery life of my reader is great after %d weeks.\n", i+2)
	}
	for i := range 8 {
		fmt.Fprintf(&b, "I find that the screen of my reader is too dark in room %d.\n", i+2)
	}
	for i := range 20 {
		fmt.Fprintf(&b, "My reader came in box number %c and I like it.\n", 'a'+i)
	}
	s := summaryOf(b.String(), "reviews.txt")
	wantAll(t, s, "of 40 mention it**: ")
	if n := strings.Count(s, "\n- ") + 1; n < 2 || n > 3 {
		t.Errorf("%d things said:\n%s", n, s)
	}
}

func TestALetterTellsWhoWritesWhomAndWhatIsAsked(t *testing.T) {
	s := summaryOf(`Hinterfeld Water Board
12 River Road

4 May 2024

Dear Ms Turner,

The pumps of the north station have leaked since the storm in March, and half of the street below it stands under water.
Our engineers have looked at the pumps twice and found that the seals are worn out.
Please send us the offer for two new pumps before the end of May.
We would also be grateful if you let us know how long the delivery takes.

Yours sincerely,
Anna Miller
`, "letter.docx")
	wantAll(t, s, "From Anna Miller to Ms Turner", "## What is asked", "- Please send us the offer for two new pumps before the end of May.")
}

func TestALetterInGerman(t *testing.T) {
	text := `Stadtwerke Hinterfeld GmbH

Hinterfeld, den 4. Mai 2024

Betreff: Austausch Ihres Wasserzählers

Sehr geehrte Damen und Herren,

der Wasserzähler in Ihrem Haus ist im Jahr 2018 eingebaut worden, und seine Eichfrist läuft in diesem Sommer ab.

Wir bitten Sie, uns bis spätestens 20. Mai mitzuteilen, ob der Termin am 3. Juni für Sie möglich ist.

Für Rückfragen stehen wir Ihnen gerne zur Verfügung.

Mit freundlichen Grüßen

Anna Schmidt
`
	s := summaryOf(text, "brief.docx")
	wantAll(t, s, "Von Anna Schmidt: Austausch Ihres Wasserzählers.", "Der Wasserzähler in Ihrem Haus", "## Worum gebeten wird", "- Wir bitten Sie, uns bis spätestens 20. Mai mitzuteilen, ob der Termin am 3. Juni")
	if strings.Contains(s, "Rückfragen") {
		t.Errorf("a farewell is quoted:\n%s", s)
	}
	if title, _ := Summarise([]prose.Page{{Number: 1, Text: text}}, "de", "", "brief.docx"); title != "Austausch Ihres Wasserzählers" {
		t.Errorf("title %q", title)
	}
}

func TestALogIsNoProse(t *testing.T) {
	s := summaryOf(strings.Repeat("2024-05-06 10:00:01 INFO server started on port 8080\n2024-05-06 10:00:04 ERROR database timeout after 30s\n", 5), "a.log")
	wantAll(t, s, "Source code, commands or a log, 10 lines.")
}

func TestAMailTellsItsSubject(t *testing.T) {
	s := summaryOf(`From: Anna Miller <anna@example.org>
To: Board <board@example.org>
Date: Mon, 6 May 2024 10:00:00 +0200
Subject: Pumps of the north station

The pumps of the north station leak, and the street below it stands under water since the storm.
Could you send the offer for two new pumps to the county before Friday?
`, "mail.eml")
	wantAll(t, s, "From Anna Miller to Board: Pumps of the north station.", "- Could you send the offer")
	if strings.Contains(s, "@") {
		t.Errorf("an address is shown:\n%s", s)
	}
}

func TestAWorkbookIsCountedAndNeverShowsBars(t *testing.T) {
	var b strings.Builder
	b.WriteString("# Stations\n\n| Month | Station | Litres | Price |\n| --- | --- | --- | --- |\n")
	for i := range 100 {
		fmt.Fprintf(&b, "| %d-%02d | North | %d | 1.5 |\n", 2021+i/30, i%12+1, 100+i)
	}
	b.WriteString("\f# Notes\n\n| Month | Remark |\n| --- | --- |\n")
	for i := range 20 {
		fmt.Fprintf(&b, "| 2024-%02d | fine |\n", i%6+1)
	}
	s := summaryOf(b.String(), "stations.xlsx")
	wantAll(t, s, "2 sheets, 6 columns, 120 rows, 2021-01 to 2024-12.", "- **Stations**: Month, Station, Litres (100–199), Price", "- **Notes**: Month, Remark")
	if strings.Contains(s, "|") {
		t.Errorf("bars of a table are shown:\n%s", s)
	}
}

func TestDatesOfCells(t *testing.T) {
	for cell, want := range map[string]string{"2024-06-30": "2024-06-30", "2024-06": "2024-06", "30.6.2024": "2024-06-30", "6/30/2024": "2024-06-30", "30/6/2024": "2024-06-30", "3/4/2024": "2024", "12": "", "2024": ""} {
		if got := dateIn(cell); got != want {
			t.Errorf("%q: got %q, want %q", cell, got, want)
		}
	}
	for cell, want := range map[string]float64{"1,234": 1234, "1.234,5": 1234.5, "1,234.50": 1234.5, "-3": -3, "$ 12": 12, "12 %": 12} {
		if got, ok := number(cell); !ok || got != want {
			t.Errorf("%q: got %v %v", cell, got, ok)
		}
	}
	for _, cell := range []string{"", "North", "12 pumps", "6ff4"} {
		if _, ok := number(cell); ok {
			t.Errorf("%q is a number", cell)
		}
	}
}

func TestCodeIsNamedAndCounted(t *testing.T) {
	s := summaryOf("# Reads the pumps of all stations and writes a report for the board.\nimport os\n\ndef read_pump(name):\n    return open(name).read()\n\ndef write_report(lines):\n    x = \"\\n\".join(lines);\n    print(x);\n\nif __name__ == \"__main__\":\n    write_report([read_pump(p) for p in os.listdir(\".\")])\n", "pumps.py")
	wantAll(t, s, "Source code, commands or a log, ", "Defines read\\_pump, write\\_report.")
}

func TestAFormTellsItsLabels(t *testing.T) {
	s := summaryOf("TECHMART\n\nStore: 0342\nCashier: E. Rodriguez\nRegister: POS-07\nItems\nMouse 59.99\nCable 24.99\nTax: 7.12\nTotal: 92.10\n", "receipt.pdf")
	wantAll(t, s, "- **Total**: 92.10\n- **Store**: 0342\n")
}

func TestTranscriptsTellSpeakersAndDecisions(t *testing.T) {
	var b strings.Builder
	for i := range 20 {
		fmt.Fprintf(&b, "Anna: Uh , we should um replace the water pumps of station number %d before the winter comes .\nBen: Yeah .\nBen: We're We're trying to find the money for pump %d in the budget of the county .\n", i+2, i+2)
	}
	b.WriteString("Anna: Madam Chair, so we decided to buy two new pumps for the north station in the spring .\nBen: Can we look at the price of the pumps and the budget of the county by the end of June ?\nBen: I'll send the offer of the factory to the county before the next meeting .\n")
	s := summaryOf(b.String(), "meeting.txt")
	wantAll(t, s, "Speakers: Anna, Ben.", "Topics: ", "## Decisions", "- Anna: We decided to buy two new pumps", "## Actions", "- Ben: I'll send the offer")
	if _, actions, _ := strings.Cut(s, "## Actions"); strings.Contains(actions, "end of June") {
		t.Errorf("a question is told as an action:\n%s", s)
	}
	if strings.Contains(s, "Madam") || strings.Contains(s, "um ") || strings.Contains(s, "We're We're") || strings.Contains(s, " ,") || strings.Contains(s, "(p. ") {
		t.Errorf("got:\n%s", s)
	}
}

func TestWhatCannotBeReadIsSaid(t *testing.T) {
	noise := strings.Repeat("Tbe wtrr brqd xj rprts lk evryt sprng q ony tbe sttte zx of pmpps grn w nnn. ", 6)
	pages := []prose.Page{{Number: 1, Text: noise, Confidence: 0.41}}
	_, blocks := Summarise(pages, "en", "", "scan.pdf")
	if got := markdown.PlainText(blocks[0]); len(blocks) != 1 || !strings.Contains(got, "41 % sure") {
		t.Errorf("got %+v", blocks)
	}
	pages[0] = prose.Page{Number: 1, Text: strings.Repeat("xq zzt bvn krr pll wqx mmb ", 10)}
	_, blocks = Summarise(pages, "en", "", "odd.pdf")
	if got := markdown.PlainText(blocks[0]); len(blocks) != 1 || !strings.Contains(got, "looks like words") {
		t.Errorf("got %+v", blocks)
	}
	pages[0] = prose.Page{Number: 1, Text: strings.Repeat("12 34 56\n", 200)}
	_, blocks = Summarise(pages, "en", "", "odd.pdf")
	if got := markdown.PlainText(blocks[0]); len(blocks) != 1 || !strings.Contains(got, "no sentences") {
		t.Errorf("got %+v", blocks)
	}
}

func TestTitles(t *testing.T) {
	body := "\n\n" + filler
	for _, c := range []struct{ meta, text, file, want string }{
		{"Microsoft Word - report_v2.docx", "# Pumps of the north" + body, "x.pdf", "Pumps of the north"},
		{"2024-05-06", "# Pumps of the north" + body, "x.pdf", "Pumps of the north"},
		{"May 6, 2024", "# 6. Mai 2024\n\n## Pumps of the north" + body, "x.pdf", "Pumps of the north"},
		{"MEDRPT-2024-PAT-3847_medical_report_scan", "# SEATTLE HOSPITAL" + body, "x.pdf", "SEATTLE HOSPITAL"},
		{"Proceedings of the...", "# Pumps of the north" + body, "x.pdf", "Pumps of the north"},
		{"(anonymous)", "# Pumps of the north" + body, "x.pdf", "Pumps of the north"},
		{"", filing, "10q.pdf", "Hinterfeld Pumps Inc.: Form 10-Q, period ended September 30, 2024"},
		{"", "# UNITED STATES SECURITIES AND EXCHANGE COMMISSION\n\n## Pumps of the north" + body, "x.pdf", "Pumps of the north"},
		{"", "# Microsoft - Wikipedia" + body, "x.html", "Microsoft"},
		{"", filler, "annual_report-25.pdf", "annual report 25"},
		{"", "12", "", "Untitled document"},
	} {
		if got, _ := Summarise([]prose.Page{{Number: 1, Text: c.text}}, "en", c.meta, c.file); got != c.want {
			t.Errorf("%q, %.30q: got %q, want %q", c.meta, c.text, got, c.want)
		}
	}
}
