package arch

import (
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

func TestRulesOfThePluginHold(t *testing.T) {
	files := sources(t, root+"/plugin-php", ".php")
	if len(files) < 150 {
		t.Fatalf("only %d PHP files found: wrong folder?", len(files))
	}
	for _, file := range files {
		name, err := filepath.Rel(root+"/plugin-php", file)
		if err != nil {
			t.Fatal(err)
		}
		rules := PHPRules
		if strings.HasPrefix(name, "tests/") { // Tests look into tables as they like.
			rules = rulesOf("composition root")
		}
		for _, sentence := range CheckPHP(filepath.ToSlash(name), string(read(t, file)), rules) {
			t.Error(sentence)
		}
	}
}

func TestRepositoriesSayThatTheyAre(t *testing.T) {
	says := regexp.MustCompile(`/\*\*(?:\n \*)? (?:Repository of |The part of ReadableRule )`)
	page := doc(t, guide)
	for _, name := range Repositories {
		if !says.Match(read(t, root+"/plugin-php/"+name)) {
			t.Errorf("plugin-php/%s may hold SQL, but its docblock does not begin with \"Repository of\"", name)
		}
		if short := strings.TrimSuffix(strings.TrimPrefix(name, "includes/"), ".php"); !strings.Contains(page, "`"+short+"`") {
			t.Errorf("%s does not name the repository %s", guide, short)
		}
	}
}

// Each rule must be able to fail, and for nothing else.
func TestBrokenRulesOfThePluginAreFound(t *testing.T) {
	for source, want := range map[string]string{
		"global $wpdb; $wpdb->query( 'x' );":                                "get at the database",
		"$GLOBALS['wpdb']->get_var( 'x' );":                                 "get at the database",
		"Database::rows( 'x' );":                                            "get at the database",
		"\\AIDoc\\Database::wpdb()->posts;":                                 "get at the database",
		"array_map( array( Database::class, 'table' ), $names );":           "get at the database",
		"new \\mysqli( 'localhost' );":                                      "get at the database",
		"$sql = \"SELECT id FROM $table\";":                                 "hold SQL",
		"$sql = 'UPDATE ' . $table . ' SET x = 1';":                         "hold SQL",
		"$sql = 'insert into t values (1)';":                                "hold SQL",
		"$sql = 'delete from t';":                                           "hold SQL",
		"$sql = <<<SQL\n\tSELECT 1 FROM t\n\tSQL;":                          "hold SQL",
		"$sql = $start . ' WHERE id = %d';":                                 "hold SQL",
		"$now = $this->clock->sql();":                                       "hold SQL",
		"add_filter( 'posts_where', $narrow );":                             "narrows WordPress' own queries",
		"add_filter( \"posts_clauses\", $narrow );":                         "narrows WordPress' own queries",
		"Plugin::instance()->settings();":                                   "knows Plugin",
		"function f( \\AIDoc\\Plugin $p ) {}":                               "knows Plugin",
		"use AIDoc\\Plugin;":                                                "knows Plugin",
		"call_user_func( array( 'AIDoc\\Plugin', 'instance' ) );":           "knows Plugin",
		"$screens = new Module( $what );":                                   "know its parts",
		"// it's a comment\n$x = 'with // no comment'; Plugin::instance();": "knows Plugin",
		"$x = 'it\\'s'; ?> <p>it's HTML</p> <?php Plugin::instance();":      "knows Plugin",
	} {
		got := CheckPHP("includes/Admin/AgentsPage.php", "<?php "+source, PHPRules)
		if len(got) != 1 || !strings.Contains(got[0], want) {
			t.Errorf("%q: want one sentence about %q, got %q", source, want, got)
		}
	}
	for source, name := range map[string]string{
		"// what $wpdb returns\n$x = 1;":                                        "includes/Admin/Flash.php",
		"/** @see $wpdb, SELECT x FROM y, AIDoc\\Plugin */ $wpdbish = 1;":       "includes/Admin/Flash.php",
		"# Database::rows\n#[\\SensitiveParameter] $x = Database::is_sqlite();": "includes/Admin/Flash.php",
		"__( 'Delete “%s” from this list?' ); __( 'Select %s' );":               "includes/Admin/Flash.php",
		"Database::transaction( $work ); Database::tables();":                   "includes/Summaries/Acceptor.php",
		"Database::rows( 'SELECT 1 FROM t' );":                                  "includes/Jobs/Repository.php",
		"Plugin::instance();":                                                   "uninstall.php",
		"new Plugin(); new Admin\\Module();":                                    "includes/REST/Module.php",
		"?> UPDATE x SET y; $wpdb Plugin <?php echo 1;":                         "templates/agents.php",
	} {
		if got := CheckPHP(name, "<?php "+source, PHPRules); len(got) != 0 {
			t.Errorf("%q in %s is allowed, got %q", source, name, got)
		}
	}
}

func rulesOf(why string) []PHPRule {
	var some []PHPRule
	for _, r := range PHPRules {
		if strings.Contains(r.Why, why) {
			some = append(some, r)
		}
	}
	return some
}
