package zipx

import (
	"errors"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
)

// OpenFail is the refusal of a package of the given kind: too large where the budget ran out, else damaged.
func OpenFail(kind string, err error) error {
	if errors.Is(err, ErrBudget) || errors.Is(err, ErrDepth) {
		return doc.Failf(doc.CodeTooLarge, err, "The %s file unpacks to more than the limits allow; split it into smaller files and upload those.", kind)
	}
	return doc.Corrupt(kind, err)
}

// IsBudget tells whether err is about a limit of the container.
func IsBudget(err error) bool { return errors.Is(err, ErrBudget) || errors.Is(err, ErrDepth) }
