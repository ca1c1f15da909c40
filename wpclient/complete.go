package wpclient

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
)

// A complete answer has every field that docs/protocol.md, section 4, does not mark optional. That the site signed it is
// not enough: an older plugin signs whatever other plugins make of an answer.
type completable interface {
	// missing names the first field that is not there or not what it must be, or returns "".
	missing() string
}

var errNoObject = errors.New("not a JSON object")

// decode reads a verified answer into out and refuses one that is not complete.
func decode(body []byte, out completable) error {
	if trimmed := bytes.TrimSpace(body); len(trimmed) == 0 || trimmed[0] != '{' {
		return errNoObject
	}
	if err := json.Unmarshal(body, out); err != nil {
		return err
	}
	if name := out.missing(); name != "" {
		return fmt.Errorf("the field %q is missing or wrong", name)
	}
	return nil
}

// field is a check of one field.
type field struct {
	name string
	ok   bool
}

func firstMissing(fields ...field) string {
	for _, f := range fields {
		if !f.ok {
			return f.name
		}
	}
	return ""
}
