package config

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

// machine is an environment with a home in a temporary folder.
func machine(t *testing.T, more ...string) []string {
	t.Helper()
	return append([]string{"HOME=" + t.TempDir()}, more...)
}

func writeFile(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "agent.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestLoadOrder(t *testing.T) {
	path := writeFile(t, "agent:\n  slots: 3\n  name: file\npoll:\n  max: 40s\nsummary:\n  concurrency: 2\n")
	cfg, err := Load(Source{Path: path,
		Environ: machine(t, "AIDOC_AGENT_SLOTS=4", "AIDOC_SUMMARY_CONCURRENCY=5"),
		Set:     []string{"agent.slots=6"}})
	if err != nil {
		t.Fatal(err)
	}
	got := words(cfg.Agent.Slots, cfg.Summary.Concurrency, cfg.Agent.Name, cfg.Poll.Max, cfg.Poll.Min, cfg.Path == path)
	if want := "6 5 file 40s 2s true"; got != want {
		t.Errorf("flags over environment over file over defaults: got %s, want %s", got, want)
	}
}

func TestLoadWithNothing(t *testing.T) {
	env := machine(t)
	home := strings.TrimPrefix(env[0], "HOME=")
	cfg, err := Load(Source{Environ: env})
	if err != nil {
		t.Fatal(err)
	}
	state := filepath.Join(home, ".local", "state", "aidoc-agent")
	if cfg.DataDir != state || cfg.Store.Dir.Path != state+"/store" || cfg.JournalPath() != state+"/journal.db" {
		t.Errorf("folders: %s, %s, %s", cfg.DataDir, cfg.Store.Dir.Path, cfg.JournalPath())
	}
	if cfg.Agent.Slots != 0 || cfg.Extract.Workers < 1 || cfg.Agent.Name == "" {
		t.Errorf("not filled from the machine: %+v %+v", cfg.Agent, cfg.Extract)
	}
	if _, err := os.Stat(home + "/.local"); err == nil {
		t.Error("reading the configuration made folders")
	}
}

func TestDataDir(t *testing.T) {
	for _, c := range []struct {
		name, want string
		env        []string
	}{
		{"systemd", "/var/lib/aidoc-agent", []string{"STATE_DIRECTORY=/var/lib/aidoc-agent:/var/lib/b", "XDG_STATE_HOME=/x", "HOME=/h"}},
		{"xdg", "/x/aidoc-agent", []string{"XDG_STATE_HOME=/x", "HOME=/h"}},
		{"relative xdg is ignored", "/h/.local/state/aidoc-agent", []string{"XDG_STATE_HOME=x", "HOME=/h"}},
		{"said", "/d", []string{"STATE_DIRECTORY=/s", "AIDOC_DATA_DIR=/d"}},
	} {
		cfg, err := Load(Source{Environ: c.env})
		if err != nil || cfg.DataDir != c.want {
			t.Errorf("%s: %v, %v; want %s", c.name, cfg, err, c.want)
		}
	}
	if _, err := Load(Source{}); err == nil || !strings.Contains(err.Error(), "data_dir") {
		t.Errorf("no home folder: %v", err)
	}
}

// Each mistake gives one sentence with the line, the field and what to do.
func TestParseRefuses(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"unknown field":         {"poll:\n  mni: 2s\n", "f:2: poll.mni: is not a field of the configuration: did you mean min?"},
		"unknown group":         {"log:\n  level: info\nsumary: {}\n", "f:3: sumary: is not a field of the configuration: did you mean summary?"},
		"unknown, nothing near": {"xyzzyplugh: 1\n", "f:1: xyzzyplugh: is not a field of the configuration"},
		"in a list":             {"sites:\n  - url: https://a.example\n    key_fiel: x\n", "f:3: sites[0].key_fiel: is not a field of the configuration: did you mean key_file?"},
		"twice":                 {"log:\n  level: info\n  level: warn\n", "level"},
		"no unit":               {"poll:\n  min: 2\n", "f:2: poll.min: \"2\" has no unit: write 2s for seconds, 2m for minutes"},
		"size":                  {"extract:\n  max_bytes: lots\n", "f:2: extract.max_bytes: \"lots\" is not a size: write it like 100MiB, 1.5GB or 4096"},
		"number":                {"agent:\n  slots: many\n", "f:2: agent.slots: \"many\" is not a whole number"},
		"bool":                  {"poll:\n  doorbell: maybe\n", "f:2: poll.doorbell: \"maybe\" is neither true nor false"},
		"value for group":       {"poll: 2s\n", "f:1: poll: has fields of its own: indent them below it"},
		"group for value":       {"poll:\n  min:\n    a: 1\n", "takes one value, not a list or a group"},
		"value for list":        {"extract:\n  languages: eng\n", "f:2: extract.languages: is a list: write one item a line, each after a dash"},
		"syntax":                {"poll:\n  min: [2s\n", "f:2: is not valid YAML"},
		"two documents":         {"log:\n  level: info\n---\nlog:\n  level: warn\n", "more than one YAML document"},
		"a list as the file":    {"- a\n- b\n", "f:1"},
	} {
		err := Default().Parse("f", []byte(c.text))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s:\n got %v\nwant %s", name, err, c.want)
		}
	}
}

