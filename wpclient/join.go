package wpclient

import (
	"context"
	"encoding/base64"
	"fmt"
	"log/slog"
	"strings"
)

const (
	tokenVersion     = "aidoc1"
	tokenSecretBytes = 32
	keySecretBytes   = 64
)

// Join trades a one-time token, "aidoc1.<id>.<secret>", for a key. Only the token's id travels: its secret signs the
// request and verifies the answer, so neither end has to trust the other before.
func Join(ctx context.Context, site Site, token string, agent AgentInfo, opt Options) (JoinResponse, error) {
	key, err := parseToken(token)
	if err != nil {
		return JoinResponse{}, err
	}
	c := New(site, key, opt)
	defer c.Close()
	return offering(opt.Identity, func(public string, private Secret) (out JoinResponse, err error) {
		out.private = private
		err = c.post(ctx, "join", "/aidoc/v1/join", JoinRequest{Token: key.KeyID, Agent: agent, PublicKey: public}, &out)
		return out, err
	})
}

func parseToken(token string) (Key, error) {
	bad := &Error{Op: "join", Kind: Refused, Code: CodeBadToken,
		Message: "the join token is not complete: copy the whole command from wp-admin, it looks like aidoc1.jt_….…"}
	parts := strings.Split(strings.TrimSpace(token), ".")
	if len(parts) != 3 || parts[0] != tokenVersion || !validKeyID(parts[1]) || !strings.HasPrefix(parts[1], tokenPrefix) {
		return Key{}, bad
	}
	secret, err := base64.RawURLEncoding.Strict().DecodeString(strings.TrimRight(parts[2], "="))
	if err != nil || len(secret) != tokenSecretBytes {
		return Key{}, bad
	}
	return Key{KeyID: parts[1], Secret: secret}, nil
}

// The two answers that bring a key do not show it when they are printed or logged.

func (r JoinResponse) Format(f fmt.State, _ rune) {
	fmt.Fprintf(f, "{key_id:%s secret:%s agent:%d site:%s}", r.KeyID, redacted, r.Agent.ID, r.Site.URL)
}

func (r JoinResponse) LogValue() slog.Value { return slog.StringValue(fmt.Sprint(r)) }

func (r RotateResponse) Format(f fmt.State, _ rune) {
	r.NewKey.Format(f, 'v')
}

func (r RotateResponse) LogValue() slog.Value { return slog.StringValue(fmt.Sprint(r)) }

func (n NewKey) Format(f fmt.State, _ rune) {
	fmt.Fprintf(f, "{key_id:%s secret:%s}", n.KeyID, redacted)
}

func (n NewKey) LogValue() slog.Value { return slog.StringValue(fmt.Sprint(n)) }
