package pdf

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
)

const sentence = "The committee approved the budget."

func sound() []byte {
	return build("/Title(Budget)/Author(A. Treasurer)", show(72, 100, 12, sentence), show(72, 100, 12, "Second page."))
}

func TestInspectSoundFile(t *testing.T) {
	r := inspect(save(t, sound()), brokenBytes)
	if r.err != nil || r.pages != 2 || r.title != "Budget" || r.author != "A. Treasurer" || r.locked {
		t.Fatalf("%+v", r)
	}
	info, texts := read(t, save(t, sound()))
	if len(info.Warnings) > 0 || info.Title != "Budget" || info.Author != "A. Treasurer" || texts[0] != sentence {
		t.Errorf("%+v %q", info, texts)
	}
}

func encrypted(t *testing.T, c *model.Configuration) string {
	t.Helper()
	c.Offline = true
	in := save(t, sound())
	out := in + ".enc"
	if err := api.EncryptFile(in, out, c); err != nil {
		t.Fatal(err)
	}
	return out
}

func TestEncryption(t *testing.T) {
	withoutConfigDir()
	for name, conf := range map[string]func(user, owner string) *model.Configuration{
		"aes256": func(u, o string) *model.Configuration { return model.NewAESConfiguration(u, o, 256) },
		"aes128": func(u, o string) *model.Configuration { return model.NewAESConfiguration(u, o, 128) },
		"rc4":    func(u, o string) *model.Configuration { return model.NewRC4Configuration(u, o, 128) },
	} {
		t.Run(name, func(t *testing.T) {
			open := encrypted(t, conf("", "owner"))
			info, texts := read(t, open)
			if len(texts) != 2 || texts[0] != sentence || info.Title != "Budget" || len(info.Warnings) > 0 {
				t.Errorf("protected by an owner password only: %+v %q", info, texts)
			}
			plain, err := decrypt(open)
			if err != nil {
				t.Fatalf("decrypt: %v", err)
			}
			defer os.Remove(plain)
			if data, _ := os.ReadFile(plain); bytes.Contains(data, []byte("/Encrypt")) {
				t.Error("the decrypted copy is still encrypted")
			}
			if _, texts := read(t, plain); texts[0] != sentence {
				t.Errorf("decrypted copy: %q", texts)
			}

			locked := encrypted(t, conf("user", "owner"))
			_, err = Open(locked, limits, nil, nil)
			var f *doc.Fail
			if !errors.As(err, &f) || f.Code != doc.CodeEncrypted || !strings.Contains(f.Message, "upload a copy without one") {
				t.Errorf("protected by a user password: %v", err)
			}
			if r := inspect(locked, brokenBytes); !r.locked || r.damaged() {
				t.Errorf("inspect of a locked file: %+v", r)
			}
			if p, err := decrypt(locked); err == nil || p != "" {
				t.Errorf("decrypted without the password: %q", p)
			}
		})
	}
}

// faulty breaks the standard but shows its text in every viewer.
func faulty() []byte {
	return bytes.Replace(sound(), []byte("/MediaBox[0 0 595 842]"), []byte("/MediaBox[0 0 595 (a)]"), 1)
}

// What MuPDF reads is read, whatever pdfcpu thinks of it.
func TestDamagedButReadable(t *testing.T) {
	for name, data := range map[string][]byte{
		"cut end":      sound()[:len(sound())-300],
		"wrong object": faulty(),
	} {
		path := save(t, data)
		info, texts := read(t, path)
		if len(texts) == 0 || texts[0] != sentence {
			t.Errorf("%s: %q", name, texts)
		}
		if r := inspect(path, brokenBytes); (r.damaged() || r.pages != 0 && r.pages != info.Pages) != (len(info.Warnings) > 0) {
			t.Errorf("%s: report %+v, warning %q", name, r, info.Warnings)
		}
		if len(texts) != 2 {
			t.Errorf("%s: %d pages, want 2", name, len(texts))
		}
		if name == "wrong object" && !strings.Contains(strings.Join(info.Warnings, ""), "damaged") {
			t.Errorf("%s: warning %q", name, info.Warnings)
		}
	}
}

