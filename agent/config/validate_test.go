package config

import (
	"errors"
	"strings"
	"testing"
	"time"
)

// valid is a resolved configuration that Validate accepts.
func valid(t *testing.T) *Config {
	t.Helper()
	cfg, err := Load(Source{Environ: machine(t)})
	if err != nil {
		t.Fatal(err)
	}
	return cfg
}

func TestValidateNamesTheField(t *testing.T) {
	for _, c := range []struct{ set, field, says string }{
		{"agent.slots=65", "agent.slots", "use 0 to 64"},
		{"agent.slots=-1", "agent.slots", "use 0 to 64"},
		{"poll.min=10ms", "poll.min", "use 1s to 1h"},
		{"poll.max=1s", "poll.max", "use 2s to 1h"},
		{"extract.sandbox=maybe", "extract.sandbox", "use auto, require, off"},
		{"extract.max_bytes=0", "extract.max_bytes", "out of range"},
		{"extract.timeout=10s", "extract.timeout", "use 2m to"},
		{"extract.languages=../x", "extract.languages[0]", "write it like eng"},
		{"extract.vision.below=1.5", "extract.vision.below", "use 0 to 1"},
		{"extract.vision.max_pages=0", "extract.vision.max_pages", "use 1 to 200"},
		{"extract.vision.model=summary", "extract.vision.model", "the embedded summariser reads no pictures"},
		{"extract.vision.model=seer", "extract.vision.model", "none of models"},
		{"sites=[{url: 'https://a.example', vision: seer}]", "sites[0].vision", "use off for none"},
		{"summary.provider=opnai", "summary.provider", "use extractive, openai, anthropic"},
		{"summary.concurrency=129", "summary.concurrency", "use 0 to 128"},
		{"summary.profiles=[{length: huge}]", "summary.profiles[0].length", "short, normal, long"},
		{"summary.profiles=[{tone: pirate}]", "summary.profiles[0].tone", "neutral, plain, formal"},
		{"summary.profiles=[{types: [pdf]}]", "summary.profiles[0].types[0]", "application/pdf"},
		{"summary.profiles=[{site: 'ftp://a.example'}]", "summary.profiles[0].site", "https://www.example.org"},
		{"privacy.redact=email,names", "privacy.redact[1]", "use email, phone, iban, card, id"},
		{"privacy.patterns=[(", "privacy.patterns[0]", "no regular expression of Go"},
		{"privacy.patterns=x*", "privacy.patterns[0]", "matches the empty text"},
		{"privacy.trusted_hosts=10.0.0.0/33", "privacy.trusted_hosts[0]", "neither host, address nor network"},
		{"privacy.trusted_hosts=http://10.0.0.7:8000", "privacy.trusted_hosts[0]", "neither host, address nor network"},
		{"summary.over_cap=stop", "summary.over_cap", "use wait, extractive"},
		{"summary.max_usd_per_day=-1", "summary.max_usd_per_day", "use 0 to"},
		{"summary.max_tokens_per_month=-1", "summary.max_tokens_per_month", "use 0 to"},
		{"summary.usd_per_mtok_cached=1", "summary.usd_per_mtok_cached", "needs summary.usd_per_mtok_in"},
		{"summary.batch=sometimes", "summary.batch", "use false, true or backfill"},
		{"summary.batch=true", "summary.batch", "choose another summary.provider"},
		{"summary.batch_wait=13h", "summary.batch_wait", "use 1s to 12h"},
		{"summary.batch_give_up=2d", "summary.batch_give_up", "use 1h to 47h"},
		{"summary.unfounded=hide", "summary.unfounded", "use mark, drop"},
		{"tracing.endpoint=127.0.0.1:4318", "tracing.endpoint", "is no address of a collector"},
		{"tracing.endpoint=http://user:pass@127.0.0.1:4318", "tracing.endpoint", "has a user name"},
		{"tracing.endpoint=http://127.0.0.1:4317", "tracing.endpoint", "over gRPC"},
		{"tracing.endpoint=https://otlp.example.org/v1/metrics", "tracing.endpoint", "something else than traces"},
		{"tracing.headers=Api-Key", "tracing.headers[0]", "is no header"},
		{"tracing.sample=1.5", "tracing.sample", "out of range"},
		{"summary.headers=X-Team", "summary.headers[0]", "is no header"},
		{"store.kind=gcs", "store.kind", "use dir, s3"},
		{"store.layout=x", "store.layout", "{job_id}"},
		{"log.level=verbose", "log.level", "debug, info, warn, error"},
		{"log.format=xml", "log.format", "json, text"},
		{"metrics.listen=9464", "metrics.listen", "127.0.0.1:9464"},
		{"metrics.listen=:9464", "metrics.listen", "allow_remote"},
		{"metrics.listen=0.0.0.0:9464", "metrics.listen", "allow_remote"},
		{"journal.keep=1h", "journal.keep", "use 1d to"},
		{"store.keep=1d", "store.keep", "use 7d to"},
		{"journal.max_bytes=1MiB", "journal.max_bytes", "16MiB"},
		{"schedule.housekeeping=whenever", "schedule.housekeeping", "not a cron line"},
		{"schedule.housekeeping=TZ=0", "schedule.housekeeping", "give the time zone in tz"},
		{"schedule.tz=Europe/Berln", "schedule.tz", "Europe/Berlin"},
		{"schedule.windows=[{from: '25:00', to: '07:00'}]", "schedule.windows[0].from", "19:00"},
		{"schedule.windows=[{from: '19:00', to: '7'}]", "schedule.windows[0].to", "07:00"},
		{"schedule.windows=[{from: '19:00', to: '19:00'}]", "schedule.windows[0].to", "leave the window out"},
		{"schedule.windows=[{days: mo-fr, from: '19:00', to: '07:00'}]", "schedule.windows[0].days", "mon-fri"},
		{"schedule.windows=[{cron: '0 19 * * *'}]", "schedule.windows[0].duration", "how long"},
		{"schedule.windows=[{cron: '@every 1h', duration: 1h}]", "schedule.windows[0].cron", "five fields"},
		{"schedule.windows=[{cron: '0 19 * * *', duration: 1h, from: '19:00'}]", "schedule.windows[0].cron", "one way or the other"},
		{"schedule.windows=[{from: '19:00', to: '20:00', tz: Mars}]", "schedule.windows[0].tz", "not a time zone"},
		{"sites=[{url: 'http://a.example'}]", "sites[0].url", "insecure_http"},
		{"sites=[{url: 'ftp://a.example'}]", "sites[0].url", "https://www.example.org"},
		{"sites=[{url: 'https://u:p@a.example'}]", "sites[0].url", "leave it out"},
		{"sites=[{url: 'https://a.example'}, {url: 'https://A.example/'}]", "sites[1].url", "listed twice"},
		{"sites=[{url: 'https://a.example', allow_hosts: ['https://x']}]", "sites[0].allow_hosts[0]", "host name"},
		{"sites=[{url: 'https://a.example', s3: {endpoint: 'minio:9000'}}]", "sites[0].s3.endpoint", "https://minio.example.org:9000"},
		{"sites=[{url: 'https://a.example', s3: {access_key_id: a}}]", "sites[0].s3.access_key_id", "go together"},
		{"sumary.model=x", "sumary.model", "did you mean summary.model?"},
	} {
		_, err := Load(Source{Environ: machine(t), Set: []string{c.set}})
		var fe *FieldError
		if !errors.As(err, &fe) || fe.Field != c.field || !strings.Contains(fe.Message, c.says) {
			t.Errorf("%s:\n got %v\nwant %s: …%s…", c.set, err, c.field, c.says)
		}
		if err != nil && strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: more than one sentence: %v", c.set, err)
		}
	}
}

