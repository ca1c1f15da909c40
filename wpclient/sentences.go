package wpclient

import (
	"bytes"
	"fmt"
	"mime"
	"net/http"
	"strings"
	"time"
	"unicode"

	"github.com/aidoc-pipeline/aidoc-agent/internal/pattern"
)

const maxForeignText = 200

// refusalSentence says for the site's own refusals what to do about them.
func (c *Client) refusalSentence(e *Error, w wpError) string {
	host := c.site.Host()
	switch e.Code {
	case CodeClockSkew:
		return host + " " + clockSentence(c.opt.Now(), e.ServerNow)
	case CodeKeyRevoked:
		return host + " has revoked this agent's key: create a new agent in wp-admin and run `aidoc-agent join` with its token"
	case CodeKeyUnknown:
		return host + " " + c.keyUnknownSentence()
	case CodeWrongSite:
		return fmt.Sprintf("this agent joined %s, but the answer comes from %s: correct `url` in the configuration, or join that site too",
			c.site.Home, orElse(plain(w.Data.Site), "another site"))
	case CodeAddressRefused:
		return host + " " + callerSentence
	case CodeQueryRefused:
		return host + " got a request with a query parameter or method override that this agent does not send: something on the way appends it. Look for a proxy, cache or firewall that rewrites requests to /wp-json/aidoc/v1/, and run `aidoc-agent doctor`"
	case CodeBodyTooLarge:
		return host + " got a larger request than this agent sends: something on the way pads it. Look for a proxy that rewrites requests, and run `aidoc-agent doctor`"
	case CodeSignatureMissing, CodeSignatureMalformed, CodeSignatureInvalid, CodeDigestMismatch, CodeWrongRoute:
		return host + " got a request that was changed on its way: look for a proxy that rewrites requests, and run `aidoc-agent doctor`"
	case CodePublicKeyRequired:
		return host + " demands that agents use a public key: join without `--identity hmac`"
	case CodeTokenUsed:
		return host + " has seen this join token before: create a new one in wp-admin, each works once"
	case CodeTokenExpired:
		return host + " says that this join token is older than 15 minutes: create a new one in wp-admin"
	}
	if m := plain(w.Message); m != "" {
		return host + ": " + m
	}
	return fmt.Sprintf("%s refused with status %d", host, e.Status)
}

// keyUnknownSentence follows the site's name, as wrongKeySentence does.
func (c *Client) keyUnknownSentence() string {
	if strings.HasPrefix(c.key.KeyID, tokenPrefix) {
		return "does not know this join token: create a new one in wp-admin and copy the whole command"
	}
	return "does not know this agent's key: was the agent deleted, or the site restored from a backup? Create an agent in wp-admin and run `aidoc-agent join`"
}

func (c *Client) wrongKeySentence() string {
	if strings.HasPrefix(c.key.KeyID, tokenPrefix) {
		return "does not accept this join token: copy the whole command from wp-admin, character by character"
	}
	return "does not accept this agent's key, so the key file here is damaged or from another time: create an agent in wp-admin and run `aidoc-agent join`"
}

// clockSentence follows the site's name.
func clockSentence(here, there time.Time) string {
	if there.IsZero() {
		return "says that this machine's clock is wrong: set it (timedatectl set-ntp true), then run again"
	}
	d, side := there.Sub(here), "behind"
	if d < 0 {
		d, side = -d, "ahead of"
	}
	return fmt.Sprintf("and this machine disagree about the time: the clock here is %s %s the site's. Set it (timedatectl set-ntp true), then run again",
		d.Round(time.Second), side)
}

func badSignatureSentence(bad string) string {
	switch bad {
	case CodeSiteKeyChanged:
		return "has a new signing key; join again: create a new join command for this agent in wp-admin, if it is right that the site was set up anew. The agent keeps its results until then"
	case CodeDigestMismatch:
		return "sent an answer whose body was changed on its way; the agent does not use it and asks again"
	}
	return "sent an answer whose signature does not fit this request (a cache or a proxy?); the agent does not use it and asks again"
}

