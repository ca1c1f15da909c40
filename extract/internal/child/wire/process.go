package wire

// What parent and child agree upon besides frames.

// Command is the hidden command of the agent's binary that starts a child. The readers' own program, which does nothing else, is started with it too.
const Command = "extract-worker"

// Program is the file name of the readers' own program (extract/reader).
const Program = "aidoc-reader"

// Settings reach the child by environment: the parent sets the whole of it.
const (
	EnvDir     = "AIDOC_CHILD_DIR" // the child's private folder
	EnvMemory  = "AIDOC_CHILD_MEMORY_MIB"
	EnvSandbox = "AIDOC_CHILD_SANDBOX" // "off" leaves the sandbox away
)

// Folders inside the child's private folder.
const (
	InDir      = "in"      // the documents; read only
	ScratchDir = "scratch" // temporary files; the one place the child may write to
)

// MaxMeta bounds a string of metadata, in bytes.
const MaxMeta = 4000
