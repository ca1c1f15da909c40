package wpclient

import (
	"encoding/base64"
	"log/slog"
	"strings"
)

const redacted = "[redacted]"

// Secret is key material. It shows itself as "[redacted]" wherever it is printed, logged or encoded.
type Secret []byte

func (Secret) String() string               { return redacted }
func (Secret) GoString() string             { return redacted }
func (Secret) LogValue() slog.Value         { return slog.StringValue(redacted) }
func (Secret) MarshalText() ([]byte, error) { return []byte(redacted), nil }
func (Secret) MarshalJSON() ([]byte, error) { return []byte(`"` + redacted + `"`), nil }

// Base64 is the form in which a key is stored: standard alphabet, with padding.
func (s Secret) Base64() string { return base64.StdEncoding.EncodeToString(s) }

// ParseSecret reads what Base64 wrote.
func ParseSecret(text string) (Secret, error) {
	b, err := base64.StdEncoding.Strict().DecodeString(strings.TrimSpace(text))
	if err != nil || len(b) < minSecretBytes {
		return nil, &Error{Op: "read key", Kind: Refused,
			Message: "the stored secret of this site is damaged: run `aidoc-agent join` again"}
	}
	return Secret(b), nil
}

// Key is one agent's key for one site.
type Key struct {
	KeyID  string
	Secret Secret
}

const (
	// A token's secret has 32 bytes, an agent key's 64; anything shorter is damage, or an attack by emptiness.
	minSecretBytes = 32
	keyPrefix      = "ak_"
	tokenPrefix    = "jt_"
	idHexDigits    = 24
)

func validKeyID(id string) bool {
	hex, ok := strings.CutPrefix(id, keyPrefix)
	if !ok {
		hex, ok = strings.CutPrefix(id, tokenPrefix)
	}
	if !ok || len(hex) != idHexDigits {
		return false
	}
	for _, c := range []byte(hex) {
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}
