package wpclient

import "context"

// EchoResponse is what the site saw of a request.
type EchoResponse struct {
	Route         string   `json:"route"`
	Method        string   `json:"method"`
	Site          string   `json:"site"`
	RESTRoot      string   `json:"rest_root"`
	Headers       []string `json:"headers"`
	Agent         AgentRef `json:"agent"`
	Limits        Limits   `json:"limits"`
	WPVersion     string   `json:"wp_version"`
	PluginVersion string   `json:"plugin_version"`
	PHPVersion    string   `json:"php_version"`
	ServerNowMS   int64    `json:"server_now_ms"`
	// Doorbell is the site's static file; nil where there is none, or the plugin is too old to tell it here.
	Doorbell *Doorbell `json:"doorbell,omitempty"`
	// Agents is as in LeaseResponse; 0 where the plugin is too old to tell it here.
	Agents int `json:"agents,omitempty"`
}

// Echo asks what the site sees of a signed request. It changes nothing there.
func (c *Client) Echo(ctx context.Context) (EchoResponse, error) {
	var out EchoResponse
	err := c.post(ctx, "echo", "/aidoc/v1/echo", struct{}{}, &out)
	if out.Doorbell != nil && !out.Doorbell.check() {
		out.Doorbell = nil
	}
	out.Agents = believed(out.Agents)
	return out, err
}

func (r *EchoResponse) missing() string {
	return firstMissing(field{"route", r.Route != ""}, field{"method", r.Method != ""}, field{"site", r.Site != ""}, field{"headers", r.Headers != nil},
		field{"agent", r.Agent.ID > 0}, field{"limits", r.Limits.complete()}, field{"server_now_ms", r.ServerNowMS > 0})
}
