package worker

import "testing"

// What libraries take for a picture goes back when they free it, also the second time.
func TestLargePiecesGoBack(t *testing.T) {
	if settleMemory(); !goesBack(24 << 20) {
		t.Error("a piece of 24 MiB stays with the process")
	}
}
