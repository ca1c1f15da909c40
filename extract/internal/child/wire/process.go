package wire

// What parent and child agree upon besides frames.

// Command is the hidden command of the agent's binary that starts a child.
const Command = "extract-worker"

// Settings reach the child by environment: the parent sets the whole of it.
const (
	EnvDir     = "AIDOC_CHILD_DIR" // the child's private folder
	EnvMemory  = "AIDOC_CHILD_MEMORY_MIB"
	EnvSandbox = "AIDOC_CHILD_SANDBOX" // "off" leaves the sandbox away
	EnvBuild   = "AIDOC_CHILD_BUILD"
)

// Folders inside the child's private folder.
const (
	InDir      = "in"      // the documents; read only
	ScratchDir = "scratch" // temporary files; the one place the child may write to
)

// MaxMeta bounds a string of metadata, in bytes.
const MaxMeta = 4000
