package wire

import (
	"reflect"
	"testing"
)

func TestReadVectors(t *testing.T) {
	for name, c := range map[string]struct {
		status int
		body   string
		want   [][]float32
		tokens int
	}{
		"numbers":               {200, `{"data":[{"index":0,"embedding":[1,0.5]},{"index":1,"embedding":[0,2]}],"usage":{"prompt_tokens":7,"total_tokens":7}}`, [][]float32{{1, 0.5}, {0, 2}}, 7},
		"in another order":      {200, `{"data":[{"index":1,"embedding":[0,2]},{"index":0,"embedding":[1,0.5]}]}`, [][]float32{{1, 0.5}, {0, 2}}, 0},
		"base64":                {200, `{"data":[{"index":0,"embedding":"AACAPwAAAD8="},{"index":1,"embedding":"AAAAAAAAAEA="}],"usage":{"total_tokens":9}}`, [][]float32{{1, 0.5}, {0, 2}}, 9},
		"without indexes":       {200, `{"data":[{"embedding":[1,0.5]},{"embedding":[0,2]}]}`, [][]float32{{1, 0.5}, {0, 2}}, 0},
		"one is missing":        {200, `{"data":[{"index":0,"embedding":[1,0.5]}]}`, nil, 0},
		"one too many":          {200, `{"data":[{"index":0,"embedding":[1]},{"index":1,"embedding":[1]},{"index":2,"embedding":[1]}]}`, nil, 0},
		"one twice":             {200, `{"data":[{"index":0,"embedding":[1,0.5]},{"index":0,"embedding":[0,2]}]}`, nil, 0},
		"an index out of range": {200, `{"data":[{"index":0,"embedding":[1,0.5]},{"index":2,"embedding":[0,2]}]}`, nil, 0},
		"of two lengths":        {200, `{"data":[{"index":0,"embedding":[1,0.5]},{"index":1,"embedding":[2]}]}`, nil, 0},
		"nothing but zeros":     {200, `{"data":[{"index":0,"embedding":[1,0.5]},{"index":1,"embedding":[0,0]}]}`, nil, 0},
		"half a number":         {200, `{"data":[{"index":0,"embedding":"AACAPwAA"},{"index":1,"embedding":"AAAAAA=="}]}`, nil, 0},
		"a chat completion":     {200, `{"choices":[{"message":{"content":"hello"}}]}`, nil, 0},
		"a web page":            {200, `<html>`, nil, 0},
	} {
		t.Run(name, func(t *testing.T) {
			got, _, outcome := ReadVectors(c.status, []byte(c.body), 2)
			if c.want == nil {
				if outcome != Foreign {
					t.Errorf("read as %v: %v", outcome, got)
				}
				return
			}
			if outcome != Answered || !reflect.DeepEqual(got.Vectors, c.want) || got.TokensIn != c.tokens {
				t.Errorf("%v, %+v", outcome, got)
			}
		})
	}
	if _, f, outcome := ReadVectors(404, []byte(`{"error":{"message":"no such route"}}`), 2); outcome != Faulted || f.Status != 404 {
		t.Errorf("%v %+v", outcome, f)
	}
	if _, _, outcome := ReadVectors(200, []byte(`{"data":[{"index":0,"embed`), 2); outcome != BrokenOff {
		t.Errorf("half an answer: %v", outcome)
	}
}
