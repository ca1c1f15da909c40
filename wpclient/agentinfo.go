package wpclient

// AgentInfo tells a site about the machine that asks.
type AgentInfo struct {
	Name    string `json:"name,omitempty"`
	Version string `json:"version"`
	Host    string `json:"host"`
	OS      string `json:"os"`
	Arch    string `json:"arch"`
	Slots   int    `json:"slots,omitempty"`
	// UptimeMS is for how long this process runs, the time its machine slept included; 0 where it is not told. An order to
	// stop is for the processes that were running when it was given.
	UptimeMS int64 `json:"uptime_ms,omitempty"`
}

// AgentRef is the site's record of an agent.
type AgentRef struct {
	ID        int64     `json:"id"`
	Name      string    `json:"name"`
	Directive Directive `json:"directive,omitempty"`
}
