package main

import (
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"unicode"
)

// Sentences that occur in one licence and not in the others; the first that fits counts.
var sentences = []struct{ id, text string }{
	{"Apache-2.0", "Apache License Version 2.0"},
	{"AGPL-3.0-or-later", "GNU AFFERO GENERAL PUBLIC LICENSE Version 3"},
	{"MPL-2.0", "Mozilla Public License Version 2.0"},
	{"MPL-2.0", "Mozilla Public License, version 2.0"},
	{"CC0-1.0", "CC0 1.0 Universal"},
	{"Unlicense", "This is free and unencumbered software released into the public domain"},
	{"BSD-3-Clause", "may be used to endorse or promote products derived from"},
	{"BSD-2-Clause", "Redistributions in binary form must reproduce the above copyright notice"},
	{"ISC", "Permission to use, copy, modify, and/or distribute this software for any purpose"},
	{"ISC", "Permission to use, copy, modify, and distribute this software for any purpose"},
	{"MIT", "Permission is hereby granted, free of charge, to any person obtaining a copy"},
}

// moduleLicences reads the licence beside the module's source; none where its text is not one of these.
func moduleLicences(m *debug.Module) []licence {
	for _, name := range []string{"LICENSE", "LICENSE.md", "LICENSE.txt", "LICENCE", "License", "COPYING", "UNLICENSE"} {
		text, err := os.ReadFile(filepath.Join(moduleCache(), escape(m.Path)+"@"+escape(m.Version), name))
		if err != nil {
			continue
		}
		if id := recognise(string(text)); id != "" {
			return licences(id)
		}
	}
	return nil
}

func recognise(text string) string {
	text = strings.ToLower(strings.Join(strings.Fields(text), " "))
	for _, s := range sentences {
		if strings.Contains(text, strings.ToLower(s.text)) {
			return s.id
		}
	}
	return ""
}

func moduleCache() string {
	if dir := os.Getenv("GOMODCACHE"); dir != "" {
		return dir
	}
	if dir := os.Getenv("GOPATH"); dir != "" {
		return filepath.Join(dir, "pkg", "mod")
	}
	home, _ := os.UserHomeDir()
	return filepath.Join(home, "go", "pkg", "mod")
}

// escape writes a path as the module cache does: capitals as ! and the small letter.
func escape(path string) string {
	var b strings.Builder
	for _, r := range path {
		if unicode.IsUpper(r) {
			b.WriteByte('!')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}
