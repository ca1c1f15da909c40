package cfb

import "errors"

// ErrEncrypted is the answer to files that need a password.
var ErrEncrypted = errors.New("encrypted")