func TestValidateTogether(t *testing.T) {
	for name, c := range map[string]struct {
		set  []string
		says string // "" where it is fine
	}{
		"openai without a key":      {[]string{"summary.provider=openai", "summary.model=m"}, "OPENAI_API_KEY"},
		"anthropic without a key":   {[]string{"summary.provider=anthropic", "summary.model=m"}, "ANTHROPIC_API_KEY"},
		"openai without a model":    {[]string{"summary.provider=openai", "summary.api_key=k"}, "summary.model"},
		"own server without a key":  {[]string{"summary.provider=openai", "summary.model=m", "summary.base_url=http://127.0.0.1:1/v1"}, ""},
		"bad base url":              {[]string{"summary.provider=openai", "summary.model=m", "summary.base_url=localhost:11434"}, "summary.base_url"},
		"s3 without a bucket":       {[]string{"store.kind=s3"}, "store.s3.bucket"},
		"s3 with one key":           {[]string{"store.kind=s3", "store.s3.bucket=b", "store.s3.access_key_id=a"}, "go together"},
		"s3 with the chain":         {[]string{"store.kind=s3", "store.s3.bucket=b"}, ""},
		"s3 kms key without kms":    {[]string{"store.kind=s3", "store.s3.bucket=b", "store.s3.sse_kms_key_id=k"}, "aws:kms"},
		"s3 fields unused with dir": {[]string{"store.s3.sse=nonsense"}, ""},
		"http to this machine":      {[]string{"sites=[{url: 'http://127.0.0.1:8080'}]"}, ""},
		"http allowed":              {[]string{"sites=[{url: 'http://a.example', insecure_http: true}]"}, ""},
		"layout for two sites":      {[]string{"store.layout=p/{job_id}", "sites=[{url: 'https://a.example'}, {url: 'https://b.example'}]"}, "{site}"},
		"metrics for all, meant":    {[]string{"metrics.listen=:9464", "metrics.allow_remote=true"}, ""},
		"metrics on loopback":       {[]string{"metrics.listen=[::1]:9464"}, ""},
		"housekeeping off":          {[]string{"schedule.housekeeping=off"}, ""},
	} {
		_, err := Load(Source{Environ: machine(t), Set: c.set})
		switch {
		case c.says == "" && err != nil:
			t.Errorf("%s: %v", name, err)
		case c.says != "" && (err == nil || !strings.Contains(err.Error(), c.says)):
			t.Errorf("%s: %v does not say %s", name, err, c.says)
		}
	}
}

