package arch

import (
	"path"
	"regexp"
	"slices"
	"strings"
)

// PHPRule forbids something in the plugin's PHP, but in the files that it names.
type PHPRule struct {
	Why string
	// Code finds it in code without strings and comments, Text in the value of a string.
	Code, Text *regexp.Regexp
	// OnlyIn are patterns of path.Match, relative to plugin-php.
	OnlyIn []string
}

// Repositories are the plugin's classes that speak SQL; their docblocks say of what, and docs/ARCHITECTURE.md lists them.
var Repositories = []string{
	"includes/Agents/Repository.php",
	"includes/Auth/KeyRepository.php",
	"includes/Auth/Nonces.php",
	"includes/Front/Catalogue.php",
	"includes/Front/PublishedRule.php",
	"includes/Jobs/Events.php",
	"includes/Jobs/LatestState.php",
	"includes/Jobs/Repository.php",
	"includes/Network/Overview.php",
	"includes/PostRepository.php",
	"includes/Privacy/Erasures.php",
	"includes/Queue/Candidates.php",
	"includes/Queue/ClockStep.php",
	"includes/Queue/Leases.php",
	"includes/Queue/Line.php",
	"includes/Queue/Spending.php",
	"includes/Queue/SpendingReport.php",
	"includes/Queue/Overview.php",
	"includes/Review/Facets.php",
	"includes/Review/ListOrder.php",
	"includes/Search/Matches.php",
	"includes/Search/Texts.php",
	"includes/Summaries/ReadableRule.php",
	"includes/Summaries/ReadableTypes.php",
	"includes/Summaries/DocumentLinks.php",
	"includes/Backfill/Repository.php",
	"includes/Backfill/Library.php",
	"includes/Jobs/Unread.php",
}

// database are the classes that the repositories stand on.
var database = []string{"includes/Database.php", "includes/Schema.php", "includes/SchemaLock.php", "includes/Clock.php"}

// compositionRoot are the files that know Plugin: it, its parts for some requests, and what WordPress calls.
var compositionRoot = []string{"includes/Plugin.php", "includes/*/Module.php", "ai-doc-pipeline.php", "uninstall.php"}

// testsOfRoot are the base classes of the plugin's tests and the scripts that tests start as processes.
var testsOfRoot = []string{"tests/TestCase.php", "tests/admin/AdminTestCase.php", "tests/FakeClock.php", "tests/wordpress.php", "tests/configured.php", "tests/claimer.php", "tests/backfiller.php", "tests/bench.php"}

var speaksSQL = slices.Concat(Repositories, database)

// PHPRules of the plugin.
var PHPRules = []PHPRule{
	{Why: "only repositories get at the database", OnlyIn: speaksSQL,
		Code: regexp.MustCompile(`\$wpdb\b|\bDatabase::(wpdb|table|write|rows|row|delete_oldest|class)\b|\bnew\s+\\?(wpdb|mysqli|PDO)\b|\bmysqli_\w+\(|\bdbDelta\(`),
		Text: regexp.MustCompile(`^wpdb$`)}, // of $GLOBALS
	{Why: "only repositories hold SQL", OnlyIn: speaksSQL,
		Code: regexp.MustCompile(`->sql\(`), // the database's time, which Clock gives as an expression
		Text: regexp.MustCompile(`^\s*(SELECT|UPDATE|INSERT|DELETE|REPLACE|ALTER|DROP|CREATE|TRUNCATE)\s|\b(WHERE|JOIN|ORDER BY|GROUP BY|LIMIT %d)\b|(?is)^\s*(select\s.*\sfrom|update\s.*\sset|insert\s+(ignore\s+)?into|delete\s+from|replace\s+into)\s`)},
	{Why: "only Readable narrows WordPress' own queries, only the search that is hooked by Front widens them, only ListOrder sorts them, and only StateFilter filters the media list",
		OnlyIn: []string{"includes/Summaries/Readable.php", "includes/Front/Module.php", "includes/Review/ListOrder.php", "includes/Media/StateFilter.php"},
		Text:   regexp.MustCompile(`^posts_(where|join|clauses|request|fields|orderby|groupby|distinct|limits|search|pre_query)(_paged|_request|_orderby)?$|^posts_pre_query$|^query$`)},
	{Why: "only the composition root knows Plugin: a class receives what it uses through its constructor", OnlyIn: append(testsOfRoot, compositionRoot...),
		Code: regexp.MustCompile(`(^|[^\w])Plugin\b`), Text: regexp.MustCompile(`^\\?AIDoc\\+Plugin\b`)},
	{Why: "only the composition root and the base classes of tests know its parts", OnlyIn: append(testsOfRoot, compositionRoot...),
		Code: regexp.MustCompile(`(^|[^\w])Module\b`)},
}

// CheckPHP returns one sentence for each rule that a file of the plugin breaks. Its name is relative to plugin-php.
func CheckPHP(name, source string, rules []PHPRule) []string {
	code, texts := scanPHP(source)
	var broken []string
	for _, r := range rules {
		if slices.ContainsFunc(r.OnlyIn, func(pattern string) bool { ok, _ := path.Match(pattern, name); return ok }) {
			continue
		}
		found := ""
		if r.Code != nil {
			found = r.Code.FindString(code)
		}
		for _, text := range texts {
			if found == "" && r.Text != nil {
				found = r.Text.FindString(text)
			}
		}
		if found != "" {
			broken = append(broken, name+" has `"+strings.TrimSpace(found)+"`: "+r.Why)
		}
	}
	return broken
}

var heredoc = regexp.MustCompile(`^<<<[ \t]*['"]?([A-Za-z_]\w*)['"]?\r?\n`)

// scanPHP takes the strings out of PHP code: the code with ” in their place and without comments and HTML, and their values,
// escapes and interpolated variables as written.
func scanPHP(source string) (code string, texts []string) {
	var out strings.Builder
	var rest string
	skip := func(past string) { // what comes after the next occurrence
		if _, after, ok := strings.Cut(rest, past); ok {
			rest = after
		} else {
			rest = ""
		}
	}
	for rest = source; rest != ""; {
		skip("<?") // HTML
		rest = strings.TrimPrefix(strings.TrimPrefix(rest, "php"), "=")
		for rest != "" && !strings.HasPrefix(rest, "?>") {
			switch {
			case strings.HasPrefix(rest, "/*"):
				skip("*/")
			case strings.HasPrefix(rest, "//"), rest[0] == '#' && !strings.HasPrefix(rest, "#["):
				end := regexp.MustCompile(`\n|\?>`).FindStringIndex(rest)
				if end == nil {
					end = []int{len(rest)}
				}
				rest = rest[end[0]:]
			case heredoc.MatchString(rest):
				mark := heredoc.FindStringSubmatch(rest)
				rest = rest[len(mark[0]):]
				end := regexp.MustCompile(`(?m)^[ \t]*` + mark[1] + `\b`).FindStringIndex(rest)
				if end == nil {
					end = []int{len(rest), len(rest)}
				}
				texts = append(texts, rest[:end[0]])
				out.WriteString("''")
				rest = rest[end[1]:]
			case rest[0] == '\'' || rest[0] == '"':
				end := 1
				for end < len(rest) && rest[end] != rest[0] {
					if rest[end] == '\\' {
						end++
					}
					end++
				}
				texts = append(texts, rest[1:min(end, len(rest))])
				out.WriteString("''")
				rest = rest[min(end+1, len(rest)):]
			default:
				out.WriteByte(rest[0])
				rest = rest[1:]
			}
		}
		out.WriteByte('\n')
	}
	return out.String(), texts
}
