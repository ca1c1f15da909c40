//go:build attacks

package attacks

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

// Reply is an answer and what its signature is worth.
type Reply struct {
	Status int
	Header http.Header
	Body   []byte
	Tag    string // "" where nothing is signed or the signature does not verify
	Flaw   error  // why it does not verify
	Code   string // of an error body
}

// Verified tells that the site built this answer for the very request, having verified it.
func (r Reply) Verified() bool { return r.Tag == tagResponse }

func (r Reply) String() string {
	tag := r.Tag
	if tag == "" {
		tag = "unsigned"
	}
	return fmt.Sprintf("%d %s (%s)", r.Status, r.Code, tag)
}

// Decode reads the JSON body.
func (r Reply) Decode(t *testing.T, out any) {
	t.Helper()
	if err := json.Unmarshal(r.Body, out); err != nil {
		t.Fatalf("%s: not JSON: %v: %.300s", r, err, r.Body)
	}
}

var answerInput = regexp.MustCompile(`^aidoc=(\("@status" "(content-digest|repr-digest)" "signature";req;key="aidoc"\);created=([1-9][0-9]{0,11});keyid="([a-z]{2}_[0-9a-f]{24})";tag="(aidoc-response|aidoc-refusal)")$`)

// verify tells what the signature of an answer is worth, bound to the signature of the request.
func (c Client) verify(r Reply, requestSignature string) (tag string, flaw error) {
	input, given := r.Header.Values("Signature-Input"), r.Header.Values("Signature")
	if len(input) != 1 || len(given) != 1 {
		return "", fmt.Errorf("%d Signature-Input and %d Signature headers", len(input), len(given))
	}
	part := answerInput.FindStringSubmatch(input[0])
	if part == nil {
		return "", fmt.Errorf("Signature-Input is not the profile's: %s", input[0])
	}
	if (r.Status == http.StatusPartialContent) != (part[2] == "repr-digest") {
		return "", fmt.Errorf("status %d with %s", r.Status, part[2])
	}
	sum := r.Header.Get(map[string]string{"content-digest": "Content-Digest", "repr-digest": "Repr-Digest"}[part[2]])
	if part[2] == "content-digest" && sum != digest(r.Body) {
		return "", errors.New("the body is not what Content-Digest says")
	}
	created, _ := strconv.ParseInt(part[3], 10, 64)
	if age := time.Now().Unix() - created; (age > 300 || age < -300) && r.Code != "aidoc_clock_skew" {
		return "", fmt.Errorf("the answer is %d s old", age)
	}
	raw, ok := strings.CutPrefix(given[0], "aidoc=:")
	raw, ok2 := strings.CutSuffix(raw, ":")
	signature, err := base64.StdEncoding.DecodeString(raw)
	if !ok || !ok2 || err != nil {
		return "", fmt.Errorf("Signature is not the profile's: %s", given[0])
	}
	base := strings.Join([]string{
		`"@status": ` + strconv.Itoa(r.Status),
		`"` + part[2] + `": ` + sum,
		`"signature";req;key="aidoc": :` + requestSignature + `:`,
		`"@signature-params": ` + part[1],
	}, "\n")
	if err := c.Key.seal.verify(part[4], base, signature); err != nil {
		return "", err
	}
	return part[5], nil
}