func TestValidateReportsAll(t *testing.T) {
	cfg := valid(t)
	cfg.Log.Level, cfg.Store.Kind, cfg.Agent.Slots = "x", "y", -1
	if n := strings.Count(cfg.Validate().Error(), "\n") + 1; n != 3 {
		t.Errorf("%d mistakes reported, want 3: %v", n, cfg.Validate())
	}
}

func TestCanonicalSiteAndSlug(t *testing.T) {
	for raw, want := range map[string]string{
		"https://www.Example.org/":        "https://www.example.org www.example.org",
		"HTTPS://a.example:443/":          "https://a.example a.example",
		"http://a.example:80/blog/":       "http://a.example/blog a.example-blog-",
		"http://127.0.0.1:8080":           "http://127.0.0.1:8080 127.0.0.1_8080",
		"https://a.example/Big/Path":      "https://a.example/Big/Path ",
		"https://xn--mnchen-3ya.example/": "https://xn--mnchen-3ya.example xn--mnchen-3ya.example",
	} {
		site, err := CanonicalSite(raw)
		if err != nil {
			t.Errorf("%s: %v", raw, err)
			continue
		}
		wantSite, wantSlug, _ := strings.Cut(want, " ")
		if site != wantSite || wantSlug != "" && !strings.HasPrefix(SiteSlug(site), wantSlug) {
			t.Errorf("%s: %s %s, want %s", raw, site, SiteSlug(site), want)
		}
	}
}

// Two sites never share a slug, and a slug is always one safe path segment.
func TestSlugsDoNotCollide(t *testing.T) {
	seen := map[string]string{}
	for _, site := range []string{
		"https://a.example", "https://a.example/b", "https://a.example/b/c", "https://a.example/b-c", "https://a.example-b",
		"https://a.example:8080", "https://a.example/8080", "https://a.example_8080", "https://a.example/B", "https://a.example/%2e%2e/x",
		"https://a.example/..", "https://[::1]:8080", "https://../x", "https://a.example/" + strings.Repeat("x", 300), "https://a.example/" + strings.Repeat("x", 301),
	} {
		slug := SiteSlug(site)
		if other, ok := seen[slug]; ok {
			t.Errorf("%s and %s share %s", site, other, slug)
		}
		seen[slug] = site
		if strings.ContainsAny(slug, "/\\ \x00") || strings.HasPrefix(slug, ".") || len(slug) > 200 || slug == "" {
			t.Errorf("%s: %q is not a safe name", site, slug)
		}
	}
}

