package cli

import (
	"bytes"
	"fmt"
	"image"
	"image/draw"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	xfixed "golang.org/x/image/math/fixed"

	"github.com/aidoc-pipeline/aidoc-agent/agent"
	"github.com/aidoc-pipeline/aidoc-agent/llm/llmtest"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient/wptest"
)

// configured is a running agent with a configuration file that tests rewrite.
type configured struct {
	*running
	conf string
}

func startConfigured(t *testing.T, dir, text string) *configured {
	t.Helper()
	c := &configured{conf: filepath.Join(t.TempDir(), "agent.yaml")}
	c.write(t, text)
	c.running = start(t, dir, "--config", c.conf)
	c.await("site is ready", nil)
	return c
}

func (c *configured) write(t *testing.T, text string) {
	t.Helper()
	if err := os.WriteFile(c.conf, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// reload rewrites the configuration and waits until the agent has spoken about it.
func (c *configured) reload(t *testing.T, text string) agent.Reload {
	t.Helper()
	before := c.lastReload()
	if text != "" {
		c.write(t, text)
	}
	c.hangUp()
	c.until("the agent has read its configuration", func() bool { return c.lastReload().At.After(before.At) })
	return c.lastReload()
}

func (c *configured) lastReload() agent.Reload {
	if r := c.status().Reload; r != nil {
		return *r
	}
	return agent.Reload{}
}

// until asks the agent again and again; each question waits for its answer.
func (c *configured) until(what string, ok func() bool) {
	c.t.Helper()
	for end := time.Now().Add(30 * time.Second); !ok(); {
		if time.Now().After(end) {
			c.t.Fatalf("waited in vain until %s: %+v", what, c.status())
		}
	}
}

// A model's key is replaced while a document is in work: it is summarised to its end with the key it began with, the next one with the new key.
// Then the site gets another model.
func TestAReloadTakesOtherKeysAndModels(t *testing.T) {
	t.Parallel()
	hold := make(chan struct{})
	var held atomic.Bool
	model := llmtest.NewServer(func(n int, c llmtest.Call) llmtest.Reply {
		if strings.Contains(c.User, "Held document") && held.CompareAndSwap(false, true) {
			return llmtest.Reply{Hold: hold}
		}
		return llmtest.Reply{}
	})
	t.Cleanup(model.Close)
	site := wptest.New(t)
	key := filepath.Join(t.TempDir(), "key")
	use := func(k string) {
		if err := os.WriteFile(key, []byte(k), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	use("sk-first")
	conf := func(model2 string) string {
		return fmt.Sprintf("models: [{name: own, provider: openai, model: m, base_url: %q, api_key_file: %q}]\nsites: [{url: %q, model: %s}]\n", model.OpenAIURL(), key, site.URL(), model2)
	}
	c := startConfigured(t, joined(t, site), conf("own"))
	first := site.AddJob("a.txt", "text/plain", []byte("Held document. "+text))
	c.await("leased", nil)
	c.until("the model is asked", func() bool {
		return slices.ContainsFunc(c.status().Sites[0].Held, func(h agent.HeldStatus) bool { return h.Phase == "summarise" }) && model.Peak() == 1
	})
	use("sk-second")
	if got := c.reload(t, ""); got.Error != "" || len(got.Later) > 0 {
		t.Fatalf("%+v", got)
	}
	second := site.AddJob("b.txt", "text/plain", []byte("Another document. "+text))
	if got := done(t, site, second); got.Result.Provider != "openai" {
		t.Errorf("summarised by %s", got.Result.Provider)
	}
	close(hold)
	if got := done(t, site, first); got.Epoch != 1 || got.Releases != 0 || got.Result.Provider != "openai" {
		t.Errorf("the lease was dropped: %+v", got)
	}
	keys := map[bool]string{}
	for _, call := range model.Calls() {
		keys[strings.Contains(call.User, "Held document")] += call.Key + " "
	}
	if !strings.Contains(keys[true], "sk-first") || strings.Contains(keys[true], "sk-second") || !strings.Contains(keys[false], "sk-second") || strings.Contains(keys[false], "sk-first") {
		t.Errorf("keys of the held document: %s; of the other: %s", keys[true], keys[false])
	}
	c.reload(t, conf("extractive"))
	if got := done(t, site, site.AddJob("c.txt", "text/plain", []byte("A third one. "+text))); got.Result.Provider != "extractive" {
		t.Errorf("summarised by %s", got.Result.Provider)
	}
}

// The cap of a site is lowered while its documents run: they go on, and fewer are leased from then on.
func TestAReloadLowersTheCapOfASite(t *testing.T) {
	t.Parallel()
	gate := make(chan struct{})
	model := llmtest.NewServer(func(int, llmtest.Call) llmtest.Reply { return llmtest.Reply{Hold: gate} })
	t.Cleanup(model.Close)
	t.Cleanup(func() { close(gate) })
	site := wptest.New(t)
	conf := func(most int) string {
		return fmt.Sprintf("summary: {provider: openai, model: m, base_url: %q}\nsites: [{url: %q, max_documents: %d, labels: [intranet]}]\n", model.OpenAIURL(), site.URL(), most)
	}
	var ids []int64
	for n := range 4 {
		ids = append(ids, site.AddJob("d.txt", "text/plain", fmt.Appendf(nil, "Document %d. %s", n, text)))
	}
	c := startConfigured(t, joined(t, site), conf(2))
	inWork := func() int { return len(c.status().Sites[0].Held) }
	c.until("two documents are in work", func() bool { return inWork() == 2 && model.Peak() == 2 })
	if _, out, _ := cmd(t, c.dir, "status", "--once"); !strings.Contains(out, "2 of at most 2 documents in work; labels intranet") {
		t.Errorf("status says\n%s", out)
	}
	c.reload(t, conf(1))
	if inWork() != 2 {
		t.Error("a document was dropped")
	}
	finished := func() (n int) {
		for _, id := range ids {
			if site.Job(id).State == wptest.Done {
				n++
			}
		}
		return n
	}
	for n := range ids {
		gate <- struct{}{}
		c.until("a document is done", func() bool { return finished() > n })
		c.until("what is in work is within the cap", func() bool { return inWork() <= 1 })
		if n < len(ids)-1 {
			c.until("the next one is in work", func() bool {
				if inWork() > 1 {
					t.Fatal("more than one document in work under a cap of one")
				}
				return inWork() == 1
			})
		}
	}
	for _, id := range ids {
		if got := site.Job(id); got.Epoch != 1 || got.Releases != 0 {
			t.Errorf("a lease was given back: %+v", got)
		}
	}
}

// What is wrong is found before anything changes, and the status says it. What only a new process takes is named.
func TestAReloadChangesAllOrNothing(t *testing.T) {
	t.Parallel()
	site := wptest.New(t)
	own := func(more string) string { return fmt.Sprintf("sites: [{url: %q%s}]\n", site.URL(), more) }
	never := `, tz: UTC, windows: [{cron: "0 0 1 1 *", duration: 1m}]`
	c := startConfigured(t, joined(t, site), own(never))
	job := site.AddJob("a.txt", "text/plain", []byte(text))
	c.until("the site's own window is told", func() bool { return strings.HasPrefix(c.status().Sites[0].Why, "outside the processing window until ") })
	for wrong, says := range map[string]string{
		own(", windows: always, languages: [xyz]"): "sites[].languages",
		own(", windows: always, model: nobody"):    "sites[0].model",
		own(", windows: always, tz: Nowhere"):      "sites[0].tz",
		own(", windows: always") + "models: [{name: m, provider: openai, model: m, api_key_file: /nowhere}]\n": "models[0].api_key_file",
	} {
		if got := c.reload(t, wrong); !strings.Contains(got.Error, says) {
			t.Errorf("%q does not say %s", got.Error, says)
		}
		if st := c.status(); st.Sites[0].Window == nil || site.Job(job).State != wptest.Queued {
			t.Errorf("a part of it is in force: %+v", st.Sites[0])
		}
	}
	if _, out, _ := cmd(t, c.dir, "status", "--once"); !strings.Contains(out, "the configuration was not taken anew at") {
		t.Errorf("status says\n%s", out)
	}
	elsewhere := filepath.Join(t.TempDir(), "elsewhere")
	got := c.reload(t, own(", windows: always, store_prefix: x")+"data_dir: "+elsewhere+"\nextract: {workers: 1, timeout: 1h}\npoll: {max: 20s}\nmetrics: {listen: \"127.0.0.1:0\"}\nstore: {dir: {path: "+elsewhere+"}}\n")
	if want := "extract.workers,store.dir.path,metrics.listen,sites[" + site.URL() + "].store_prefix"; got.Error != "" || strings.Join(got.Later, ",") != want {
		t.Errorf("later %q, want %q (%s)", strings.Join(got.Later, ","), want, got.Error)
	}
	if got := done(t, site, job); got.Result == nil {
		t.Errorf("%+v", got)
	}
	if _, err := os.Stat(elsewhere); err == nil {
		t.Error("the running agent has made the folder of the next start")
	}
	if got := c.reload(t, own(", windows: always")); len(got.Later) > 0 {
		t.Errorf("what was set back still waits: %v", got.Later)
	}
}

// A model that reads badly recognised pages is set, and taken away again, while the agent runs.
func TestAReloadTakesAModelThatReadsPages(t *testing.T) {
	t.Parallel()
	page := linePicture(t, "The harbour was frozen in winter")
	model := llmtest.NewServer(nil)
	t.Cleanup(model.Close)
	site := wptest.New(t)
	conf := func(vision string) string {
		return fmt.Sprintf("models: [{name: eyes, provider: openai, model: m, base_url: %q}]\nextract: {vision: {model: %q, below: 1}}\n", model.OpenAIURL(), vision)
	}
	c := startConfigured(t, joined(t, site), conf(""))
	shown := func() (n int) {
		for _, call := range model.Calls() {
			n += len(call.Pictures)
		}
		return n
	}
	for _, step := range []struct {
		vision string
		want   int
	}{{"", 0}, {"eyes", 1}, {"", 1}} {
		if got := c.reload(t, conf(step.vision)); got.Error != "" || len(got.Later) > 0 {
			t.Fatalf("%+v", got)
		}
		page = append(page, '\n') // another file: text that is kept would be taken again
		done(t, site, site.AddJob("line.png", "image/png", page))
		if got := shown(); got != step.want {
			t.Errorf("with %q %d pictures were shown, want %d", step.vision, got, step.want)
		}
	}
}

// linePicture is a PNG of one line of print.
func linePicture(t *testing.T, line string) []byte {
	t.Helper()
	f, err := opentype.Parse(goregular.TTF)
	if err != nil {
		t.Fatal(err)
	}
	face, err := opentype.NewFace(f, &opentype.FaceOptions{Size: 12, DPI: 200})
	if err != nil {
		t.Fatal(err)
	}
	defer face.Close()
	img := image.NewGray(image.Rect(0, 0, 700, 200))
	draw.Draw(img, img.Rect, image.White, image.Point{}, draw.Src)
	(&font.Drawer{Dst: img, Src: image.Black, Face: face, Dot: xfixed.P(60, 110)}).DrawString(line)
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
