// Package arch holds the project's import rules (docs/ARCHITECTURE.md) as a test: who may know what.
package arch

import (
	"fmt"
	"slices"
	"strings"
)

// Package is what `go list -json` says of one package.
type Package struct {
	ImportPath string
	Doc        string   // the first sentence of its comment
	Imports    []string // direct, without tests
	Deps       []string // all, without tests
	CgoFiles   []string
}

// Rule allows what it names only to some packages of the module, or forbids it to some.
// Paths of the module are relative to it ("agent/journal"); "…/" at the end means everything below, too.
type Rule struct {
	Why string
	// Import is one import path, or a prefix ending in "/".
	Import []string
	// OnlyIn are the packages that may import it directly.
	OnlyIn []string
	// Never are packages that must not import it; with Deep, not even through others.
	Never []string
	Deep  bool
}

// agentRooms are the parts that the agent is put together from.
var agentRooms = []string{"agent/pressure/", "agent/lease/", "agent/artifact/", "agent/handover/", "agent/site/", "agent/room/", "agent/failure/", "agent/outbox/", "agent/pipeline/", "agent/trace/", "agent/retention/", "agent/sharedtext/"}

// forReadersTooMuch is never linked into the readers' own program: each start of a reader pays for the initialisation of all that is.
var forReadersTooMuch = []string{"~agent/", "~llm/", "~wpclient/", "~extract", "~extract/internal/pool", "github.com/prometheus/", "go.opentelemetry.io/", "github.com/yuin/goldmark", "github.com/yuin/goldmark/",
	"modernc.org/sqlite", "modernc.org/sqlite/", "github.com/aws/", "github.com/sashabaranov/go-openai", "github.com/sashabaranov/go-openai/", "github.com/anthropics/", "github.com/go-resty/", "github.com/alecthomas/kong",
	"github.com/goccy/go-yaml/", "github.com/robfig/cron/", "github.com/tiktoken-go/", "github.com/blevesearch/snowballstem/", "github.com/nyaruka/phonenumbers/", "google.golang.org/grpc", "google.golang.org/grpc/"}

