package main

import (
	"crypto/sha256"
	"debug/buildinfo"
	"debug/elf"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime/debug"
	"strings"
)

// program reads what is in the binary itself, nothing is listed that was not linked; carried is what Go does not know of.
func program(name, binary, version string, carried ...component) (document, error) {
	info, err := buildinfo.ReadFile(binary)
	if err != nil {
		return document{}, fmt.Errorf("read the module list: %w", err)
	}
	sum, err := fileSum(binary)
	if err != nil {
		return document{}, err
	}
	folder := ""
	if below, ok := strings.CutPrefix(info.Path, info.Main.Path+"/"); ok {
		folder = "#" + below
	}
	subject := component{Type: "application", Ref: name, Name: name, Version: version, Hashes: []hash{sum}, Licenses: licences("AGPL-3.0-or-later"), PURL: "pkg:golang/" + info.Main.Path + folder}
	parts := []component{standardLibrary(info.GoVersion)}
	for _, m := range info.Deps {
		c, err := module(m)
		if err != nil {
			return document{}, err
		}
		parts = append(parts, c)
	}
	parts = append(parts, carried...)
	shared, err := sharedLibraries(binary)
	return newDocument(subject, append(parts, shared...)), err
}

func standardLibrary(version string) component {
	v := strings.TrimPrefix(version, "go")
	return component{Type: "library", Ref: "stdlib", Name: "stdlib", Version: v, Licenses: licences("BSD-3-Clause"), PURL: "pkg:golang/stdlib@" + v}
}

// module takes the hash from go.sum's form: SHA-256 over the list of the module's files, as `go mod verify` checks it.
func module(m *debug.Module) (component, error) {
	if m.Replace != nil {
		m = m.Replace
	}
	raw, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(m.Sum, "h1:"))
	if err != nil || len(raw) != sha256.Size {
		return component{}, fmt.Errorf("module %s has no usable sum %q", m.Path, m.Sum)
	}
	purl := "pkg:golang/" + m.Path + "@" + m.Version
	return component{Type: "library", Ref: purl, Name: m.Path, Version: m.Version, Scope: "required", Hashes: []hash{{"SHA-256", hex.EncodeToString(raw)}}, Licenses: moduleLicences(m), PURL: purl}, nil
}

// bundled is what a Go module carries compiled, and Go does not know of.
func bundled(version string) component {
	return component{
		Type: "library", Ref: "mupdf", Name: "mupdf", Version: version, Scope: "required", Licenses: licences("AGPL-3.0-or-later"), PURL: "pkg:generic/mupdf@" + version,
		Properties: []property{{"aidoc:linkage", "static, compiled in github.com/gen2brain/go-fitz, with the libraries MuPDF brings (FreeType, HarfBuzz, libjpeg, OpenJPEG, jbig2dec, zlib, lcms2, gumbo)"}},
	}
}

// numberingPlans is data of others that the program carries: llm/internal/numbering/README.md.
func numberingPlans() component {
	return component{
		Type: "library", Ref: "libphonenumber-metadata", Name: "libphonenumber-metadata", Scope: "required", Licenses: licences("Apache-2.0"), PURL: "pkg:github/google/libphonenumber",
		Properties: []property{{"aidoc:linkage", "data, embedded"}},
	}
}

// sharedLibraries names the packages of this machine that the binary's libraries came from.
func sharedLibraries(binary string) ([]component, error) {
	f, err := elf.Open(binary)
	if err != nil {
		return nil, fmt.Errorf("read the linked libraries: %w", err)
	}
	defer f.Close()
	names, err := f.ImportedLibraries()
	if err != nil {
		return nil, fmt.Errorf("read the linked libraries: %w", err)
	}
	var parts []component
	for _, name := range names {
		parts = append(parts, sharedLibrary(name, "required", "dynamic"))
	}
	return append(parts, sharedLibrary(recognition, "optional", "loaded when a page has to be recognised")), nil
}

// recognition is the library that the binary's list does not name: docs/adr/0021-recognition-is-loaded-when-needed.md.
const recognition = "libtesseract.so.5"

func sharedLibrary(name, scope, linkage string) component {
	c := component{Type: "library", Ref: "shared:" + name, Name: name, Scope: scope, Properties: []property{{"aidoc:linkage", linkage}}}
	if pkg, version := debianPackage(name); pkg != "" {
		c.Version, c.PURL = version, fmt.Sprintf("pkg:deb/debian/%s@%s", pkg, strings.ReplaceAll(version, "+", "%2B"))
	}
	return c
}

func debianPackage(library string) (name, version string) {
	out, err := exec.Command("dpkg-query", "-S", "*/"+library).Output()
	if err != nil {
		return "", "" // not a Debian machine: the library's own name has to do
	}
	name, _, _ = strings.Cut(strings.SplitN(string(out), "\n", 2)[0], ":")
	out, err = exec.Command("dpkg-query", "-W", "-f", "${Version}", name).Output()
	if err != nil {
		return "", ""
	}
	return name, string(out)
}

func fileSum(path string) (hash, error) {
	f, err := os.Open(path)
	if err != nil {
		return hash{}, err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return hash{}, err
	}
	return hash{"SHA-256", hex.EncodeToString(h.Sum(nil))}, nil
}
