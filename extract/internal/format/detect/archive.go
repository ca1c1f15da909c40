package detect

import "bytes"

const (
	tarMIME = "application/x-tar"
	// tarMagicAt is where the header of a tar archive's first file names the format.
	tarMagicAt = 257
)

// archiveMIME names an archive or a compressed file by its first bytes, "" for what is none. A zip container is told from the office files in
// one elsewhere.
func archiveMIME(b []byte) string {
	has := func(p string) bool { return bytes.HasPrefix(b, []byte(p)) }
	switch {
	case has("Rar!\x1a\x07"):
		return "application/vnd.rar"
	case has("\x1f\x8b\x08"):
		return "application/gzip"
	case has("BZh") && len(b) >= 10 && string(b[4:10]) == "1AY&SY":
		return "application/x-bzip2"
	case len(b) > tarMagicAt+5 && string(b[tarMagicAt:tarMagicAt+5]) == "ustar":
		return tarMIME
	}
	return ""
}
