package llm

import (
	"context"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/extractive"
	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/markdown"
	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/prose"
)

// ExtractiveVersion changes whenever the same document could give another extractive summary.
const ExtractiveVersion = "extractive-3"

// Extractive summarises without a model and without network: it quotes the sentences that say
// most about the document, with their page. It is deterministic.
type Extractive struct{}

var _ Summariser = Extractive{}

// Name is "extractive".
func (Extractive) Name() string { return "extractive" }

// Summarise quotes the document. cache is not used: the work is cheaper than a look-up.
func (Extractive) Summarise(ctx context.Context, d Document, _ Cache, progress func(done, total int)) (Summary, error) {
	start := time.Now()
	if err := ctx.Err(); err != nil {
		return Summary{}, err
	}
	if progress != nil {
		progress(0, 1)
	}
	words := d.words()
	if words == 0 {
		return Summary{}, &Error{Code: CodeNoText, Message: "the document holds no text; if it is a scan, install the OCR language it is written in"}
	}
	lang := prose.Language(d.Pages, d.Language)
	title, blocks := extractive.Summarise(d.Pages, lang, d.Title, d.Filename)
	if progress != nil {
		progress(1, 1)
	}
	read := d.numbers()
	if read != nil {
		blocks = append(blocks, d.partlyRead(lang, read))
	}
	return Summary{
		PagesRead: read, Title: title, Markdown: markdown.Write(blocks), Blocks: linkPages(blocks, d.Pages), Language: lang, Words: words, Chunks: 1,
		Provider: "extractive", Model: "", PromptVersion: ExtractiveVersion, Duration: time.Since(start),
	}, nil
}
