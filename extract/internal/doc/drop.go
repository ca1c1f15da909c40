package doc

import "os"

// Drop gives back the space of a temporary file that is done with. A confined child may not take a file's name away.
func Drop(path string) {
	if os.Remove(path) != nil {
		_ = os.WriteFile(path, nil, 0o600)
	}
}
