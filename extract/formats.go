package extract

// mimes are the types read without helper programs.
var mimes = []string{
	"application/pdf",
	"image/png", "image/jpeg", "image/tiff", "image/webp", "image/gif", "image/bmp", "image/heic", "image/heif",
	"application/vnd.openxmlformats-officedocument.wordprocessingml.document",
	"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	"application/vnd.openxmlformats-officedocument.presentationml.presentation",
	"application/msword", "application/vnd.ms-excel", "application/vnd.ms-powerpoint", "application/vnd.ms-outlook",
	"application/vnd.oasis.opendocument.text", "application/vnd.oasis.opendocument.spreadsheet", "application/vnd.oasis.opendocument.presentation",
	"application/vnd.ms-visio.drawing", "application/vnd.ms-xpsdocument", "application/oxps", "application/x-hwp", "application/hwp+zip", "application/vnd.apple.pages", "application/vnd.apple.numbers", "application/vnd.apple.keynote",
	"application/rtf", "application/epub+zip", "message/rfc822", "application/vnd.ms-tnef",
	"text/plain", "text/markdown", "text/csv", "text/html",
	"application/zip", "application/x-tar", "application/gzip", "application/x-bzip2", "application/vnd.rar",
	// Other names that WordPress gives to the same formats, which are told apart by content anyway.
	"application/vnd.ms-word.document.macroEnabled.12", "application/vnd.ms-word.template.macroEnabled.12",
	"application/vnd.openxmlformats-officedocument.wordprocessingml.template",
	"application/vnd.ms-excel.sheet.macroEnabled.12", "application/vnd.ms-excel.sheet.binary.macroEnabled.12", "application/vnd.ms-excel.template.macroEnabled.12",
	"application/vnd.openxmlformats-officedocument.spreadsheetml.template",
	"application/vnd.ms-powerpoint.presentation.macroEnabled.12", "application/vnd.ms-powerpoint.slideshow.macroEnabled.12", "application/vnd.ms-powerpoint.template.macroEnabled.12",
	"application/vnd.openxmlformats-officedocument.presentationml.slideshow", "application/vnd.openxmlformats-officedocument.presentationml.template",
	"text/rtf", "text/richtext", "text/tab-separated-values", "text/vtt", "text/xml", "application/xml", "application/mbox", "image/jp2",
	"application/x-gzip", "application/rar", "application/haansofthwp", "application/vnd.hancom.hwp", "application/haansofthwpx", "application/vnd.hancom.hwpx",
}
