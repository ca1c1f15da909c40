package cli

import (
	"errors"
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/agent/journal"
	"github.com/aidoc-pipeline/aidoc-agent/llm"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
)

// passHeaders are what must arrive at the plugin as it was sent.
const passHeaders = "have what stands in front of the site pass X-Aidoc-Route, X-Aidoc-Site, Content-Digest, Signature-Input and Signature as they are"

const exempt = "exempt /wp-json/aidoc/v1/ from caches, firewalls, minifiers and login walls in front of the site"

// cures say what to do where a site cannot be worked with, by code. The sentence of the error says what is the matter.
var cures = map[string]string{
	wpclient.CodeUnreachable:        "curl -I HOME must work on this machine: check name, DNS, firewall and HTTPS_PROXY",
	wpclient.CodeTimeout:            "time curl HOME/wp-json/ on this machine: a site this slow needs more PHP workers, or something drops its packets",
	wpclient.CodeTLS:                "curl -I HOME must work on this machine: renew the certificate, serve its whole chain, apt-get install ca-certificates",
	wpclient.CodePlainHTTP:          "use https, or join with --insecure-http where the way to the site is private",
	wpclient.CodeRedirect:           "join with the address that the site redirects to",
	wpclient.CodeOtherOrigin:        "join with the address that is named, or with --rest-root where the REST interface lies elsewhere on purpose",
	wpclient.CodeAddress:            "correct the site's name in DNS or /etc/hosts; --allow-loopback where it is this machine",
	wpclient.CodeCompressed:         exempt,
	wpclient.CodeTruncated:          exempt,
	wpclient.CodeTooLarge:           exempt,
	wpclient.CodeNotJSON:            "update the plugin and the agent to the same version",
	wpclient.CodeUnsigned:           exempt,
	wpclient.CodeStrayOutput:        "PHP's error log names the file after \"headers already sent\"; save it without byte order mark",
	wpclient.CodeRESTBlocked:        "allow /wp-json/aidoc/v1/ in the site's security plugin or firewall",
	wpclient.CodeKeyMismatch:        "New token on the Agents page in WordPress, then aidoc-agent join with it",
	wpclient.CodeKeyUnknown:         "New agent on the Agents page in WordPress, then aidoc-agent join with its token",
	wpclient.CodeKeyRevoked:         "New agent on the Agents page in WordPress, then aidoc-agent join with its token",
	wpclient.CodeSiteKeyChanged:     "New token on the Agents page in WordPress, then aidoc-agent join with it, if the site was set up anew",
	wpclient.CodeWrongSite:          "correct the url in sites, or join that site",
	wpclient.CodeWrongRoute:         exempt,
	wpclient.CodeQueryRefused:       exempt,
	wpclient.CodeBodyTooLarge:       exempt,
	wpclient.CodeDigestMismatch:     exempt,
	wpclient.CodeSignatureInvalid:   exempt,
	wpclient.CodeClockSkew:          "timedatectl set-ntp true",
	wpclient.CodeAddressRefused:     "wp aidoc allow ADDRESS on the site, or Document Summaries → Settings → Limits for agents",
	wpclient.CodeKeysUnreadable:     "put the old AIDOC_KEY or secret keys back into wp-config.php",
	wpclient.CodeSignatureMissing:   passHeaders,
	wpclient.CodeSignatureMalformed: passHeaders,
}

// cureOfSite is what to do about an error of the site with this address.
func cureOfSite(home string, err error) string {
	if cure := cures[wpclient.CodeOf(err)]; cure != "" {
		return strings.ReplaceAll(cure, "HOME", home)
	}
	switch wpclient.KindOf(err) {
	case wpclient.PluginInactive:
		return "activate the plugin AI Doc Pipeline there: wp plugin activate ai-doc-pipeline"
	case wpclient.NotWordPress:
		return "give join the home address that Settings → General shows in WordPress"
	}
	return "wp aidoc doctor on the site's server says what the site itself finds"
}

func cureOfKeyFile(file string) string {
	return "ls -l " + file + ": it must belong to this user alone (mode 0600) and be whole; else join the site again"
}

// cureOfModel is what to do about a model that was asked and did not answer as one.
func cureOfModel(err error) string {
	var e *llm.Error
	if !errors.As(err, &e) {
		return ""
	}
	switch e.Code {
	case llm.CodeAuth:
		return "set summary.api_key_file, or OPENAI_API_KEY or ANTHROPIC_API_KEY in the agent's environment, to a key that is valid"
	case llm.CodeQuota:
		return "fill the account at the provider; the agent goes on by itself then"
	case llm.CodeNotFound:
		return "correct summary.model: the provider's list of models has the names"
	case llm.CodeRegion:
		return "use another provider, or a model server of your own (summary.base_url)"
	case llm.CodeUnavailable, llm.CodeRateLimited:
		return "curl -I the address of summary.base_url on this machine: it must answer; a provider's status page says when it is down"
	}
	return "look at summary.model and summary.base_url; provider: extractive needs no model"
}

// cureOfJournal is what to do about a journal that cannot be read.
func cureOfJournal(err error) string {
	var e *journal.Error
	if !errors.As(err, &e) {
		return ""
	}
	switch e.Code {
	case journal.CodeNewerSchema:
		return "install the aidoc-agent that wrote it, or move the file away: sites hand out again what was in work"
	case journal.CodeNotJournal:
		return "give the agent a data_dir of its own"
	case journal.CodeCorrupt:
		return "start the agent: it sets the file aside, saves what is readable and begins a new one"
	case journal.CodeDenied:
		return "give the data folder to this user: chown -R"
	case journal.CodeDiskFull:
		return "free space on its disk, or raise journal.max_bytes"
	}
	return "look at the disk (dmesg), then run doctor again"
}