func TestUnits(t *testing.T) {
	for text, want := range map[string]ByteSize{"0": 0, "4096": 4096, "100MiB": 100 << 20, "100 mb": 100e6, "1.5GiB": 3 << 29, "2k": 2048, "7b": 7} {
		if got, err := ParseByteSize(text); err != nil || got != want {
			t.Errorf("%s: %d, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "-1", "MiB", "1e3", "0x10", "inf", "nan", "1PiB", "9999999999TiB", "1 MiB extra"} {
		if got, err := ParseByteSize(text); err == nil {
			t.Errorf("%q was read as %d", text, got)
		}
	}
	for text, want := range map[string]string{"30s": "30s", "90s": "1m30s", "60m": "1h", "24h": "1d", "30d": "30d", "0": "0s", "1h0m5s": "1h0m5s"} {
		if got, err := ParseDuration(text); err != nil || got.String() != want {
			t.Errorf("%s: %s, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "30", "-1s", "1.5d", "soon", "99999d"} {
		if got, err := ParseDuration(text); err == nil {
			t.Errorf("%q was read as %s", text, got)
		}
	}
	for _, b := range []ByteSize{0, 1, 1023, 1 << 10, 100 << 20, 100e6, 3 << 40} {
		if got, err := ParseByteSize(b.String()); err != nil || got != b {
			t.Errorf("%d prints as %s and reads as %d", b, b, got)
		}
	}
}

func TestS3ClassTagsAndChecksum(t *testing.T) {
	for _, c := range []struct{ endpoint, field, value, says string }{
		{"", "storage_class", "STANDARD_IA", ""},
		{"", "storage_class", "GLACIER", "GLACIER_IR"},
		{"https://s3.example.org", "storage_class", "DEEP_ARCHIVE", "lifecycle rule"},
		{"", "storage_class", "standard_ia", "no class of AWS"},
		{"https://s3.example.org", "storage_class", "cold-hdd", ""},
		{"https://s3.example.org", "storage_class", "a b", "no name of a class"},
		{"", "tags", "project=aidoc,team=Presse & Co", "does not take in a tag"},
		{"", "tags", "project=aidoc,team=Presse/Köln a+b", ""},
		{"", "tags", "project", "write it like"},
		{"", "tags", "a=1,a=2", "twice"},
		{"", "tags", "aws:a=1", "keeps to itself"},
		{"", "tags", "a=" + strings.Repeat("x", 257), "too long"},
		{"", "tags", "a=,b=,c=,d=,e=,f=,g=,h=,i=,j=,k=", "has 11 tags"},
		{"", "checksum", "md5", "store.s3.checksum"},
		{"", "checksum", "sha256", ""},
	} {
		cfg := Default()
		cfg.Store.Kind, cfg.Store.S3.Bucket, cfg.Store.S3.Endpoint = StoreS3, "b", c.endpoint
		if err := cfg.Set("store.s3."+c.field, c.value); err != nil {
			t.Fatal(err)
		}
		k := &checks{}
		cfg.checkStore(k)
		got := ""
		if err := errors.Join(k.errs...); err != nil {
			got = err.Error()
		}
		if (got == "") != (c.says == "") || !strings.Contains(got, c.says) {
			t.Errorf("%s %q: %q, want %q", c.field, c.value, got, c.says)
		}
	}
}

func TestChecksumsAreForServersThatTakeThem(t *testing.T) {
	for _, c := range []struct{ endpoint, checksum, want string }{
		{"", ChecksumAuto, ChecksumCRC32C}, {"https://s3.example.org", ChecksumAuto, ChecksumNone},
		{"https://s3.example.org", ChecksumSHA256, ChecksumSHA256}, {"", ChecksumNone, ChecksumNone},
	} {
		if got := (S3Store{Endpoint: c.endpoint, Checksum: c.checksum}).ChecksumToUse(); got != c.want {
			t.Errorf("%+v: %s", c, got)
		}
	}
}

func TestKeepNeedsHousekeeping(t *testing.T) {
	cfg := Default()
	cfg.Store.Keep, cfg.Schedule.Housekeeping = Duration(30*24*time.Hour), "off"
	k := &checks{}
	cfg.checkStore(k)
	if err := errors.Join(k.errs...); err == nil || !strings.Contains(err.Error(), "schedule.housekeeping") {
		t.Error(err)
	}
}
