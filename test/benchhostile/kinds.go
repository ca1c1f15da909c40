package main

import "slices"

// kind is a way to make a reader need much memory.
type kind struct {
	name, ext string
	make      func(*out)
}

var kinds = slices.Concat(textKinds, officeKinds, mailKinds, pictureKinds, pdfKinds, archiveKinds, oldKinds)