// Rules of the house.
var Rules = []Rule{
	{Why: "extract never opens a socket", Import: []string{"net/http", "net"}, Never: []string{"extract/"}},
	{Why: "extract knows neither WordPress, nor models, nor the agent", Import: []string{"~wpclient/", "~llm/", "~agent/"}, Never: []string{"extract/"}, Deep: true},
	{Why: "what readers share knows no reader", Import: []string{"~extract/internal/format/", "~extract/internal/page/", "~extract/internal/child/", "~extract/internal/pool", "~extract/internal/view"}, Never: []string{"extract/internal/parts/", "extract/internal/doc"}, Deep: true},
	{Why: "pages are read without knowing the format they come from", Import: []string{"~extract/internal/format/", "~extract/internal/child/"}, Never: []string{"extract/internal/page/"}, Deep: true},
	{Why: "a reader of a format does not know the process it runs in", Import: []string{"~extract/internal/child/"}, Never: []string{"extract/internal/format/"}, Deep: true},
	{Why: "the pool runs children without knowing what they read", Import: []string{"~extract/internal/format/", "~extract/internal/page/", "~extract/internal/parts/", "~extract/internal/child/worker", "~extract/internal/view"}, Never: []string{"extract/internal/pool"}, Deep: true},
	{Why: "a view is made of pages and knows no reader of them", Import: []string{"~extract/internal/child/", "~extract/internal/pool", "~extract/internal/format/"}, Never: []string{"extract/internal/view"}, Deep: true},
	{Why: "the door of extract leads to the pool, the worker and the view", Import: []string{"~extract/internal/page/", "~extract/internal/parts/"}, Never: []string{"extract"}},
	{Why: "nobody below the door knows the pool", Import: []string{"~extract/internal/pool"}, OnlyIn: []string{"extract"}},
	{Why: "only the child's worker and the formats know the formats", Import: []string{"~extract/internal/format/"}, OnlyIn: []string{"extract/internal/child/worker/", "extract/internal/format/"}},
	{Why: "a reader starts without what only the agent needs", Import: forReadersTooMuch, Never: []string{"extract/reader"}, Deep: true},
	{Why: "prose and Markdown know no chunk, no model and no summariser", Import: []string{"~llm/internal/chunk", "~llm/internal/extractive", "~llm/internal/tokens"}, Never: []string{"llm/internal/prose", "llm/internal/markdown"}, Deep: true},
	{Why: "only extract links C libraries", Import: []string{"C", "github.com/gen2brain/go-fitz", "github.com/otiai10/gosseract/"}, OnlyIn: []string{"extract/", "test/benchextract/"}}, // the benchmark measures recognition alone
	{Why: "only extract reads PDFs", Import: []string{"github.com/pdfcpu/"}, OnlyIn: []string{"extract/"}},
	{Why: "only the journal has the database driver", Import: []string{"modernc.org/sqlite", "modernc.org/sqlite/"}, OnlyIn: []string{"agent/journal/", "test/chaos/"}}, // chaos verifies agents by their journals
	{Why: "only the stores and the download speak S3", Import: []string{"github.com/aws/"}, OnlyIn: []string{"agent/objectstore/", "agent/fetch/", "internal/s3client/"}},
	{Why: "only llm has the model SDKs", Import: []string{"github.com/sashabaranov/go-openai", "github.com/sashabaranov/go-openai/", "github.com/anthropics/"}, OnlyIn: []string{"llm/"}},
	{Why: "only the room of traces knows OpenTelemetry", Import: []string{"go.opentelemetry.io/"}, OnlyIn: []string{"agent/trace/"}},
	{Why: "traces are told keys and values, and know nothing of documents", Import: []string{"~wpclient/", "~llm/", "~extract/", "~agent/"}, Never: []string{"agent/trace"}, Deep: true},
	{Why: "no reader of documents carries gRPC", Import: []string{"google.golang.org/grpc", "google.golang.org/grpc/"}, Never: []string{"agent/trace/", "agent/cli"}, Deep: true},
	{Why: "only wpclient speaks to WordPress", Import: []string{"github.com/go-resty/"}, OnlyIn: []string{"wpclient/"}},
	{Why: "wpclient and llm do not know who uses them", Import: []string{"~agent/"}, Never: []string{"wpclient/", "llm/"}, Deep: true},
	{Why: "what all may share knows nobody", Import: []string{"~agent/", "~wpclient/", "~llm/", "~extract/"}, Never: []string{"internal/"}, Deep: true},
	{Why: "the rooms of the agent do not know the agent", Import: []string{"~agent", "~agent/cli"}, Never: agentRooms, Deep: true},
	{Why: "names are made of names only", Import: []string{"~wpclient/", "~llm/", "~extract/", "~agent/"}, Never: []string{"agent/artifact/"}, Deep: true},
	{Why: "a hand-over knows a store and names, no job", Import: []string{"~wpclient/", "~agent/lease", "~agent/journal"}, Never: []string{"agent/handover/"}},
	{Why: "shared texts know a store and pages, no job", Import: []string{"~wpclient/", "~llm/", "~agent/lease", "~agent/journal", "~agent/artifact"}, Never: []string{"agent/sharedtext/"}},
	{Why: "what is too old is found by names and times, not by jobs or sites", Import: []string{"~wpclient/", "~llm/", "~extract/", "~agent/lease", "~agent/handover", "~agent/pipeline"}, Never: []string{"agent/retention/"}},
	{Why: "what waits to be delivered knows no job", Import: []string{"~llm/", "~extract/", "~agent/lease", "~agent/handover", "~agent/objectstore", "~agent/fetch"}, Never: []string{"agent/outbox/", "agent/site/"}},
	{Why: "the right to work knows no work", Import: []string{"~llm/", "~extract/", "~agent/journal", "~agent/objectstore", "~agent/fetch"}, Never: []string{"agent/lease/"}, Deep: true},
	{Why: "room is no matter of a site, a model or a job", Import: []string{"~wpclient/", "~llm/", "~extract/", "~agent/"}, Never: []string{"agent/room/"}, Deep: true},
	{Why: "a full place is no matter of a site or a model", Import: []string{"~wpclient/", "~llm/", "~extract/"}, Never: []string{"agent/pressure/"}},
	{Why: "the two clients do not know each other", Import: []string{"~wpclient/"}, Never: []string{"llm/"}, Deep: true},
}

// Check returns one sentence for each broken rule.
func Check(module string, packages []Package, rules []Rule) []string {
	var broken []string
	for _, p := range packages {
		rel := strings.TrimPrefix(strings.TrimPrefix(p.ImportPath, module), "/")
		imports, deps := slices.Clone(p.Imports), p.Deps
		if len(p.CgoFiles) > 0 {
			imports = append(imports, "C")
		}
		for _, r := range rules {
			seen := imports
			if r.Deep {
				seen = deps
			}
			for _, imported := range seen {
				if !matches(imported, r.Import, module) {
					continue
				}
				if (r.OnlyIn != nil && !within(rel, r.OnlyIn)) || within(rel, r.Never) {
					broken = append(broken, fmt.Sprintf("%s imports %s: %s", rel, imported, r.Why))
				}
			}
		}
	}
	return broken
}

func matches(imported string, patterns []string, module string) bool {
	return slices.ContainsFunc(patterns, func(pattern string) bool {
		if own, ok := strings.CutPrefix(pattern, "~"); ok {
			pattern = module + "/" + own
		}
		return imported == strings.TrimSuffix(pattern, "/") || (strings.HasSuffix(pattern, "/") && strings.HasPrefix(imported, pattern))
	})
}

func within(rel string, folders []string) bool {
	return slices.ContainsFunc(folders, func(folder string) bool {
		return rel == strings.TrimSuffix(folder, "/") || strings.HasSuffix(folder, "/") && strings.HasPrefix(rel, folder)
	})
}
