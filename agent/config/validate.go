package config

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"regexp"
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/internal/netguard"
)

// FieldError names a field and says what to do about it.
type FieldError struct {
	Field   string
	Message string
}

func (e *FieldError) Error() string { return e.Field + ": " + e.Message }

// checks collects FieldErrors.
type checks struct{ errs []error }

func (c *checks) bad(field, format string, args ...any) {
	c.errs = append(c.errs, &FieldError{field, fmt.Sprintf(format, args...)})
}

func (c *checks) oneOf(field, value string, words ...string) {
	for _, w := range words {
		if value == w {
			return
		}
	}
	c.bad(field, "%q is not known: use %s", value, strings.Join(words, ", "))
}

func between[T int | int64 | float64 | Duration | ByteSize](c *checks, field string, v, low, high T) {
	if v < low || v > high {
		c.bad(field, "%v is out of range: use %v to %v", v, low, high)
	}
}

// Validate checks every field and returns all mistakes joined; each is a *FieldError.
func (c *Config) Validate() error {
	k := &checks{}
	c.checkSites(k)
	c.checkAgent(k)
	c.checkExtract(k)
	c.checkVision(k)
	c.checkSummary(k)
	c.checkModels(k)
	c.checkBatch(k)
	c.checkProfiles(k)
	c.checkPrivacy(k)
	c.checkStore(k)
	c.checkSchedule(k)
	c.checkMetrics(k)
	c.checkTracing(k)
	k.oneOf("log.level", c.Log.Level, "debug", "info", "warn", "error")
	k.oneOf("log.format", c.Log.Format, "json", "text")
	return errors.Join(k.errs...)
}

func (c *Config) checkSites(k *checks) {
	seen := map[string]bool{}
	for i, s := range c.Sites {
		at := fmt.Sprintf("sites[%d]", i)
		url, err := CanonicalSite(s.URL)
		if err != nil {
			k.bad(at+".url", "%v", err)
			continue
		}
		if seen[url] {
			k.bad(at+".url", "%s is listed twice", url)
		}
		seen[url] = true
		if strings.HasPrefix(url, "http:") && !s.InsecureHTTP && !loopback(url) {
			k.bad(at+".url", "%s has no TLS: use https, or set insecure_http: true if the network in between is yours", url)
		}
		if s.RESTRoot != "" {
			s.checkRESTRoot(k, at+".rest_root")
		}
		c.checkSiteFields(k, at, s)
		c.checkSiteModel(k, at, s)
		k.s3Server(at+".s3", s.S3.Endpoint, s.S3.AccessKeyID, s.S3.SecretAccessKey)
		for n, h := range s.AllowHosts {
			if h == "" || strings.ContainsAny(h, "/ @") {
				k.bad(fmt.Sprintf("%s.allow_hosts[%d]", at, n), "%q is not a host name: write it like files.example.org or *.example.org", h)
			}
		}
	}
}

func (s Site) checkRESTRoot(k *checks, field string) {
	u, err := url.Parse(s.RESTRoot)
	if err != nil || (u.Scheme != "https" && u.Scheme != "http") || u.Hostname() == "" || u.User != nil || u.Fragment != "" {
		k.bad(field, "is not the address of a REST interface: write it like https://www.example.org/wp-json/ or https://www.example.org/?rest_route=/")
		return
	}
	if u.Scheme == "http" && !s.InsecureHTTP && !loopback(s.RESTRoot) {
		k.bad(field, "has no TLS: use https, or set insecure_http: true if the network in between is yours")
	}
}

func loopback(site string) bool {
	u, err := url.Parse(site)
	return err == nil && netguard.LoopbackName(u.Hostname())
}

func (c *Config) checkAgent(k *checks) {
	between(k, "agent.slots", c.Agent.Slots, 0, 64)
	between(k, "agent.drain_timeout", c.Agent.DrainTimeout, 0, seconds(3600))
	if len(c.Agent.Name) > 100 {
		k.bad("agent.name", "is longer than 100 bytes")
	}
	between(k, "poll.min", c.Poll.Min, seconds(1), seconds(3600))
	between(k, "poll.max", c.Poll.Max, c.Poll.Min, seconds(3600))
	between(k, "poll.lease_every", c.Poll.LeaseEvery, seconds(5), seconds(3600))
	between(k, "limits.memory", c.Limits.Memory, 128<<20, 1<<40)
	between(k, "limits.min_free_disk", c.Limits.MinFreeDisk, 0, 1<<50)
	between(k, "limits.min_free_memory", c.Limits.MinFreeMemory, 0, 64<<30)
	between(k, "limits.max_outbox_items", c.Limits.MaxOutboxItems, 0, 1_000_000)
	between(k, "limits.max_outbox_bytes", c.Limits.MaxOutboxBytes, 0, 1<<40)
	between(k, "journal.keep", c.Journal.Keep, Duration(24*3600*1e9), Duration(3650*24*3600*1e9))
	if c.Journal.MaxBytes != 0 {
		between(k, "journal.max_bytes", c.Journal.MaxBytes, 16<<20, 1<<50)
	}
}

func (c *Config) checkExtract(k *checks) {
	x := c.Extract
	between(k, "extract.workers", x.Workers, 0, 256)
	between(k, "extract.max_bytes", x.MaxBytes, 1, 16<<30)
	between(k, "extract.max_pages", x.MaxPages, 1, 1_000_000)
	between(k, "extract.max_pixels", x.MaxPixels, 1_000_000, 2_000_000_000)
	between(k, "extract.page_timeout", x.PageTimeout, seconds(1), seconds(3600))
	between(k, "extract.timeout", x.Timeout, x.PageTimeout, seconds(24*3600))
	between(k, "extract.memory_mib", x.MemoryMiB, 128, 1<<20)
	k.oneOf("extract.sandbox", x.Sandbox, SandboxAuto, SandboxRequire, SandboxOff)
	k.languages("extract.languages", x.Languages)
}

