package cli

import "strings"

// bellCaches are the caches that tell which they are, by the header that shows them, and how a folder is left out of each.
var bellCaches = []struct{ sign, cure string }{
	{"Cf-Cache-Status", "in Cloudflare a cache rule for URI paths that contain /aidoc-doorbell/: bypass cache"},
	{"X-Litespeed-Cache", "in LiteSpeed Cache, Excludes, Do Not Cache URIs: /aidoc-doorbell/"},
	{"X-Cache-Status", "in nginx: location ~ /aidoc-doorbell/ { proxy_cache off; … } with the proxy_pass of the site"},
	{"X-Proxy-Cache", "in nginx: location ~ /aidoc-doorbell/ { proxy_cache off; … } with the proxy_pass of the site"},
	{"X-Varnish-Cache", `in Varnish, vcl_recv: if (req.url ~ "/aidoc-doorbell/") { return (pass); }`},
	{"X-Cache", "in the CDN or Varnish before the site (X-Cache, Age are theirs) a rule that passes /aidoc-doorbell/ through"},
}

// cureOfBellCache says how the doorbell is left out of a cache that has shown by sign.
func cureOfBellCache(sign, url string) string {
	cure := "exempt " + url + " from the cache, or have it kept for a second at most"
	for _, c := range bellCaches {
		if strings.HasPrefix(sign, c.sign+":") {
			return cure + ": " + c.cure
		}
	}
	return cure
}
