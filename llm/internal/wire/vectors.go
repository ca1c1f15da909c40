package wire

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"math"
)

// Vectors is a well-formed answer to a request for embeddings.
type Vectors struct {
	Vectors  [][]float32 // one for each text, in the order of the texts, of equal length, none of them zero
	TokensIn int         // 0 where the server does not tell
}

// ReadVectors reads an answer to a request for the embeddings of n texts: as numbers, or as little-endian floats in base64, in whatever
// order, which the index of each tells. One that has not exactly n vectors of one length is Foreign: no vector may be taken for another one's.
func ReadVectors(status int, body []byte, n int) (Vectors, Fault, Outcome) {
	body = bytes.TrimSpace(bytes.TrimPrefix(body, []byte("\xef\xbb\xbf")))
	var a struct {
		Data []struct {
			Index     *int            `json:"index"`
			Embedding json.RawMessage `json:"embedding"`
		} `json:"data"`
		Usage struct {
			Prompt int `json:"prompt_tokens"`
			Total  int `json:"total_tokens"`
		} `json:"usage"`
	}
	err := json.Unmarshal(body, &a)
	if status != 200 || err != nil || a.Data == nil {
		_, fault, outcome := Read(status, body)
		if outcome == Answered {
			outcome = Foreign
		}
		return Vectors{}, fault, outcome
	}
	out := Vectors{Vectors: make([][]float32, n), TokensIn: max(a.Usage.Prompt, a.Usage.Total, 0)}
	if len(a.Data) != n {
		return out, Fault{}, Foreign
	}
	dimensions := 0
	for i, d := range a.Data {
		at := i
		if d.Index != nil {
			at = *d.Index
		}
		v := vectorOf(d.Embedding)
		if i == 0 {
			dimensions = len(v)
		}
		if at < 0 || at >= n || out.Vectors[at] != nil || v == nil || len(v) != dimensions {
			return out, Fault{}, Foreign
		}
		out.Vectors[at] = v
	}
	return out, Fault{}, Answered
}

// vectorOf is nil where there is no vector that has a direction.
func vectorOf(raw json.RawMessage) []float32 {
	var v []float32
	var packed string
	if json.Unmarshal(raw, &packed) == nil {
		b, err := base64.StdEncoding.DecodeString(packed)
		if err != nil || len(b)%4 != 0 {
			return nil
		}
		for ; len(b) > 0; b = b[4:] {
			v = append(v, math.Float32frombits(binary.LittleEndian.Uint32(b)))
		}
	} else if json.Unmarshal(raw, &v) != nil {
		return nil
	}
	length := 0.0
	for _, x := range v {
		length += float64(x) * float64(x)
	}
	if !(length > 0) || math.IsInf(length, 0) {
		return nil
	}
	return v
}
