package llm

import "context"

// Ledger allows what calls may cost before they are made and books what they did cost. It is safe for concurrent use.
type Ledger interface {
	// Reserve sets aside what a call may cost at most. Its error ends the document: nothing was reserved.
	Reserve(ctx context.Context, atMost Charge) (id int64, err error)
	// Settle replaces a reservation by what the call did cost; the zero Charge where nothing was billed.
	Settle(id int64, used Charge)
}

// Charge is what one call to a model costs.
type Charge struct {
	Provider     string
	Model        string
	Calls        int // 1, or 0 where nothing was billed
	TokensIn     int
	TokensCached int // the part of TokensIn that the provider had in its cache
	TokensOut    int
	USD          float64 // 0 where the price is not known
	Batch        bool    // at the price of batches
	Step         string  // what it was made for: StepSummary, StepEmbeddings, StepVision
}

// Steps of a document's work that models are paid for.
const (
	StepSummary    = "summary"
	StepEmbeddings = "embeddings"
	StepVision     = "vision" // pages that are recognised badly
)

// Tokens of input and output together.
func (c Charge) Tokens() int { return c.TokensIn + c.TokensOut }

// CodeSpendCap says that what may be spent in this time, or on this site, is spent. It is no fault of the document, and passes.
const CodeSpendCap Code = "spend_cap_reached"
