package encodings

import (
	"testing"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	uni "golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/text"
)

func TestDecodeFindsTheEncoding(t *testing.T) {
	for name, c := range map[string]struct {
		e    encoding.Encoding
		text string
	}{
		"german short":       {charmap.Windows1252, "Grüße aus Köln"},
		"french":             {charmap.Windows1252, "L'été a été très chaud à Genève, où l'on a fêté Noël."},
		"spanish":            {charmap.ISO8859_1, "¿Dónde está el niño? Mañana comerá piña."},
		"smart quotes":       {charmap.Windows1252, "It’s a “quoted” word – and a dash…"},
		"russian":            {charmap.Windows1251, "Съешь же ещё этих мягких французских булок, да выпей чаю."},
		"russian koi8":       {charmap.KOI8R, "Съешь же ещё этих мягких французских булок, да выпей чаю."},
		"greek":              {charmap.Windows1253, "Η Αθήνα είναι η πρωτεύουσα της Ελλάδας."},
		"polish":             {charmap.Windows1250, "Zażółć gęślą jaźń, proszę państwa: źródło i łąka."},
		"japanese sjis":      {japanese.ShiftJIS, "名前,年齢,住所\n佐藤太郎,30,東京"},
		"japanese euc":       {japanese.EUCJP, "これは日本語の文章です。東京に住んでいます。"},
		"utf-32":             {utf32.UTF32(utf32.LittleEndian, utf32.IgnoreBOM), "première, troisième"},
		"utf-32 with a mark": {utf32.UTF32(utf32.BigEndian, utf32.UseBOM), "다리를 고친다 🙂"},
		"japanese iso":       {japanese.ISO2022JP, "これは日本語の文章です。"},
		"chinese":            {simplifiedchinese.GB18030, "这是一个中文文件,里面有一些句子。北京是中国的首都。"},
		"taiwan":             {traditionalchinese.Big5, "這是一個中文檔案,裡面有一些句子。"},
		"korean":             {korean.EUCKR, "이것은 한국어 문서입니다. 서울은 대한민국의 수도입니다."},
		"polish short":       {charmap.Windows1250, "Wniosek o przyznanie świadczeń dla łódzkich uczniów"},
		"hungarian":          {charmap.Windows1250, "Árvíztűrő tükörfúrógép"},
		"czech latin 2":      {charmap.ISO8859_2, "Žádost o přidělení dotace na školu"},
		"turkish":            {charmap.Windows1254, "Başvuru için gerekli belgeler şunlardır"},
		"portuguese":         {charmap.Windows1252, "Não há informações sobre a ligação"},
		"mac":                {charmap.Macintosh, "Schöne Grüße aus München"},
		"dos":                {charmap.CodePage850, "Élève très doué en français"},
		"ukrainian":          {charmap.KOI8U, "Київ є столицею України"},
		"russian iso":        {charmap.ISO8859_5, "Москва"},
		"hebrew":             {charmap.Windows1255, "שלום עולם, מה שלומך"},
		"arabic":             {charmap.ISO8859_6, "مرحبا بالعالم كيف حالك"},
		"thai":               {charmap.Windows874, "สวัสดีชาวโลก"},
		"korean names":       {korean.EUCKR, "서울특별시 강남구"},
		"czech":              {charmap.Windows1250, "Výbor rozhodl opravit most na jaře. Cena je čtyřicet tisíc korun."},
		"czech short":        {charmap.Windows1250, "Káva, čaj"},
		"slovak":             {charmap.Windows1250, "Výbor rozhodol o oprave mosta; cena je štyridsaťtisíc eur, práce začnú v apríli."},
		"romanian":           {charmap.Windows1250, "Consiliul a hotărât să repare podul în primăvară, aşa cum s-a cerut."},
		"croatian":           {charmap.Windows1250, "Vijeće je odlučilo popraviti most; radovi će početi u travnju i završiti u lipnju."},
		"turkish i":          {charmap.Windows1254, "Kurul köprünün baharda onarılmasına karar verdi. Maliyet kırk bin lira."},
		"lithuanian":         {charmap.Windows1257, "Taryba nusprendė pavasarį remontuoti tiltą; darbai prasidės balandžio mėnesį."},
		"latvian":            {charmap.Windows1257, "Padome nolēma pavasarī salabot tiltu; darbi sāksies aprīlī un beigsies jūnijā, nedēļu pirms svētkiem."},
		"german words":       {charmap.ISO8859_1, "## können\n\nkönnen\n\näöüß\n"},
		"hungarian o":        {charmap.Windows1250, "Az első híd felújítása újabb költséggel jár."},
		"utf-16":             {uni.UTF16(uni.LittleEndian, uni.UseBOM), "Grüße, 東京"},
		"utf-16 no bom":      {uni.UTF16(uni.BigEndian, uni.IgnoreBOM), "plain words in wide letters"},
	} {
		b, err := c.e.NewEncoder().Bytes([]byte(c.text))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if got := Decode(b); got != c.text {
			t.Errorf("%s: got %q", name, got)
		}
	}
	if got := Decode([]byte("\xef\xbb\xbfa\r\nb\rc")); got != "a\nb\nc" {
		t.Errorf("line ends: %q", got)
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte("\xff\xfea\x00"))
	f.Fuzz(func(t *testing.T, in []byte) { text.CSV(Decode(in)) })
}
