package wire

import "testing"

// FuzzRead: whatever a server sends is an answer, a fault, a half or something foreign.
func FuzzRead(f *testing.F) {
	for _, s := range []string{
		`{"choices":[{"message":{"content":[{"type":"text","text":"a"}]}}]}`, `[{"error":{"code":429}}]`, `{"error":"x"}`, `{"detail":[{"loc":["a"]}]}`,
		"data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\ndata: [DONE]\n", `{"output":[{"type":"message","content":[1]}],"status":"incomplete"}`, "<html>", `{"choices":[1]}`,
	} {
		f.Add(200, []byte(s))
		f.Add(400, []byte(s))
	}
	f.Fuzz(func(t *testing.T, status int, body []byte) {
		r, fault, outcome := Read(status, body)
		if outcome != Answered && r != (Reply{}) && outcome != Foreign {
			t.Fatalf("outcome %d with an answer %+v", outcome, r)
		}
		if outcome == Faulted && fault.Status == 200 {
			t.Fatalf("a fault with status 200: %+v", fault)
		}
		fault.Pause()
		fault.Parameter("max_tokens", "temperature")
		fault.MostOutput()
	})
}
