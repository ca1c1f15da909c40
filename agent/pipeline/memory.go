package pipeline

// What is made of text while it is summarised, its lines, sentences and words and an index of them, takes a dozen times as much as the text
// does (measured: 45 MiB of 4); beside it stands what an agent takes that has nothing to do.
const (
	timesText = 12
	idle      = 96 << 20
	together  = 8 // documents of the greatest length that have room at the same time
	leastText = 2 << 20
)

// DefaultMemory is what an agent's own process may take where nothing is set, in bytes.
const DefaultMemory = 512 << 20

// TextIn says how much text, in bytes, an agent may hold at a time whose own process may take so much memory (0: DefaultMemory): of all documents, and
// of one. The pages of a longer document are in the journal alone, and whoever needs them takes them from there one after another
// (docs/adr/0024-documents-of-any-length.md).
func TextIn(memory int64) (all, one int64) {
	if memory <= 0 {
		memory = DefaultMemory
	}
	all = max(leastText, (memory-idle)/timesText)
	return all, max(leastText, all/together)
}
