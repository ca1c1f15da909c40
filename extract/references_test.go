package extract

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	seccomp "github.com/elastic/go-seccomp-bpf"
	"golang.org/x/sys/unix"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/formattest"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/pool"
)

// dieOnEscape ends this process at the first attempt to open a socket, to start a program or to reach another
// process, where the sandbox would only refuse it: an attempt cannot go unnoticed.
func dieOnEscape() error {
	return seccomp.LoadFilter(seccomp.Filter{NoNewPrivs: true, Flag: seccomp.FilterFlagTSync, Policy: seccomp.Policy{
		DefaultAction: seccomp.ActionAllow,
		Syscalls: []seccomp.SyscallGroup{{Action: seccomp.ActionKillProcess, Names: []string{
			"socket", "socketpair", "connect", "bind", "listen", "sendto", "sendmsg", "sendmmsg", "execve", "execveat", "ptrace", "process_vm_readv", "mount", "io_uring_setup"}}},
	}})
}

// TestNothingOutsideIsTried reads files that name other files and addresses, without the sandbox: what holds
// here is that the readers do not even try, which the sandbox would hide. A file named is watched by the kernel.
func TestNothingOutsideIsTried(t *testing.T) {
	p, err := pool.New(pool.Config{Reader: os.Args[0], Workers: 1, WorkDir: t.TempDir(), Sandbox: pool.SandboxOff, Env: []string{"AIDOC_TEST_DIE_ON_ESCAPE=1"}})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	if _, err := p.Probe(context.Background()); err == nil {
		t.Fatal("a child opened sockets and lived: this test proves nothing")
	}
	const secret = "the words of another file"
	bait := filepath.Join(t.TempDir(), "bait.txt")
	if err := os.WriteFile(bait, []byte(secret), 0o600); err != nil {
		t.Fatal(err)
	}
	opened := watchFile(t, bait)
	for name, data := range referencingFiles(t, bait) {
		text, err := textOf(p, tempFile(t, "upload", data), name)
		var e *Error
		if errors.As(err, &e) && (e.Code == doc.CodeCrash || e.Code == doc.CodeInternal || e.Message == "") {
			t.Errorf("%s: %v: it tried something, or broke its reader", name, err)
		} else if err == nil && !strings.Contains(text, "own words") {
			t.Errorf("%s: its own text is missing: %q", name, text)
		}
		if strings.Contains(text, secret) {
			t.Errorf("%s: the text of another file came out: %q", name, text)
		}
		if opened() {
			t.Errorf("%s: the file it names was opened", name)
		}
	}
	// All hostile files there are, when they are at hand.
	files, _ := filepath.Glob(filepath.Join(os.Getenv("AIDOC_CORPUS"), "D", "in", "*"))
	for _, f := range files {
		var e *Error
		if _, err := textOf(p, f, filepath.Base(f)); errors.As(err, &e) && e.Code == doc.CodeCrash {
			t.Errorf("%s: %v", filepath.Base(f), err)
		}
	}
	if _, err := os.ReadFile(bait); err != nil || !opened() {
		t.Errorf("opening the watched file was not noticed (%v): this test proves nothing", err)
	}
}

func textOf(p *pool.Pool, path, name string) (string, error) {
	var b strings.Builder
	_, err := p.Extract(context.Background(), path, Options{Name: name, OnPage: func(pg Page) error {
		b.WriteString(pg.Text + "\n")
		return nil
	}})
	return b.String(), err
}

// watchFile tells whether a file was opened or changed since the last call.
func watchFile(t *testing.T, path string) func() bool {
	t.Helper()
	fd, err := unix.InotifyInit1(unix.IN_NONBLOCK | unix.IN_CLOEXEC)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = unix.Close(fd) })
	if _, err := unix.InotifyAddWatch(fd, path, unix.IN_OPEN|unix.IN_ACCESS|unix.IN_MODIFY|unix.IN_ATTRIB|unix.IN_DELETE_SELF|unix.IN_MOVE_SELF); err != nil {
		t.Fatal(err)
	}
	return func() bool {
		n, _ := unix.Read(fd, make([]byte, 4096))
		return n > 0
	}
}

