package detect

import "strings"

const (
	unpack  = "unpack it and upload the documents in it"
	convert = "convert it to PNG or JPEG and upload that"
)

// labels name what people upload and aidoc does not read, by the type that mimetype gives.
var labels = map[string][2]string{
	"application/octet-stream":                      {"of an unknown binary type", ""},
	"image/vnd.adobe.photoshop":                     {"a Photoshop picture", convert},
	"image/x-icon":                                  {"an icon", convert},
	"image/x-icns":                                  {"an icon", convert},
	"image/vnd.dwg":                                 {"an AutoCAD drawing", "export it to PDF and upload that"},
	"image/vnd.dxf":                                 {"an AutoCAD drawing", "export it to PDF and upload that"},
	"application/postscript":                        {"a PostScript file", "convert it to PDF and upload that"},
	"application/onenote":                           {"a OneNote notebook", "export it to PDF and upload that"},
	"application/vnd.ms-publisher":                  {"a Publisher file", "export it to PDF and upload that"},
	"application/vnd.ms-htmlhelp":                   {"a Windows help file", ""},
	"application/x-mobipocket-ebook":                {"a Kindle book", "convert it to EPUB or PDF and upload that"},
	"application/x-msaccess":                        {"an Access database", "export its tables to Excel or CSV and upload that"},
	"application/vnd.sqlite3":                       {"an SQLite database", "export its tables to CSV and upload that"},
	"application/x-sqlite3":                         {"an SQLite database", "export its tables to CSV and upload that"},
	"application/x-elf":                             {"a program, not a document", ""},
	"application/x-executable":                      {"a program, not a document", ""},
	"application/x-sharedlib":                       {"a program, not a document", ""},
	"application/x-mach-binary":                     {"a program, not a document", ""},
	"application/vnd.microsoft.portable-executable": {"a program, not a document", ""},
	"application/x-cpio":                            {"a cpio archive", unpack},
	"application/x-7z-compressed":                   {"a 7z archive", unpack},
	"application/vnd.rar":                           {"a RAR archive", unpack},
	"application/x-tar":                             {"a tar archive", unpack},
	"application/gzip":                              {"compressed with gzip", unpack},
	"application/x-bzip2":                           {"compressed with bzip2", unpack},
	"application/x-xz":                              {"compressed with xz", unpack},
	"application/zstd":                              {"compressed with Zstandard", unpack},
	"application/zlib":                              {"compressed data", ""},
	"application/vnd.ms-cab-compressed":             {"a cabinet archive", unpack},
}

// label names a type that is not read and says what to do about it, "" where there is nothing special.
func label(mime string) (what, advice string) {
	mime, _, _ = strings.Cut(mime, ";")
	if l, ok := labels[mime]; ok {
		return l[0], l[1]
	}
	switch kind, sub, _ := strings.Cut(mime, "/"); kind {
	case "video":
		return "a video", ""
	case "audio":
		return "a sound file", ""
	case "font":
		return "a font", ""
	case "image":
		return "a picture of a kind that is not read (" + strings.ToUpper(strings.TrimPrefix(sub, "x-")) + ")", convert
	}
	return "of type " + mime, ""
}
