package props

import (
	"reflect"
	"strings"
	"testing"
)

func TestAppend(t *testing.T) {
	p := Props{Title: "Annual Report", Subject: "Water\nlevels", Author: "pc-7", Keywords: "lake, river", Custom: []Field{{"Client", "ACME"}, {"_dlc_DocId", "X1"}, {"Ready", "true"}, {"Store", `C:\x\y`}, {"Tool", "6.3.0.0"}, {"Id", "{0123abcd-0123-0123-0123-0123456789ab}"}}}
	got := p.Append([]string{"first", "The ANNUAL  report of 2020"})
	want := []string{"first", "The ANNUAL  report of 2020\n\nSubject: Water levels\nKeywords: lake, river\nClient: ACME"}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %q", got)
	}
	if got := p.AppendBook(nil); len(got) != 1 || !strings.Contains(got[0], "Authors: pc-7") {
		t.Errorf("book: %q", got)
	}
	if got := (Props{Title: "PowerPoint Presentation", Keywords: " ; ", Subject: "<%DESCRIPTION%>", Description: "class='Internal'"}).Append([]string{"a"}); !reflect.DeepEqual(got, []string{"a"}) {
		t.Errorf("values of programs: %q", got)
	}
	if got := (Props{Description: strings.Repeat("wörd ", 10000)}).Append(nil); len(got[0]) > maxValue+20 {
		t.Errorf("%d bytes of description", len(got[0]))
	}
}
