package wptest

import (
	"encoding/json"
	"net/http"
)

// answer is what the site says, before it is signed.
type answer struct {
	status int
	code   string
	header http.Header
	body   []byte
	digest string // of a file; "" for JSON
	keyID  string
	signer string // the name in the answer's signature, where it is not the request's key
	secret []byte // nil: the answer cannot be signed
	tag    string // "": as the verdict on the request says
}

// enveloped is what core makes of an answer under ?_envelope=1.
func (a answer) enveloped() answer {
	var body any = string(a.body) // a file
	if json.Valid(a.body) {
		body = json.RawMessage(a.body)
	}
	out := reply(map[string]any{"body": body, "status": a.status, "headers": map[string]string{}})
	out.keyID, out.secret, out.tag = a.keyID, a.secret, TagResponse
	return out
}

// uncovered marks an answer that follows from what no signature covers.
func (a answer) uncovered() answer {
	a.tag = TagRefusal
	return a
}

func reply(v any) answer {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return answer{status: 200, body: b, header: http.Header{"Content-Type": {"application/json; charset=UTF-8"}}}
}

func refuse(status int, code, message string, data map[string]any) answer {
	if data == nil {
		data = map[string]any{}
	}
	data["status"] = status
	a := reply(map[string]any{"code": code, "message": message, "data": data})
	a.status, a.code = status, code
	return a
}

func writeError(w http.ResponseWriter, data map[string]any, status int, code, message string) {
	a := refuse(status, code, message, data)
	w.Header().Set("Content-Type", a.header.Get("Content-Type"))
	w.WriteHeader(status)
	w.Write(a.body)
}
