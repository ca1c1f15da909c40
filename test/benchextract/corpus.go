package main

import (
	"context"
	"fmt"

	"github.com/aidoc-pipeline/aidoc-agent/test/bench"
)

// corpus measures one set of the corpus.
func corpus(ctx context.Context, s settings, set string) (string, error) {
	docs, err := manifest(s.corpus, set, s.docs)
	if err != nil {
		return "", err
	}
	if len(docs) == 0 {
		return "", fmt.Errorf("set %s has no documents in %s", set, s.corpus)
	}
	list := tools(s, set)
	if set == "B" {
		f, err := startFloor(ctx)
		if err != nil {
			return "", err
		}
		defer f.stop()
		list = append(list, tool{name: "recognition alone", floor: f})
	}
	before := bench.Load()
	results, err := measure(ctx, s, "set "+set, list, docs)
	if err != nil {
		return "", err
	}
	whole, err := batch(ctx, s, set, docs)
	if err != nil {
		return "", err
	}
	return table(s, set, docs, append(results, whole), before)
}
