package doc

// MethodVision is of pages whose text a model read from a picture of them: no reader gives it, and no child may.
const MethodVision Method = "vision"

// Sight is a picture of a whole page, for a model that reads pictures.
type Sight struct {
	Number        int      // of the page, from 1
	JPEG          []byte   // gray; nil: the page is blank, is more than a picture, or could not be drawn
	Width, Height int      // in pixels
	Sure          []string // words on it that recognition is rather sure of, each once
}
