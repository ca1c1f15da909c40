package bench

import (
	"fmt"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Hit is one request that a site's web server answered.
type Hit struct {
	At     time.Time // when the answer was sent
	Took   time.Duration
	Status int
	Route  string // the last word of a route of the plugin's agents, Doorbell, Document, or the path
}

var (
	agentRoute = regexp.MustCompile(`^/aidoc/v1/(?:jobs/[0-9]+/)?([a-z]+)$`)
	bellFile   = regexp.MustCompile(`^/wp-content/uploads/.*bell.*\.txt$`)

	uploadedFile = regexp.MustCompile(`^/wp-content/uploads/[0-9]{4}/[0-9]{2}/`)
)

// Hits reads the access log that `up.sh --access-log` has nginx write, from its start.
func Hits(path string) ([]Hit, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var out []Hit
	for line := range strings.Lines(string(raw)) {
		h, err := parseHit(line)
		if err != nil {
			return nil, err
		}
		out = append(out, h)
	}
	slices.SortFunc(out, func(a, b Hit) int { return a.At.Compare(b.At) })
	return out, nil
}

func parseHit(line string) (Hit, error) {
	var at, took float64
	var h Hit
	var method, uri string
	if _, err := fmt.Sscan(line, &at, &took, &h.Status, &method, &uri); err != nil {
		return h, fmt.Errorf("read the access log: %w in %q", err, line)
	}
	h.At, h.Took = time.UnixMilli(int64(at*1000+0.5)), time.Duration(took*float64(time.Second))
	h.Route = routeOf(uri)
	if h.Status < 300 && uploadedFile.MatchString(h.Route) { // one that is not there is WordPress' to answer
		h.Route = Document
	}
	return h, nil
}

func routeOf(uri string) string {
	u, err := url.Parse(uri)
	if err != nil {
		return uri
	}
	route, pretty := strings.CutPrefix(u.Path, "/wp-json")
	if asked := u.Query().Get("rest_route"); !pretty && asked != "" {
		route = asked
	}
	if m := agentRoute.FindStringSubmatch(route); m != nil {
		return m[1]
	}
	if bellFile.MatchString(u.Path) {
		return Doorbell
	}
	return u.Path
}

// What the web server answers without PHP: the file by which a site says that there is work, and documents at their public addresses.
const (
	Doorbell = "doorbell"
	Document = "document"
)

// Static says that the request did not reach PHP.
func (h Hit) Static() bool { return h.Route == Doorbell || h.Route == Document }

// Between are the hits of an interval.
func Between(all []Hit, from, to time.Time) []Hit {
	var out []Hit
	for _, h := range all {
		if !h.At.Before(from) && h.At.Before(to) {
			out = append(out, h)
		}
	}
	return out
}

// Of are the hits that the condition holds for.
func Of(all []Hit, ok func(Hit) bool) []Hit {
	return slices.DeleteFunc(slices.Clone(all), func(h Hit) bool { return !ok(h) })
}

// Peak is the highest rate, per second, over any window of the given width.
func Peak(all []Hit, window time.Duration) float64 {
	most, from := 0, 0
	for to := range all {
		for all[to].At.Sub(all[from].At) >= window {
			from++
		}
		most = max(most, to-from+1)
	}
	return float64(most) / window.Seconds()
}
