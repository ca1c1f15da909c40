package wptest

import (
	"cmp"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
)

// Site is one fake WordPress site. All methods are safe for concurrent use.
type Site struct {
	server *httptest.Server
	path   string                 // "" or "/blog"
	plain  bool                   // no pretty permalinks
	home   atomic.Pointer[string] // nil for the server's own address

	mu         sync.Mutex
	changed    chan struct{} // closed and replaced at every change: what Await waits on
	keys       map[string]*agentKey
	tokens     map[string]*token
	nonces     map[string]bool
	jobs       map[int64]*job
	requests   map[string][]int64 // request_id → job ids given
	records    []Record
	firstKey   string
	seed       []byte // of the key that signs answers to public keys
	demanding  bool   // public keys are demanded
	nextID     int64
	directive  wpclient.Directive
	orderedAt  time.Time               // when the directive was given
	stops      []wpclient.LeaseRequest // the final reports of processes that were asked to stop
	rotate     bool
	inactive   bool
	offset     time.Duration
	ttl, beat  time.Duration
	nextPoll   time.Duration
	budget     *wpclient.Budget
	maxAway    int64              // the longest wait of a release in seconds; 0: this site knows none
	erasures   []wpclient.Erasure // still to be told
	erased     []int64            // acknowledged
	old        bool               // it does not know LeaseRequest.Only and Capabilities.Summariser
	bell       bool
	public     func(w http.ResponseWriter, r *http.Request, document []byte) // nil: no lease names a public address
	version    string                                                        // of the plugin; "": 1.0.0
	able       wpclient.Capabilities
	bellCount  int
	restRoot   string // what answers say, "" for the truth
	fault      func(*http.Request) Fault
	entryFault func(i int) bool // of a batch of results
	rewrite    func(route string, body []byte) []byte
}

type agentKey struct {
	id      int64
	secret  []byte
	public  []byte // in place of the secret
	revoked bool
	old     string // the key this one replaces at its first use
}

type token struct {
	secret  []byte
	used    bool
	expires time.Time
}

// Record is one request to an agent route.
type Record struct {
	Method, Route, KeyID string
	Status               int
	Code                 string // of a refusal
	Fault                FaultKind
	At                   time.Time
}

// Option changes how a site is set up.
type Option func(*Site)

// WithoutOnly makes a site of an older version, which cannot be asked for documents that are local only alone.
func WithoutOnly() Option { return func(s *Site) { s.old = true } }

// Subdirectory puts the site into a folder, "/blog".
func Subdirectory(path string) Option { return func(s *Site) { s.path = path } }

// PlainPermalinks leaves only ?rest_route=.
func PlainPermalinks() Option { return func(s *Site) { s.plain = true } }

// Doorbell makes lease answers name a doorbell.
func Doorbell() Option { return func(s *Site) { s.bell = true } }

// BellURL is where the doorbell is.
func (s *Site) BellURL() string { return s.URL() + bellPath }

// Able is what an agent said last that it can do.
func (s *Site) Able() wpclient.Capabilities {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.able
}

// BecomeOlder is a downgrade of the plugin: see WithoutOnly.
func (s *Site) BecomeOlder() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.old = true
}

// New starts a site with one agent key. It stops with the test.
func New(t testing.TB, opts ...Option) *Site {
	t.Helper()
	s := Start(opts...)
	t.Cleanup(s.Close)
	return s
}

// Start is New without a test, for measurements. Close it.
func Start(opts ...Option) *Site {
	s := &Site{
		changed: make(chan struct{}), keys: map[string]*agentKey{}, tokens: map[string]*token{}, nonces: map[string]bool{},
		jobs: map[int64]*job{}, requests: map[string][]int64{}, nextID: 100,
		directive: wpclient.DirectiveRun, ttl: 120 * time.Second, beat: 30 * time.Second, nextPoll: 2 * time.Second,
	}
	for _, o := range opts {
		o(s)
	}
	s.seed = random(32)
	s.firstKey = s.NewKey().KeyID
	s.server = httptest.NewServer(http.HandlerFunc(s.serve))
	return s
}

// Close stops the server.
func (s *Site) Close() { s.server.Close() }

// URL is the site's address.
func (s *Site) URL() string {
	if home := s.home.Load(); home != nil {
		return *home
	}
	return s.server.URL + s.path
}

// Site is what Discover would find out.
func (s *Site) Site() wpclient.Site {
	root := s.URL() + "/wp-json/"
	if s.plain {
		root = s.URL() + "/?rest_route=/"
	}
	return wpclient.Site{Home: s.URL(), RESTRoot: root, PlainPermalinks: s.plain, Name: siteName}
}

// Client returns a client with the site's first key.
func (s *Site) Client(opt wpclient.Options) *wpclient.Client {
	return wpclient.New(s.Site(), s.Key(), opt)
}

