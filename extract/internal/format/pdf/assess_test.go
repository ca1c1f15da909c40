package pdf

import (
	"fmt"
	"strings"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/page/mupdf"
)

// Plain sentences in languages whose letters are spread differently.
var tongues = map[string]string{
	"English":    "The committee met on Tuesday to discuss the annual budget of the town and found that several large projects had been delayed because materials were expensive and workers could not be hired in time",
	"German":     "Der Ausschuss hat am Dienstag getagt und festgestellt, dass mehrere grosse Vorhaben der Stadt verschoben werden mussten, weil Baustoffe teuer geworden sind und niemand rechtzeitig eingestellt werden konnte",
	"Finnish":    "Valiokunta kokoontui tiistaina keskustelemaan kaupungin talousarviosta ja totesi, etta useat suuret hankkeet olivat myohastyneet, koska rakennusaineet olivat kalliita eika tyontekijoita saatu ajoissa palkattua kesan aikana",
	"Indonesian": "Panitia bertemu pada hari selasa untuk membahas anggaran tahunan kota dan menemukan bahwa beberapa proyek besar tertunda karena bahan bangunan sangat mahal dan para pekerja tidak dapat direkrut tepat pada waktunya",
	"Polish":     "Komisja zebrala sie we wtorek, aby omowic roczny budzet miasta, i stwierdzila, ze kilka duzych przedsiewziec opoznilo sie, poniewaz materialy byly drogie, a pracownikow nie udalo sie zatrudnic na czas przed zima",
	"Turkish":    "Kurul sali gunu sehrin yillik butcesini gorusmek uzere toplandi ve buyuk projelerden bazilarinin malzemelerin pahali olmasi ve iscilerin zamaninda ise alinamamasi yuzunden geciktigini tespit ederek yeni karar aldi",
	"Hawaiian":   "Ua halawai ke komite i ka poalua e kukakuka i ka moohelu makahiki o ke kulanakauhale a ua ike lakou ua lohi kekahi mau papahana nui no ka mea ua pii ke kumukuai o na lako hale a aole hiki ke hoolimalima i na limahana",
}

func TestAssess(t *testing.T) {
	page := &mupdf.PageLines{W: 600, H: 800}
	for name, s := range tongues {
		if q := assess(s, page); q != textGood {
			t.Errorf("%s: quality %d, want a good one", name, q)
		}
		for _, by := range []int{1, 3, 4, 10, 22} {
			if name != "English" && name != "German" {
				break // too short to tell
			}
			if shifted := shift(s, by); assess(shifted, page) != textGarbled {
				t.Errorf("%s moved by %d letters is kept: %s", name, by, shifted)
			}
		}
	}
	var formulas, table strings.Builder
	for i := range 60 {
		fmt.Fprintf(&formulas, "d(P, X) = d(Q, X) + |PQ| %d\n", i)
		fmt.Fprintf(&table, "xxx line A, B, C = 0.%02d\tzzz wxy KJQ\n", i)
	}
	drawn := strings.Repeat("text\n\ufffd\n", 60)
	for _, c := range []struct {
		what, text string
		want       textQuality
	}{
		{"nothing", " \n", textNone},
		{"formulas", formulas.String(), textGood},
		{"a table of few different words", table.String(), textGood},
		{"bullets of an unknown font", drawn, textGood},
		{"words of an unknown font", strings.Repeat("text \ufffd\ufffd\ufffd\ufffd ", 60), textGarbled},
		{"holes in every word", strings.Repeat("Stra\ufffde gr\ufffdn ", 60), textGarbled},
		{"nothing but single boxes", strings.Repeat("\ufffd ", 60), textGarbled},
		{"a wrong code page", strings.Repeat("Ä¿Â¼ ¹ØÓÚºì¾ü×÷Õ½µÄÔ ", 20), textGarbled},
		{"many accents", strings.Repeat("Đường này rất đẹp và những người ở đây đều tốt bụng ", 10), textGood},
	} {
		if q := assess(c.text, page); q != c.want {
			t.Errorf("%s: quality %d, want %d", c.what, q, c.want)
		}
	}
}

// shift moves every letter in the alphabet, as fonts do whose codes are not characters.
func shift(s string, by int) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' {
			return 'a' + (r-'a'+rune(by))%26
		}
		return r
	}, strings.ToLower(s))
}
