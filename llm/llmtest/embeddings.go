package llmtest

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"hash/fnv"
	"math"
	"net/http"
	"strings"
)

// Dimensions of the vectors that a server answers with unless it is told otherwise.
const Dimensions = 256

// parseEmbeddings reads a request for embeddings: input is one text or a list of them.
func parseEmbeddings(r *http.Request, body []byte) Call {
	var q struct {
		Model  string          `json:"model"`
		Input  json.RawMessage `json:"input"`
		Format string          `json:"encoding_format"`
	}
	_ = json.Unmarshal(body, &q) // a bad request shows as an empty call
	c := Call{API: "embeddings", Model: q.Model, Base64: q.Format == "base64", Key: strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer "), Body: body}
	if json.Unmarshal(q.Input, &c.Input) != nil {
		var one string
		if json.Unmarshal(q.Input, &one) == nil {
			c.Input = []string{one}
		}
	}
	return c
}

// writeEmbeddings answers as OpenAI does, except that the vectors come last first: only their index says which text each is of.
func writeEmbeddings(w http.ResponseWriter, c Call, rep Reply) {
	switch {
	case rep.Status != http.StatusOK:
		writeOpenAI(w, c, rep)
		return
	case len(c.Input) == 0 || len(c.Input) > 2048:
		rep.Status, rep.ErrorType, rep.ErrorParam, rep.ErrorText = http.StatusBadRequest, "invalid_request_error", "input", "'$.input' is invalid."
		writeOpenAI(w, c, rep)
		return
	}
	vectors := rep.Vectors
	if vectors == nil {
		vectors = WordVectors
	}
	used := 0
	for _, t := range c.Input {
		used += tokens(t)
	}
	data := []any{}
	for i, v := range vectors(c.Input) {
		var embedding any = v
		if c.Base64 {
			embedding = packFloats(v)
		}
		data = append([]any{map[string]any{"object": "embedding", "index": i, "embedding": embedding}}, data...)
	}
	send(w, rep, map[string]any{"object": "list", "model": c.Model, "data": data, "usage": map[string]any{"prompt_tokens": used, "total_tokens": used}})
}

func packFloats(v []float32) string {
	var b []byte
	for _, x := range v {
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(x))
	}
	return base64.StdEncoding.EncodeToString(b)
}

// WordVectors are no model's: texts lie close to each other that use the same words. All point a little the same way, as real ones do.
func WordVectors(texts []string) [][]float32 {
	out := make([][]float32, len(texts))
	for i, t := range texts {
		v := make([]float32, Dimensions)
		v[0] = 1
		for _, word := range strings.Fields(strings.ToLower(t)) {
			h := fnv.New32a()
			_, _ = h.Write([]byte(strings.Trim(word, ".,;:()")))
			v[1+h.Sum32()%(Dimensions-1)]++
		}
		out[i] = v
	}
	return out
}
