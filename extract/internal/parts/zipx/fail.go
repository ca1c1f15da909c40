package zipx

import (
	"errors"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
)

func OpenFail(kind string, err error) error {
	if errors.Is(err, ErrBudget) || errors.Is(err, ErrDepth) {
		return doc.Failf(doc.CodeTooLarge, err, "The %s file unpacks to more than the limits allow; split it into smaller files and upload those.", kind)
	}
	return doc.Corrupt(kind, err)
}

func IsBudget(err error) bool { return errors.Is(err, ErrBudget) || errors.Is(err, ErrDepth) }
