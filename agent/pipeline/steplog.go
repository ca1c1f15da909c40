package pipeline

import "github.com/aidoc-pipeline/aidoc-agent/extract"

// tellable is likewise for a span; a step that failed may have nothing to count.
func (j *job) tellable(phase string, err error) []any {
	if err != nil {
		return nil
	}
	return j.counts(phase)
}

// counts is how much a step was about, for its line in the log: numbers, never a name or a text of the document.
func (j *job) counts(phase string) []any {
	switch phase {
	case "download":
		return []any{"bytes", j.lease.Bytes}
	case "extract":
		methods := map[extract.Method]int{}
		failed := 0
		for _, h := range j.pages.heads {
			if h.err != nil {
				failed++
				continue
			}
			methods[h.method]++
		}
		return []any{"pages", j.pages.len(), "pages_ocr", methods[extract.MethodOCR], "pages_vision", methods[extract.MethodVision], "pages_empty", methods[extract.MethodEmpty], "pages_failed", failed}
	case "summarise":
		return []any{"provider", j.summary.Provider, "model", j.summary.Model, "tokens", j.spent.Tokens, "usd", j.spent.USD}
	}
	return nil
}
