package tesseract

import (
	"debug/elf"
	"errors"
	"image"
	"image/color"
	"image/draw"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
)

// page draws words large enough to be read without doubt.
func page(t *testing.T, text string) *image.Gray {
	t.Helper()
	f, err := opentype.Parse(goregular.TTF)
	if err != nil {
		t.Fatal(err)
	}
	face, err := opentype.NewFace(f, &opentype.FaceOptions{Size: 40, DPI: 72})
	if err != nil {
		t.Fatal(err)
	}
	img := image.NewGray(image.Rect(0, 0, 900, 160))
	draw.Draw(img, img.Rect, image.White, image.Point{}, draw.Src)
	d := font.Drawer{Dst: img, Src: image.NewUniform(color.Black), Face: face, Dot: fixed.P(40, 95)}
	d.DrawString(text)
	return img
}

func words(list []Word) string {
	var out []string
	for _, w := range list {
		out = append(out, w.Text)
	}
	return strings.Join(out, " ")
}

// engine is one with the library of this machine.
func engine(t *testing.T) *Engine {
	t.Helper()
	e := &Engine{Library: Library()}
	t.Cleanup(e.Close)
	return e
}

// What was loaded before an error must not be asked after it.
func TestTheEngineRecoversFromAPictureItRefused(t *testing.T) {
	e := engine(t)
	good := page(t, "Council minutes")
	if got, err := e.Recognize(good, 200, "eng", PSMAuto); err != nil || !strings.Contains(words(got), "Council") {
		t.Fatalf("%q, %v", words(got), err)
	}
	if _, err := e.Recognize(good, 200, "no_such_language", PSMAuto); !errors.Is(err, ErrEngine) {
		t.Fatalf("a missing language gave %v", err)
	}
	if got, err := e.Recognize(good, 200, "eng", PSMAuto); err != nil || !strings.Contains(words(got), "Council") {
		t.Errorf("after an error the engine read %q, %v", words(got), err)
	}
}

// Beyond 32,767 pixels tesseract answers nothing and no error.
func TestAPictureBeyondTesseractsSizeIsAnError(t *testing.T) {
	e := engine(t)
	if _, err := e.Recognize(image.NewGray(image.Rect(0, 0, maxSide+1, 4)), 200, "eng", PSMAuto); !errors.Is(err, ErrSize) {
		t.Errorf("got %v", err)
	}
}

// The library is not a part of the program: one that reads digital documents alone must not wait for it.
func TestTheProgramDoesNotBringTheLibrary(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	f, err := elf.Open(self)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	libs, err := f.ImportedLibraries()
	if err != nil || len(libs) == 0 {
		t.Fatalf("%v, %v", libs, err)
	}
	for _, l := range libs {
		if strings.Contains(l, "tesseract") || strings.Contains(l, "lept") {
			t.Errorf("it is linked to %s", l)
		}
	}
}

// The version is told without loading, and from the build: two builds of one release may read differently.
func TestTheVersionNamesTheBuild(t *testing.T) {
	path := Library()
	if path == "" {
		t.Fatal("tesseract's library is not installed")
	}
	number, build, ok := strings.Cut(Version(path), "-")
	if !ok || number == "" || len(build) < 8 {
		t.Errorf("%s is called %q", path, Version(path))
	}
	// Without a build ID, size and time tell one file from another.
	other := filepath.Join(t.TempDir(), "libtesseract.so.5.0.9")
	if err := os.WriteFile(other, []byte("no library"), 0o600); err != nil {
		t.Fatal(err)
	}
	if v := Version(other); !strings.HasPrefix(v, "5.0.9-a-") {
		t.Errorf("a file without a build ID is called %q", v)
	}
}

// Where the library is missing, reading a page says so, and no orientation is known.
func TestAMissingLibraryIsAnError(t *testing.T) {
	if os.Getenv("AIDOC_TEST_NO_LIBRARY") == "" { // loading is tried once a process
		cmd := exec.Command(os.Args[0], "-test.run", "^"+t.Name()+"$", "-test.v")
		cmd.Env = append(os.Environ(), "AIDOC_TEST_NO_LIBRARY=1")
		if out, err := cmd.CombinedOutput(); err != nil || !strings.Contains(string(out), "--- PASS") {
			t.Errorf("%v\n%s", err, out)
		}
		return
	}
	e := &Engine{Library: filepath.Join(t.TempDir(), "libtesseract.so.5")}
	if _, err := e.Recognize(page(t, "Nothing"), 200, "eng", PSMAuto); !errors.Is(err, ErrMissing) {
		t.Errorf("got %v", err)
	}
	if _, ok := e.Orient(page(t, "Nothing"), 200); ok {
		t.Error("it knows how the page lies")
	}
}