func (k *checks) languages(at string, list []string) {
	for i, l := range list {
		if _, plain := safeName(strings.ToLower(l), "_"); l == "" || !plain {
			k.bad(fmt.Sprintf("%s[%d]", at, i), "%q is not a tesseract language: write it like eng, deu or chi_sim", l)
		}
	}
}

func (c *Config) checkSummary(k *checks) {
	s := c.Summary
	k.oneOf("summary.unfounded", s.Unfounded, UnfoundedMark, UnfoundedDrop)
	between(k, "summary.max_tokens_per_document", s.MaxTokensPerDocument, 0, 1_000_000_000)
	between(k, "summary.max_usd_per_document", s.MaxUSDPerDocument, 0, 1_000_000)
	between(k, "summary.max_tokens_per_day", s.MaxTokensPerDay, 0, 1_000_000_000_000)
	between(k, "summary.max_usd_per_day", s.MaxUSDPerDay, 0, 1_000_000)
	between(k, "summary.max_tokens_per_month", s.MaxTokensPerMonth, 0, 1_000_000_000_000)
	between(k, "summary.max_usd_per_month", s.MaxUSDPerMonth, 0, 1_000_000)
	k.oneOf("summary.over_cap", s.OverCap, OverCapWait, OverCapExtractive)
	k.model("summary", s)
}

// model checks which model is asked and how; at is where that stands, summary or one of models.
func (k *checks) model(at string, s Summary) {
	k.oneOf(at+".provider", s.Provider, ProviderExtractive, ProviderOpenAI, ProviderAnthropic)
	for i, h := range s.Headers {
		if _, _, ok := h.Header(); !ok {
			k.bad(fmt.Sprintf("%s.headers[%d]", at, i), "is no header: write it like \"X-Team: docs\"")
		}
	}
	if s.ChunkTokens != 0 {
		between(k, at+".chunk_tokens", s.ChunkTokens, 200, 200_000)
	}
	if s.ContextTokens != 0 {
		between(k, at+".context_tokens", s.ContextTokens, 2048, 10_000_000)
	}
	between(k, at+".usd_per_mtok_in", s.USDPerMTokIn, 0, 100_000)
	between(k, at+".usd_per_mtok_cached", s.USDPerMTokCached, 0, 100_000)
	if s.USDPerMTokCached > 0 && s.USDPerMTokIn == 0 {
		k.bad(at+".usd_per_mtok_cached", "needs %s.usd_per_mtok_in beside it", at)
	}
	between(k, at+".usd_per_mtok_out", s.USDPerMTokOut, 0, 100_000)
	between(k, at+".concurrency", s.Concurrency, 0, 128)
	between(k, at+".timeout", s.Timeout, seconds(1), seconds(3600))
	if s.Provider != ProviderOpenAI && s.Provider != ProviderAnthropic {
		return
	}
	if s.Model == "" {
		k.bad(at+".model", "is needed for the provider %s: name the model to use", s.Provider)
	}
	if s.Embeddings != "" && s.Provider != ProviderOpenAI {
		k.bad(at+".embeddings", "is set, and %s has none: leave it empty", s.Provider)
	}
	k.modelServer(at, s)
}

func (c *Config) checkPrivacy(k *checks) {
	for i, kind := range c.Privacy.Redact {
		k.oneOf(fmt.Sprintf("privacy.redact[%d]", i), kind, "email", "phone", "iban", "card", "id")
	}
	for i, p := range c.Privacy.Patterns {
		field := fmt.Sprintf("privacy.patterns[%d]", i)
		if re, err := regexp.Compile(p); err != nil {
			k.bad(field, "is no regular expression of Go: %v", err)
		} else if re.MatchString("") {
			k.bad(field, "matches the empty text and would hide everything: make it match at least one character")
		}
	}
	for i, h := range c.Privacy.TrustedHosts {
		_, err := netip.ParsePrefix(h)
		if strings.Contains(h, "/") && err != nil || strings.ContainsAny(h, " @") || strings.Contains(h, "://") || h == "" {
			k.bad(fmt.Sprintf("privacy.trusted_hosts[%d]", i), "is neither host, address nor network: write it like llm.example.org or 10.20.0.0/16")
		}
	}
}

func (k *checks) modelServer(at string, s Summary) {
	if s.BaseURL != "" {
		u, err := url.Parse(s.BaseURL)
		if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" {
			k.bad(at+".base_url", "is not a URL: write it like http://127.0.0.1:11434/v1")
			return
		}
		if u.User != nil {
			k.bad(at+".base_url", "holds a password: put it into api_key")
		}
		return // a server of one's own often wants no key
	}
	if s.APIKey == "" {
		k.bad(at+".api_key", "is needed for the provider %s: set it, or api_key_file beside it, or the variable %s", s.Provider, keyVariables[s.Provider])
	}
}

func (c *Config) checkMetrics(k *checks) {
	m := c.Metrics
	if m.Listen == "" {
		return
	}
	host, _, err := net.SplitHostPort(m.Listen)
	if err != nil {
		k.bad("metrics.listen", "%q is not an address: write it like 127.0.0.1:9464", m.Listen)
		return
	}
	ip := net.ParseIP(host)
	if !m.AllowRemote && host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		k.bad("metrics.listen", "%q can be reached from other machines and metrics have no password: use 127.0.0.1, or set metrics.allow_remote: true", m.Listen)
	}
}