func TestParseReportsAllMistakes(t *testing.T) {
	err := Default().Parse("f", []byte("a: 1\npoll:\n  min: x\nb: 2\n"))
	if n := strings.Count(fmt.Sprint(err), "\n") + 1; n != 3 {
		t.Errorf("%d mistakes reported, want 3:\n%v", n, err)
	}
}

func TestParseNeverQuotesSecrets(t *testing.T) {
	for _, text := range []string{
		"summary:\n  api_key: sk-verysecret\n  mdoel: x\n",
		"summary:\n  api_key: \"sk-verysecret\n",
		"summary:\n  api_key: sk-verysecret\n  api_key: sk-verysecret\n",
		"summary:\n  api_key: {sk-verysecret: 1}\n",
		"summary:\n  api_key: sk-verysecret\n bad indent\n",
	} {
		err := Default().Parse("f", []byte(text))
		if err == nil || strings.Contains(err.Error(), "verysecret") {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestParseTakes(t *testing.T) {
	cfg := Default()
	if err := cfg.Parse("f", []byte("extract:\n  languages: [eng, 'deu', \"chi_sim\"]\n  max_bytes: 52428800\nsummary:\nlog:\n  level: ~\nagent:\n  name: 12345\n")); err != nil {
		t.Fatal(err)
	}
	got := words(cfg.Extract.Languages, cfg.Extract.MaxBytes, cfg.Log.Level, cfg.Agent.Name, cfg.Summary.Concurrency)
	if want := "[eng deu chi_sim] 50MiB info 12345 0"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if err := Default().Parse("f", nil); err != nil {
		t.Errorf("an empty file: %v", err)
	}
}

func TestEnvironment(t *testing.T) {
	cfg, err := Load(Source{Environ: machine(t,
		"AIDOC_EXTRACT_LANGUAGES=eng, deu",
		"AIDOC_SITES=[{url: https://A.example:443/, allow_hosts: [cdn.example]}]",
		"AIDOC_STORE_S3_PATH_STYLE=1",
		"AIDOC_AGENT_SLOT=3", "AIDOC_TEST_S3_ENDPOINT=x", "AIDOC_CONFIG=")})
	if err != nil {
		t.Fatal(err)
	}
	got := words(cfg.Extract.Languages, cfg.Sites[0].URL, cfg.Sites[0].AllowHosts, cfg.Store.S3.PathStyle)
	if want := "[eng deu] https://a.example [cdn.example] true"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if want := []Warning{{"the variable AIDOC_AGENT_SLOT sets nothing", "did you mean AIDOC_AGENT_SLOTS? Set that, and unset AIDOC_AGENT_SLOT"}}; !slices.Equal(cfg.Warnings, want) {
		t.Errorf("warnings: %v", cfg.Warnings)
	}
	_, err = Load(Source{Environ: machine(t, "AIDOC_POLL_MIN=soon")})
	if err == nil || !strings.Contains(err.Error(), "AIDOC_POLL_MIN") || !strings.Contains(err.Error(), "poll.min") {
		t.Errorf("a bad variable: %v", err)
	}
}

func TestTheVariableThatWasMeantIsNamed(t *testing.T) {
	for name, want := range map[string]string{
		"AIDOC_SUMMARY_APIKEY": "AIDOC_SUMMARY_API_KEY", "AIDOC_SUMMARY_API_KEY_": "AIDOC_SUMMARY_API_KEY", "AIDOC_API_KEY": "AIDOC_SUMMARY_API_KEY",
		"AIDOC_OPENAI_API_KEY": "AIDOC_SUMMARY_API_KEY", "AIDOC_LANGUAGES": "AIDOC_EXTRACT_LANGUAGES", "AIDOC_S3_BUCKET": "AIDOC_STORE_S3_BUCKET",
		"AIDOC_SLOTS": "AIDOC_AGENT_SLOTS", "AIDOC_DATADIR": "AIDOC_DATA_DIR", "AIDOC_TRACE_ENDPOINT": "AIDOC_TRACING_ENDPOINT", "AIDOC_ENTIRELY_ELSE": "",
	} {
		cfg, err := Load(Source{Environ: machine(t, name+"=1")})
		if err != nil || len(cfg.Warnings) != 1 {
			t.Errorf("%s: %v, %v", name, cfg, err)
			continue
		}
		cure := cfg.Warnings[0].Cure
		if near := "did you mean " + want + "?"; want != "" && !strings.Contains(cure, near) || want == "" && !strings.Contains(cure, "unset "+name) {
			t.Errorf("%s: %s", name, cure)
		}
	}
}

func TestUsualNames(t *testing.T) {
	env := []string{"OPENAI_API_KEY=sk-o", "ANTHROPIC_API_KEY=sk-a", "OPENAI_BASE_URL=http://o/v1"}
	for _, c := range []struct {
		provider, key, url string
		set                []string
	}{
		{"openai", "sk-o", "http://o/v1", nil},
		{"anthropic", "sk-a", "", nil},
		{"extractive", "", "", nil},
		{"openai", "mine", "http://mine/v1", []string{"summary.api_key=mine", "summary.base_url=http://mine/v1"}},
	} {
		cfg, err := Load(Source{Environ: machine(t, env...), Set: append(c.set, "summary.provider="+c.provider, "summary.model=m")})
		if err != nil {
			t.Fatal(err)
		}
		if cfg.Summary.APIKey.Reveal() != c.key || cfg.Summary.BaseURL != c.url {
			t.Errorf("%s: %s %s", c.provider, cfg.Summary.APIKey.Reveal(), cfg.Summary.BaseURL)
		}
	}
}

func TestSecretFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(file, []byte("sk-file\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	base := []string{"summary.provider=openai", "summary.model=m", "summary.api_key_file=" + file}
	cfg, err := Load(Source{Environ: machine(t, "OPENAI_API_KEY=sk-ambient"), Set: base})
	if err != nil || cfg.Summary.APIKey.Reveal() != "sk-file" {
		t.Fatalf("%v, %v", cfg, err)
	}
	for want, set := range map[string]string{
		"keep one of the two": "summary.api_key=x",
		"there is no file":    "summary.api_key_file=/nonexistent/key",
		"not a small regular": "summary.api_key_file=/dev/zero",
	} {
		_, err := Load(Source{Environ: machine(t), Set: append(base, set)})
		var fe *FieldError
		if !errors.As(err, &fe) || fe.Field != "summary.api_key_file" || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", set, err)
		}
	}
}

func TestFileMistakes(t *testing.T) {
	_, err := Load(Source{Path: "/nonexistent/agent.yaml", Environ: machine(t)})
	if err == nil || !strings.Contains(err.Error(), "there is no configuration file /nonexistent/agent.yaml") {
		t.Errorf("missing file: %v", err)
	}
	path := writeFile(t, "summary:\n  api_key: sk-x\n")
	if err := os.Chmod(path, 0o644); err != nil {
		t.Fatal(err)
	}
	cfg, err := Load(Source{Path: path, Environ: machine(t)})
	if err != nil || len(cfg.Warnings) != 1 || !strings.Contains(cfg.Warnings[0].Cure, "chmod 600") {
		t.Errorf("a readable secret: %v, %v", cfg.Warnings, err)
	}
}

func TestSecretNeverPrints(t *testing.T) {
	cfg := Default()
	cfg.Summary.APIKey = "sk-verysecret"
	cfg.Store.S3.SecretAccessKey = "verysecret2"
	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "key", cfg.Summary.APIKey, "cfg", cfg)
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "key", cfg.Summary.APIKey, "cfg", cfg)
	asJSON, err := json.Marshal(cfg)
	if err != nil {
		t.Fatal(err)
	}
	asYAML, err := yaml.Marshal(cfg)
	if err != nil {
		t.Fatal(err)
	}
	all := fmt.Sprintf("%v %+v %#v %s %q %x", cfg, cfg, cfg, cfg.Summary.APIKey, cfg.Summary.APIKey, cfg.Summary.APIKey) +
		string(asJSON) + string(asYAML) + log.String() + fmt.Sprint(cfg.Summary, &cfg.Summary.APIKey)
	if strings.Contains(all, "verysecret") || strings.Contains(all, fmt.Sprintf("%x", "sk-verysecret")) {
		t.Error("a secret was printed:", all)
	}
	if !strings.Contains(string(asYAML), redacted) || !strings.Contains(string(asJSON), redacted) {
		t.Errorf("not redacted:\n%s\n%s", asYAML, asJSON)
	}
}

func words(values ...any) string { return strings.TrimSpace(fmt.Sprintln(values...)) }

func TestDocumentsAreReadWithTheStoresSettingsUnlessTheSiteHasItsOwn(t *testing.T) {
	store := []string{"store.kind=s3", "store.s3.bucket=b", "store.s3.endpoint=https://minio.example.org", "store.s3.path_style=true", "store.s3.access_key_id=a", "store.s3.secret_access_key=k"}
	c, err := Load(Source{Environ: machine(t), Set: append(store, "sites=[{url: 'https://a.example'}, {url: 'https://b.example', s3: {region: eu-west-3}}]")})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := c.Sites[0].S3, (S3Source{Endpoint: "https://minio.example.org", PathStyle: true, AccessKeyID: "a", SecretAccessKey: "k"}); got != want {
		t.Errorf("%+v", got)
	}
	if got, want := c.Sites[1].S3, (S3Source{Region: "eu-west-3"}); got != want {
		t.Errorf("%+v", got)
	}
}
