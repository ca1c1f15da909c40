package main

import (
	"io/fs"
	"path/filepath"
)

// plugin lists the files: it depends on nothing but WordPress and PHP.
func plugin(version, folder string) (document, error) {
	subject := component{
		Type: "application", Ref: "ai-doc-pipeline", Name: "ai-doc-pipeline", Version: version, Licenses: licences("GPL-2.0-or-later"), PURL: "pkg:generic/ai-doc-pipeline@" + version,
		Properties: []property{{"aidoc:runtime", "WordPress and PHP of the site; no other code is bundled"}},
	}
	var files []component
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		name, err := filepath.Rel(folder, path)
		if err != nil {
			return err
		}
		sum, err := fileSum(path)
		files = append(files, component{Type: "file", Ref: "file:" + name, Name: name, Hashes: []hash{sum}})
		return err
	})
	return newDocument(subject, files), err
}
