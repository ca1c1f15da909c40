package extract

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/pool"
)

const (
	columnsDown = "町は来年の春に橋を直すことを決めた\n費用は四万円で積立金から払うという\n工事は四月に始まり六月に終わる予定"
	locked      = "The message is encrypted; upload it decrypted."
)

// fieldCases are files of testdata/field, each the shortest form of a fault that people met, and all that may come out of it.
var fieldCases = map[string]struct{ text, refusal string }{
	"cs-1250.txt":       {text: "Výbor rozhodl opravit most na jaře.\nCena je čtyřicet tisíc korun.\nPráce začnou v dubnu a skončí v červnu.\nKnihovna požádala o delší otevírací dobu."},
	"cs-meta-1250.html": {text: "Výbor rozhodl opravit most na jaře.\n\nCena je čtyřicet tisíc korun.\n\nPráce začnou v dubnu a skončí v červnu.\n\nKnihovna požádala o delší otevírací dobu.\n\nTitle: Minutes"},
	"tr-1254.txt":       {text: "Kurul köprünün baharda onarılmasına karar verdi.\nMaliyet kırk bin lira."},
	"umlauts.md":        {text: "## können\n\nkönnen\n\näöüß"},
	"fields.ods":        {text: "# Costs\n\nBridge\t40000"},
	"form.hwpx":         {text: "The council agreed to repair the bridge in spring."},
	"vert-b-chars.pdf":  {text: columnsDown},
	"vert-c-hfont.pdf":  {text: columnsDown},
	"pgp.eml":           {refusal: locked},
	"inlinepgp.eml":     {refusal: locked},
	"smime.eml":         {refusal: locked},
}

func TestFieldCases(t *testing.T) {
	p, err := pool.New(pool.Config{Reader: os.Args[0], Workers: 1, WorkDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	for name, want := range fieldCases {
		text, err := textOf(p, filepath.Join("testdata", "field", name), name)
		var e *Error
		switch {
		case want.refusal == "" && err != nil:
			t.Errorf("%s: %v", name, err)
		case want.refusal == "" && strings.TrimSpace(text) != want.text:
			t.Errorf("%s: %q, want %q", name, text, want.text)
		case want.refusal != "" && (!errors.As(err, &e) || e.Code != doc.CodeEncrypted || e.Message != want.refusal):
			t.Errorf("%s: %v with %q, want the refusal %q", name, err, text, want.refusal)
		}
	}
	// The first column of this workbook says what the second one has to show.
	text, err := textOf(p, filepath.Join("testdata", "field", "dates.xlsx"), "dates.xlsx")
	if err != nil {
		t.Fatal(err)
	}
	rows := 0
	for line := range strings.Lines(text) {
		label, shown, ok := strings.Cut(strings.TrimSpace(line), "\t")
		_, want, said := strings.Cut(label, ", want ")
		if !ok && !said {
			continue
		}
		rows++
		want, _, _ = strings.Cut(want, " (or ")
		if shown != want {
			t.Errorf("dates.xlsx: %q shows %q", label, shown)
		}
	}
	if rows != 16 {
		t.Errorf("dates.xlsx: %d rows, want 16: %q", rows, text)
	}
}
