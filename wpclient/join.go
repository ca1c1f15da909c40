package wpclient

import (
	"context"
	"encoding/base64"
	"fmt"
	"log/slog"
	"strings"
)

// JoinRequest trades a one-time token for a key.
type JoinRequest struct {
	Token     string    `json:"token"` // the token's id only
	Agent     AgentInfo `json:"agent"`
	PublicKey string    `json:"public_key,omitempty"` // base64 of 32 bytes: asks for an identity by public key
}

// JoinResponse brings the key.
type JoinResponse struct {
	NewKey
	Agent  AgentRef `json:"agent"`
	Site   SiteInfo `json:"site"`
	Limits Limits   `json:"limits"`
	// NewAgents is how many agents have joined within a day and not asked for work yet, this one among them, at most MaxAgents; 0 where the plugin is too old to say.
	NewAgents int `json:"new_agents,omitempty"`
}

// SiteInfo describes a site.
type SiteInfo struct {
	URL           string `json:"url"`
	RESTRoot      string `json:"rest_root"`
	Name          string `json:"name"`
	WPVersion     string `json:"wp_version"`
	PluginVersion string `json:"plugin_version"`
}

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
	return offering(opt.Identity, func(public string, private Secret) (JoinResponse, error) {
		out := JoinResponse{NewKey: NewKey{private: private}}
		if err := c.post(ctx, "join", "/aidoc/v1/join", JoinRequest{Token: key.KeyID, Agent: agent, PublicKey: public}, &out); err != nil {
			return JoinResponse{}, err
		}
		out.NewAgents = believed(out.NewAgents)
		return out, nil
	})
}

func (r *JoinResponse) missing() string {
	_, err := r.Key()
	return firstMissing(field{"secret", err == nil}, field{"agent", r.Agent.ID > 0}, field{"site", r.Site.URL != ""}, field{"limits", r.Limits.complete()})
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

// Format and LogValue keep the key out of what is printed or logged, as they do at NewKey.
func (r JoinResponse) Format(f fmt.State, _ rune) {
	fmt.Fprintf(f, "{key_id:%s secret:%s agent:%d site:%s}", r.KeyID, redacted, r.Agent.ID, r.Site.URL)
}

func (r JoinResponse) LogValue() slog.Value { return slog.StringValue(fmt.Sprint(r)) }