// unsignedSentence follows the site's name.
func unsignedSentence(resp *http.Response, e wpError, body []byte) string {
	switch {
	case e.Code == "rest_no_route":
		return "runs WordPress, but not the plugin's routes: activate the plugin \"AI Doc Pipeline\" there"
	case e.Code == CodeKeysUnreadable:
		return "cannot read its agents' keys: AIDOC_KEY or the secret keys in its wp-config.php have changed. Put the old ones back, or create new join commands in wp-admin; the agent asks again"
	case e.Code == CodeSignatureMissing, e.Code == CodeSignatureMalformed:
		return "did not get the signature headers: something on the way strips X-Aidoc-*, Signature or Content-Digest; run `aidoc-agent doctor`"
	case e.Code == CodeAddressRefused:
		return callerSentence
	case e.Code != "" && (resp.StatusCode == 401 || resp.StatusCode == 403):
		return "blocks its REST interface (" + plain(e.Code) + "): allow /wp-json/aidoc/v1/ in its security plugin or firewall"
	case resp.StatusCode == 401 || resp.StatusCode == 403:
		return fmt.Sprintf("is behind something that refused the request with status %d%s: allow /wp-json/aidoc/v1/ in its firewall or login wall", resp.StatusCode, title(body))
	case resp.StatusCode >= 500:
		return fmt.Sprintf("is not working right now (status %d%s); the agent asks again", resp.StatusCode, title(body))
	case resp.StatusCode == http.StatusTooManyRequests:
		return "asks for fewer requests (status 429); the agent waits and asks again"
	case len(bytes.TrimSpace(body)) == 0:
		return fmt.Sprintf("sent an empty answer without a signature (status %d); the agent asks again", resp.StatusCode)
	case isHTML(resp, body):
		return fmt.Sprintf("sent a web page in place of an answer (status %d%s): look for a cache, login wall or maintenance page in front of it", resp.StatusCode, title(body))
	}
	return fmt.Sprintf("sent an answer that it did not sign (status %d); the agent does not use it and asks again", resp.StatusCode)
}

func isHTML(resp *http.Response, body []byte) bool {
	t, _, _ := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	return t == "text/html" || bytes.HasPrefix(bytes.TrimSpace(body), []byte("<"))
}

var titleTag = pattern.Lazily(`(?is)<title[^>]*>([^<]{1,200})</title`)

// title quotes a page's title: "403 Forbidden", "Maintenance mode", the quickest hint at who answered.
func title(body []byte) string {
	if len(body) > 8<<10 {
		body = body[:8<<10]
	}
	m := titleTag.FindSubmatch(body)
	if m == nil {
		return ""
	}
	if t := plain(string(m[1])); t != "" {
		return ", \"" + t + "\""
	}
	return ""
}

// callerSentence follows the site's name.
const callerSentence = "does not take calls from this machine's address: have it added in wp-admin, Document Summaries, Settings, or with `wp aidoc agent allow` where the list is this agent's own"

// strayOutputSentence follows the site's name.
const strayOutputSentence = "prints something around its answers (a byte order mark, a PHP notice or an empty line): look for \"headers already sent\" in its PHP error log, which names the file, save that file as UTF-8 without BOM or fix what it warns of, and set display_errors to off"

// sniff reads a WordPress error out of an unsigned answer, and tells whether something prints around it.
func sniff(body []byte) (wpError, bool) {
	var e wpError
	stray, err := unmarshal(body, &e)
	if err != nil {
		return wpError{}, false
	}
	e.Code = plain(e.Code)
	return e, stray
}

// plain makes text from the network fit for one line of a log or a terminal.
func plain(s string) string {
	s = strings.Map(func(r rune) rune {
		if r == unicode.ReplacementChar || !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, s)
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > maxForeignText {
		s = string(r[:maxForeignText]) + "…"
	}
	return s
}

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}