// Key is the agent key that New made.
func (s *Site) Key() wpclient.Key {
	s.mu.Lock()
	defer s.mu.Unlock()
	return wpclient.Key{KeyID: s.firstKey, Secret: append([]byte(nil), s.keys[s.firstKey].secret...)}
}

// NewToken makes a one-time join token, valid for 15 minutes.
func (s *Site) NewToken() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	id, secret := "jt_"+hex.EncodeToString(random(12)), random(32)
	s.tokens[id] = &token{secret: secret, expires: time.Now().Add(15 * time.Minute)}
	return "aidoc1." + id + "." + base64.RawURLEncoding.EncodeToString(secret)
}

// ExpireTokens makes all join tokens too old.
func (s *Site) ExpireTokens() {
	s.change(func() {
		for _, t := range s.tokens {
			t.expires = time.Time{}
		}
	})
}

// SetDirective is an admin's order to every agent of the site.
func (s *Site) SetDirective(d wpclient.Directive) {
	s.change(func() { s.directive, s.orderedAt = d, time.Now() })
}

// Directive is the order that stands.
func (s *Site) Directive() wpclient.Directive {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.directive
}

// Stops returns what processes said last that were asked to stop.
func (s *Site) Stops() []wpclient.LeaseRequest {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]wpclient.LeaseRequest(nil), s.stops...)
}

// told is the directive for one process: a stop is for those that ran when it was given, and is over once a later one asks.
func (s *Site) told(info wpclient.AgentInfo) wpclient.Directive {
	started := time.Now().Add(-time.Duration(info.UptimeMS) * time.Millisecond)
	if s.directive == wpclient.DirectiveStop && info.UptimeMS > 0 && started.After(s.orderedAt) {
		s.directive = wpclient.DirectiveRun
	}
	return s.directive
}

// SetMaxRetryAfter makes leases say for how long they can be given back.
func (s *Site) SetMaxRetryAfter(seconds int64) { s.change(func() { s.maxAway = seconds }) }

// SetBudget sends b with every lease from now on; nil is a site that knows none of the fields about money.
func (s *Site) SetBudget(b *wpclient.Budget) { s.change(func() { s.budget = b }) }

// SetTiming sets what leases say; zero values leave the default.
func (s *Site) SetTiming(ttl, beat, nextPoll time.Duration) {
	s.change(func() {
		s.ttl, s.beat, s.nextPoll = or(ttl, s.ttl), or(beat, s.beat), or(nextPoll, s.nextPoll)
	})
}

// SetClockOffset moves the site's clock.
func (s *Site) SetClockOffset(d time.Duration) { s.change(func() { s.offset = d }) }

// SetRESTRoot makes the site's signed answers name another REST root than its own.
func (s *Site) SetRESTRoot(said string) { s.change(func() { s.restRoot = said }) }

// Rewrite changes answers before they are signed: a site that is broken, or in somebody else's hands. nil ends it.
func (s *Site) Rewrite(f func(route string, body []byte) []byte) { s.change(func() { s.rewrite = f }) }

// SetHome makes the site live at another address: a test's own server in front of it.
func (s *Site) SetHome(url string) { s.home.Store(&url) }

// ServeHTTP answers as the site's own server does.
func (s *Site) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.serve(w, r) }

// SetPluginVersion changes what the site says of its plugin.
func (s *Site) SetPluginVersion(v string) { s.change(func() { s.version = v }) }

func (s *Site) pluginVersion() string { return cmp.Or(s.version, "1.0.0") }

func (s *Site) saidRoot() string {
	if s.restRoot != "" {
		return s.restRoot
	}
	return s.Site().RESTRoot
}

// SetPluginActive takes the plugin's namespace and routes away, or brings them back.
func (s *Site) SetPluginActive(active bool) { s.change(func() { s.inactive = !active }) }

// AskForRotation sets rotate_key in lease answers until a rotation happens.
func (s *Site) AskForRotation() { s.change(func() { s.rotate = true }) }

// Revoke revokes a key and puts the leases of its agent back.
func (s *Site) Revoke(keyID string) {
	s.change(func() {
		s.keys[keyID].revoked = true
		for _, j := range s.jobs {
			if j.State == Leased && j.agent == s.keys[keyID].id {
				j.putBack()
			}
		}
	})
}

// Forget removes a key as if it never was: the site cannot even sign its refusal.
func (s *Site) Forget(keyID string) { s.change(func() { delete(s.keys, keyID) }) }

// Requests returns what agent routes were asked, oldest first.
func (s *Site) Requests() []Record {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Record(nil), s.records...)
}

func (s *Site) change(f func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f()
	s.notify()
}

func (s *Site) notify() {
	close(s.changed)
	s.changed = make(chan struct{})
}

func (s *Site) now() time.Time { return time.Now().Add(s.offset) }

func random(n int) []byte {
	b := make([]byte, n)
	rand.Read(b)
	return b
}

func or(d, fallback time.Duration) time.Duration {
	if d == 0 {
		return fallback
	}
	return d
}