// referencingFiles are files of each format that refer to the file at path and to an address.
func referencingFiles(t *testing.T, path string) map[string][]byte {
	const far = "http://127.0.0.1:9/x"
	up := strings.Repeat("../", 12) + strings.TrimPrefix(path, "/")
	xxe := `<!DOCTYPE a [<!ENTITY x SYSTEM "file://` + path + `"><!ENTITY % y SYSTEM "` + far + `">%y;]>`
	body := `<w:document><w:body><w:p><w:r><w:t>own words &x;</w:t></w:r><w:drawing><a:blip r:link="l" r:embed="u"/></w:drawing></w:p><w:altChunk r:id="u"/><w:subDoc r:id="l"/></w:body></w:document>`
	rel := `<Relationships><Relationship Id="l" Type="http://x/image" Target="file://` + path + `" TargetMode="External"/><Relationship Id="u" Type="http://x/image" Target="` + up + `"/><Relationship Id="t" Type="http://x/attachedTemplate" Target="` + far + `" TargetMode="External"/><Relationship Id="o" Type="http://x/oleObject" Target="` + up + `"/></Relationships>`
	html := `<html><head><link rel=stylesheet href="` + far + `"><base href="file:///"></head><body>own words<img src="file://` + path + `"><iframe src="file://` + path + `"></iframe><object data="` + path + `"></object></body></html>`
	page := "BT /F 12 Tf 20 200 Td (own words) Tj ET"
	pdf := fmt.Sprintf(`%%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R/OpenAction<</S/Launch/F(%[1]s)>>/AA<</WC<</S/URI/URI(%[2]s)>>>>>>endobj
2 0 obj<</Type/Pages/Count 1/Kids[3 0 R]>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 300]/Contents[4 0 R 5 0 R]/Resources<</Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>/XObject<</I 6 0 R>>>>/AA<</O<</S/GoToR/F(%[1]s)/D[0/Fit]>>>>>>endobj
4 0 obj<</Length %[3]d>>stream
%[4]s
endstream endobj
5 0 obj<</Length 0/F(%[1]s)>>stream

endstream endobj
6 0 obj<</Type/XObject/Subtype/Form/Ref<</F(%[1]s)/Page 0>>/BBox[0 0 9 9]/Length 0>>stream

endstream endobj
trailer<</Root 1 0 R/Size 7>>
`, path, far, len(page), page)
	return map[string][]byte{
		"a.docx": formattest.Zip(t, "word/document.xml", `<?xml version="1.0"?>`+xxe+body, "word/_rels/document.xml.rels", rel),
		"a.pptx": formattest.Zip(t, "ppt/presentation.xml", xxe+`<p:presentation><p:sldIdLst><p:sldId r:id="u"/><p:sldId r:id="l"/></p:sldIdLst></p:presentation>`, "ppt/_rels/presentation.xml.rels", rel,
			"ppt/slides/slide1.xml", `<p:sld><p:sp><p:txBody><a:p><a:r><a:t>own words</a:t></a:r></a:p></p:txBody></p:sp></p:sld>`),
		"a.odt":  formattest.Zip(t, "mimetype", "application/vnd.oasis.opendocument.text", "content.xml", xxe+`<office:document-content><office:body><office:text><text:p>own words &x;<draw:image xlink:href="`+up+`"/><draw:object xlink:href="file://`+path+`"/></text:p><text:section><text:section-source xlink:href="`+path+`"/></text:section></office:text></office:body></office:document-content>`),
		"a.epub": formattest.Zip(t, "META-INF/container.xml", `<container><rootfile full-path="b.opf"/></container>`, "b.opf", `<package><manifest><item id="1" href="a.xhtml" media-type="application/xhtml+xml"/><item id="2" href="`+up+`" media-type="application/xhtml+xml"/></manifest><spine><itemref idref="1"/><itemref idref="2"/></spine></package>`, "a.xhtml", html),
		"a.html": []byte(html),
		"a.xml":  []byte(`<?xml version="1.0"?>` + xxe + `<a>own words &x;<xi:include href="` + path + `"/></a>`),
		"a.rtf":  []byte(`{\rtf1 own words {\field{\*\fldinst INCLUDETEXT "` + path + `"}{\fldrslt}}{\field{\*\fldinst INCLUDEPICTURE "` + far + `"}}{\*\template ` + path + `}}`),
		"a.eml":  []byte("From: a@b\r\nTo: c@d\r\nSubject: x\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: text/html\r\n\r\n" + html + "\r\n--x\r\nContent-Type: message/external-body; access-type=local-file; name=\"" + path + "\"\r\n\r\nContent-Type: text/plain\r\n\r\n--x\r\nContent-Type: text/plain; name=\"" + up + "\"\r\nContent-Disposition: attachment; filename=\"" + path + "\"\r\n\r\nx\r\n--x--\r\n"),
		"a.pdf":  []byte(pdf),
		up:       []byte("own words"),
	}
}
