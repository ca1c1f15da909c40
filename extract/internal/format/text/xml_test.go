package text

import (
	"strings"
	"testing"
)

func TestXML(t *testing.T) {
	for in, want := range map[string]string{
		`<rss><channel><title>News</title><link>http://a.example</link><item><title>One</title></item> <item>Two</item></channel></rss>`: "News\nhttp://a.example\nOne\nTwo",
		`<book><p>A <em>short</em> st<em>or</em>y.</p><p><b>Bold</b> begins; <i>and</i> ends</p><p>x</p></book>`:                         "A short story.\nBold begins; and ends\nx",
		`<a>one<b><c>two</c></b> three</a><d/></a></a>four`:                                                                              "onetwo three\nfour",
		`<a><binary>AAAA</binary><p>words</p></a>`:                                                                                       "words",
		`<t><Row><Cell><Data>Bridge</Data></Cell><Cell><Data>40000</Data></Cell></Row>
			<Row><Cell/><Cell><Data>9000</Data></Cell></Row></t><p>after</p>`: "\x1dBridge\t40000\n\x1d\t9000\nafter",
		`<row><name>Ada</name><city>Bern</city></row><row><name>Bo</name><city>Oslo</city></row>`: "\x1dAda\tBern\n\x1dBo\tOslo",
		`<row>unclosed <cell>a`: "unclosed a",
	} {
		if got, _ := XML([]byte(in)); got != want {
			t.Errorf("%s: %q, want %q", in, got, want)
		}
	}
}

func FuzzXML(f *testing.F) {
	f.Add([]byte(`<?xml version="1.0" encoding="x"?><t><tr><td>a</td><td><tr><td>b</td></tr></td></tr></t>`))
	f.Fuzz(func(t *testing.T, in []byte) {
		if s, _ := XML(in); len(s) > 20*len(in)+1000 {
			t.Errorf("%d bytes give %d", len(in), len(s))
		}
	})
}

// Rows without end are written in pieces.
func TestManyRows(t *testing.T) {
	in := "<t>" + strings.Repeat("<row><cell>a</cell><cell>b</cell></row>", 300_000) + "</t>"
	got, _ := XML([]byte(in))
	if n := strings.Count(got, "a\tb"); n != 300_000 {
		t.Errorf("%d rows", n)
	}
}
