package mail

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
)

func lines(l ...string) []byte { return []byte(strings.Join(l, "\r\n")) }

func TestAttachmentsAreRead(t *testing.T) {
	msg := lines("From: a@example.org", "Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=", "MIME-Version: 1.0", `Content-Type: multipart/mixed; boundary="x"`, "",
		"--x", "Content-Type: multipart/alternative; boundary=y", "", "--y", "Content-Type: text/plain", "", "the body", "--y", "Content-Type: text/html", "", "<p>the body</p>", "--y--",
		"--x", "Content-Type: application/vnd.ms-excel; name=list.xls", "Content-Transfer-Encoding: base64", `Content-Disposition: attachment; filename="list.xls"`, "",
		base64.StdEncoding.EncodeToString([]byte("bytes of a file")),
		"--x", "Content-Type: message/rfc822", "", "Subject: inner", "From: b@example.org", "", "inner body", "--x--")
	var got []string
	d, err := Parse(msg, func(name string, data []byte) string {
		got = append(got, name+"="+string(data))
		return "text of the attachment"
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != 1 || got[0] != "list.xls=bytes of a file" {
		t.Errorf("attachments handed over: %q", got)
	}
	for _, want := range []string{"Subject: Grüße", "[Attachment: list.xls]", "text of the attachment", "Subject: inner", "inner body"} {
		if !strings.Contains(d.Text(), want) {
			t.Errorf("%q is missing in %q", want, d.Text())
		}
	}
	if strings.Count(d.Text(), "the body") != 1 {
		t.Errorf("alternatives were both taken: %q", d.Text())
	}
	if d.Subject != "Grüße" {
		t.Errorf("subject %q", d.Subject)
	}
}

func TestAlternatives(t *testing.T) {
	message := func(plain, html string) []byte {
		return lines("From: a@example.org", "Subject: s", "MIME-Version: 1.0", `Content-Type: multipart/alternative; boundary="x"`, "",
			"--x", "Content-Type: text/plain", "", plain,
			"--x", `Content-Type: multipart/related; boundary="y"`, "", "--y", "Content-Type: text/html", "", html,
			"--y", "Content-Type: image/png; name=p.png", "", "bits", "--y--", "--x--")
	}
	for _, c := range []struct {
		plain, html  string
		want, absent []string
		read         int
	}{
		{"The meeting is on Monday at ten.", "<p>The <b>meeting</b> is on Monday at ten.</p>", []string{"meeting is on Monday"}, []string{"[Attachment", "picture"}, 0},
		{"Message", "<p>Message: the meeting is on Monday at ten in the large hall.</p>", []string{"large hall", "[Attachment: p.png]", "picture"}, []string{"Message\n\nMessage"}, 1},
		{"Your reader cannot show HTML.", "<p>The meeting is on Monday at ten in the large hall.</p>", []string{"cannot show", "large hall"}, nil, 1},
	} {
		read := 0
		d, err := Parse(message(c.plain, c.html), func(string, []byte) string { read++; return "words of a picture" })
		if err != nil || read != c.read {
			t.Errorf("%s: %d files read, %v", c.plain, read, err)
		}
		for _, w := range c.want {
			if !strings.Contains(d.Text(), w) {
				t.Errorf("%q is missing in %q", w, d.Text())
			}
		}
		for _, w := range c.absent {
			if strings.Contains(d.Text(), w) {
				t.Errorf("%q stands in %q", w, d.Text())
			}
		}
	}
}

func TestFramesOfASavedPage(t *testing.T) {
	d, err := Parse(lines("From: <Saved>", "Subject: s", "MIME-Version: 1.0", `Content-Type: multipart/alternative; boundary="x"`, "",
		"--x", "Content-Type: text/html", "", "<p>first frame</p>", "--x", "Content-Type: text/html", "", "<p>second frame</p>", "--x--"), nil)
	if err != nil || !strings.Contains(d.Text(), "first frame") || !strings.Contains(d.Text(), "second frame") {
		t.Errorf("%q %v", d.Text(), err)
	}
}

func TestMailbox(t *testing.T) {
	box := lines("From a@example.org Mon Jan  1 00:00:00 2024", "Subject: one", "From: a@example.org", "", "first text", "", "From here on it is 2024 and no border", "",
		"From b@example.org Tue Jan  2 00:00:00 2024", "Subject: two", "From: b@example.org", "", "second text", "")
	d, err := Parse(box, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"Subject: one", "first text", "no border", "Subject: two", "second text"} {
		if !strings.Contains(d.Text(), want) {
			t.Errorf("%q is missing in %q", want, d.Text())
		}
	}
	if d.Subject != "one" {
		t.Errorf("subject %q", d.Subject)
	}
}

func TestNestedPartsEnd(t *testing.T) {
	var b strings.Builder
	b.WriteString("Subject: deep\r\n")
	for i := range 3000 {
		fmt.Fprintf(&b, "Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n", i, i)
	}
	d, err := Parse([]byte(b.String()), nil)
	if err != nil || !strings.Contains(d.Text(), "Subject: deep") {
		t.Errorf("%q %v", d.Text(), err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte("Subject: a\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Transfer-Encoding: base64\r\n\r\nAAAA\r\n--x--"))
	f.Add([]byte("From a 2024\n\nFrom b 2024\nSubject: x\n\n"))
	f.Fuzz(func(t *testing.T, in []byte) {
		n := 0
		_, _ = Parse(in, func(_ string, b []byte) string { n += len(b); return "" })
		if n > 2*len(in)*maxDepth+100 {
			t.Fatalf("%d bytes of attachments out of %d", n, len(in))
		}
	})
}
