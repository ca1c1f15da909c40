package main

import "slices"

// kind is a way to make a reader need much memory.
type kind struct {
	name, ext string
	make      func(*out)
}

// family is a section of the page.
type family struct {
	name  string
	kinds []kind
}

var families = []family{
	{"Pictures", pictureKinds}, {"Office", officeKinds}, {"PDF", pdfKinds}, {"Mail", mailKinds}, {"Texts", textKinds}, {"Archives", archiveKinds}, {"Old formats", oldKinds},
}

// named finds a kind in any family.
func named(name string) (kind, bool) {
	for _, f := range families {
		if i := slices.IndexFunc(f.kinds, func(k kind) bool { return k.name == name }); i >= 0 {
			return f.kinds[i], true
		}
	}
	return kind{}, false
}
