package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"runtime/debug"
	"testing"
	"time"
)

func TestSameContentSameSerial(t *testing.T) {
	at := time.Unix(1_700_000_000, 0).UTC()
	serial := func(version string) string {
		d := newDocument(component{Type: "application", Ref: "a", Name: "a", Version: version}, []component{standardLibrary("go1.26.10")})
		d.seal(at)
		return d.Serial
	}
	first, again, other := serial("1"), serial("1"), serial("2")
	if first != again || first == other {
		t.Errorf("serials: %s, %s, and of another version %s", first, again, other)
	}
}

func TestLicencesAreKnownByTheirText(t *testing.T) {
	for text, want := range map[string]string{
		"Apache License\n   Version 2.0, January 2004":                                                        "Apache-2.0",
		"Permission is hereby granted, free of charge, to any person obtaining a copy of":                     "MIT",
		"Redistributions in binary form must reproduce the above copyright notice, this":                      "BSD-2-Clause",
		"must reproduce the above copyright notice … may be used to endorse or promote products derived from": "BSD-3-Clause",
		"All rights reserved.": "",
	} {
		if got := recognise(text); got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
}

func TestModuleCacheNames(t *testing.T) {
	if got := escape("github.com/BurntSushi/toml"); got != "github.com/!burnt!sushi/toml" {
		t.Error(got)
	}
}

func TestModuleWithoutASumIsRefused(t *testing.T) {
	if _, err := module(&debug.Module{Path: "example.org/a", Version: "v1.0.0"}); err == nil {
		t.Error("a module without a sum is listed")
	}
}

func TestPluginFilesAreHashed(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "a.php"), []byte("abc"), 0o600); err != nil {
		t.Fatal(err)
	}
	bom, err := plugin("1.0.0", dir)
	if err != nil {
		t.Fatal(err)
	}
	got, _ := json.Marshal(bom.Components)
	want := `[{"type":"file","bom-ref":"file:a.php","name":"a.php","hashes":[{"alg":"SHA-256","content":"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"}]}]`
	if string(got) != want {
		t.Errorf("got %s", got)
	}
}
