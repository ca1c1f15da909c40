package llm

import (
	"context"
	"errors"
	"fmt"

	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/wire"
)

var _ Embedder = (*openAI)(nil)

// ErrNoEmbeddings says that a server gives no embeddings, or none that can be used.
var ErrNoEmbeddings = errors.New("no embeddings")

// embeddingRequest leaves out what not every server takes: the form of the numbers, which both are read, and how many there are.
type embeddingRequest struct {
	Model string   `json:"model"`
	Input []string `json:"input"`
}

// Embed implements Embedder. Whatever trying again does not mend is ErrNoEmbeddings: a document needs none, and whether the account
// serves anybody is found out by its other calls.
func (o *openAI) Embed(ctx context.Context, model string, texts []string) ([][]float32, int, error) {
	ctx, seen := withExchange(ctx)
	body, _, err := o.send(ctx, "/embeddings", embeddingRequest{Model: model, Input: texts})
	if err != nil {
		return nil, 0, networkError(ctx, o.base.String(), err)
	}
	v, fault, outcome := wire.ReadVectors(seen.status, body, len(texts))
	switch outcome {
	case wire.Answered:
		return v.Vectors, v.TokensIn, nil
	case wire.BrokenOff:
		return nil, 0, &Error{Code: CodeUnavailable, Retryable: true, Billed: true, Message: "the answer of " + o.vendor + " broke off: it will be tried again"}
	case wire.Faulted:
		why := refusal{Fault: fault, vendor: o.vendor, model: model, keyHint: "OPENAI_API_KEY", seen: seen}.problem()
		if why.Retryable && why.RetryAfter <= maxRetryAfter {
			return nil, 0, why
		}
		return nil, 0, fmt.Errorf("%w: %s answers with HTTP %d to a request for the embeddings of %s", ErrNoEmbeddings, o.vendor, fault.Status, model)
	}
	return nil, v.TokensIn, fmt.Errorf("%w: what %s answers has not one vector of one length for each text", ErrNoEmbeddings, o.vendor)
}
