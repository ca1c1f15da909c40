package mail

import (
	"bytes"

	"github.com/aidoc-pipeline/aidoc-agent/internal/pattern"
)

// maxMessages bounds a mailbox.
const maxMessages = 2000

// separator is the line before each message of a mailbox (RFC 4155): a sender and a date.
var separator = pattern.Lazily(`(?m)^From \S+ .*\d:\d\d.*\d{4}\r?$\n?`)

// mailbox cuts the messages of an mbox file apart; a single message stays whole.
func mailbox(data []byte) [][]byte {
	if !bytes.HasPrefix(data, []byte("From ")) {
		return [][]byte{data}
	}
	var starts [][]int
	for _, m := range separator.FindAllIndex(data, maxMessages) {
		// Only what follows an empty line is a border; a sentence may begin with From.
		before := data[:m[0]]
		if m[0] == 0 || bytes.HasSuffix(before, []byte("\n\n")) || bytes.HasSuffix(before, []byte("\r\n\r\n")) {
			starts = append(starts, m)
		}
	}
	if len(starts) == 0 || starts[0][0] != 0 {
		_, rest, _ := bytes.Cut(data, []byte("\n"))
		return [][]byte{rest}
	}
	var out [][]byte
	for i, m := range starts {
		end := len(data)
		if i+1 < len(starts) {
			end = starts[i+1][0]
		}
		out = append(out, data[m[1]:end])
	}
	return out
}