func TestPageCountCrossCheck(t *testing.T) {
	f := &file{info: doc.Info{Pages: 2}}
	f.advise(report{pages: 9, title: "From pdfcpu"})
	if !slices.Equal(f.info.Warnings, []string{"The PDF states 9 pages, but 2 can be read."}) || f.info.Title != "From pdfcpu" {
		t.Errorf("%+v", f.info)
	}
	f = &file{info: doc.Info{Pages: 2, Title: "From MuPDF"}}
	f.advise(report{title: "From pdfcpu", err: errSlow})
	if len(f.info.Warnings) > 0 || f.info.Title != "From MuPDF" {
		t.Errorf("%+v", f.info)
	}
}

// A file that was opened before is not checked again.
func TestKnownFileIsNotInspected(t *testing.T) {
	lim := limits
	lim.Known = true
	s, err := Open(save(t, faulty()), lim, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if len(s.Info().Warnings) > 0 {
		t.Error("checked again")
	}
}

func TestInspectIsBounded(t *testing.T) {
	path := save(t, append(sound(), make([]byte, brokenBytes)...))
	if r := inspect(path, brokenBytes); !errors.Is(r.err, errLarge) || r.damaged() {
		t.Errorf("%+v", r)
	}
}

func TestInspectStopsAtItsDeadline(t *testing.T) {
	if r := check(save(t, sound()), time.Now().Add(-time.Second)); r.err == nil || r.pages != 0 {
		t.Errorf("read on after the deadline: %+v", r)
	}
}

// No mutant may bring the process down, whatever pdfcpu does with it.
func TestInspectSurvivesMutants(t *testing.T) {
	base, rnd := sound(), rand.New(rand.NewPCG(1, 2))
	for range 400 {
		m := bytes.Clone(base)
		for range 1 + rnd.IntN(6) {
			switch i := rnd.IntN(len(m) - 8); rnd.IntN(3) {
			case 0:
				m[i] = byte(rnd.IntN(256))
			case 1:
				copy(m[i:], m[rnd.IntN(len(m)-8):][:8])
			default:
				m = append(m[:i:i], m[i+rnd.IntN(8):]...)
			}
		}
		path := save(t, m)
		_ = inspect(path, brokenBytes)
		_, _ = decrypt(path)
	}
}

// A check that was not waited for goes on beside what comes next (seen by the race detector).
func TestAPlainCopyIsMadeBesideACheck(t *testing.T) {
	path := save(t, sound())
	var checks sync.WaitGroup
	for range 4 {
		checks.Go(func() { _ = check(path, time.Now().Add(inspectTime)) })
	}
	if _, err := decrypt(path); err == nil {
		t.Error("a file that is not encrypted is decrypted")
	}
	checks.Wait()
}

// A file that MuPDF reads without repair is checked only while that is cheap; one it had to repair
// is checked longer.
func TestInspectsWhatNeededRepair(t *testing.T) {
	content := show(72, 100, 12, sentence) + "\n%" + strings.Repeat("x", soundBytes)
	large := bytes.Replace(build("", content), []byte("/MediaBox[0 0 595 842]"), []byte("/MediaBox[0 0 595 (a)]"), 1)
	for name, c := range map[string]struct {
		data   []byte
		warned bool
	}{
		"repaired":     {bytes.Replace(large, []byte("startxref"), []byte("startxxxx"), 1), true},
		"not repaired": {large, false},
	} {
		info, texts := read(t, save(t, c.data))
		if texts[0] != sentence || (len(info.Warnings) > 0) != c.warned {
			t.Errorf("%s: warning %q, text %q", name, info.Warnings, texts[0])
		}
	}
}
