package text

import (
	"bytes"
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/internal/pattern"
)

// cueTime is the line that says when a subtitle is shown, in WebVTT and SubRip.
var cueTime = pattern.Lazily(`^(?:\d+:)?\d{1,2}:\d{2}[.,]\d{3}\s+-->\s+(?:\d+:)?\d{1,2}:\d{2}[.,]\d{3}`)

// firstCue is within how many bytes subtitles without a head begin, blank lines and the number of the first one before them.
const firstCue = 1024

// voice is the mark of a speaker; other marks in angle brackets only say how a subtitle looks.
var voice, cueMark = pattern.Lazily(`<v(?:\.[^\s>]*)?\s+([^>]+)>`), pattern.Lazily(`</?[a-z\d:.][^<>]*>`)

// MayBeSubtitles says whether it is worth asking Subtitles about a text that begins so.
func MayBeSubtitles(head []byte) bool {
	return bytes.HasPrefix(head, []byte("WEBVTT")) || bytes.Contains(head[:min(len(head), firstCue)], []byte("-->"))
}

// Subtitles gives what is spoken in a WebVTT or SubRip file, a line each, without times, numbers and
// notes; false when the text is neither.
func Subtitles(s string) (string, bool) {
	if !MayBeSubtitles([]byte(s[:min(len(s), firstCue)])) {
		return "", false
	}
	blocks := strings.Split(strings.ReplaceAll(strings.TrimSpace(s), "\r", ""), "\n\n")
	var out []string
	cues := 0
	for i, b := range blocks {
		lines := strings.Split(strings.Trim(b, "\n"), "\n")
		at := -1
		for j, l := range lines[:min(2, len(lines))] {
			if cueTime.MatchString(strings.TrimSpace(l)) {
				at = j
				break
			}
		}
		switch {
		case at >= 0:
			cues++
			for _, l := range lines[at+1:] {
				l = cueMark.ReplaceAllString(voice.ReplaceAllString(l, "$1: "), "")
				if l = strings.TrimSpace(l); l != "" && (len(out) == 0 || out[len(out)-1] != l) {
					out = append(out, l)
				}
			}
		case i == 0 && strings.HasPrefix(b, "WEBVTT"):
			if title := strings.Trim(strings.TrimPrefix(lines[0], "WEBVTT"), " -\t"); title != "" {
				out = append(out, title)
			}
		case strings.HasPrefix(b, "NOTE"), strings.HasPrefix(b, "STYLE"), strings.HasPrefix(b, "REGION"):
		case strings.TrimSpace(b) != "" && i < 2:
			return "", false // it begins like another text
		}
	}
	return htmlEntities.Replace(strings.Join(out, "\n")), cues > 0
}

var htmlEntities = strings.NewReplacer("&amp;", "&", "&lt;", "<", "&gt;", ">", "&nbsp;", " ", "&lrm;", "", "&rlm;", "")
