package formula

import (
	"strings"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/zipx"
)

func parse(s string) (*zipx.Node, error) {
	return zipx.Parts(map[string][]byte{"f.xml": []byte(s)}, 1<<20).Tree("f.xml")
}

func TestFormulas(t *testing.T) {
	r := func(s string) string { return `<m:r><m:t>` + s + `</m:t></m:r>` }
	for in, want := range map[string]string{
		`<m:oMath>` + r("π") + `<m:sSup><m:e>` + r("r") + `</m:e><m:sup>` + r("2") + `</m:sup></m:sSup></m:oMath>`:                            "πr^2",
		`<m:oMath><m:f><m:num>` + r("a+b") + `</m:num><m:den>` + r("2") + `</m:den></m:f></m:oMath>`:                                          "(a+b)/2",
		`<m:oMath><m:func><m:fName>` + r("log") + `</m:fName><m:e>` + r("x") + `</m:e></m:func></m:oMath>`:                                    "log x",
		`<m:oMath><m:d><m:dPr><m:begChr m:val="["/><m:endChr m:val="]"/></m:dPr><m:e>` + r("x") + `</m:e></m:d></m:oMath>`:                    "[x]",
		`<m:oMath><m:nary><m:naryPr><m:chr m:val="∑"/></m:naryPr><m:sub>` + r("n=1") + `</m:sub><m:e>` + r("k") + `</m:e></m:nary></m:oMath>`: "∑_(n=1) k",
		`<math><mrow><mi>a</mi><mo>=</mo><msqrt><mi>b</mi></msqrt></mrow><annotation>a = sqrt b</annotation></math>`:                          "a = √b",
	} {
		root, err := parse(in)
		if err != nil {
			t.Fatal(err)
		}
		if got := Text(root.Kids[0]); got != want {
			t.Errorf("%s: got %q, want %q", in, got, want)
		}
	}
	deep := strings.Repeat("<m:sSup><m:e>", 100)
	root, _ := parse("<m:oMath>" + deep + r("x"))
	Text(root.Kids[0])
}
