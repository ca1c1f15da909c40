//go:build e2e

package e2e

import (
	"os"
	"path/filepath"
	"testing"
)

// prints makes another plugin of the site print something before every answer. Each has a file of its own: PHP does not look
// for two seconds whether one that it has compiled was changed.
func prints(t *testing.T, s *Site, name, php string) {
	t.Helper()
	dir := filepath.Join(s.Root, "wp-content", "mu-plugins")
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, name+".php"), []byte(php), 0o644); err != nil {
		t.Fatal(err)
	}
}

// The notices of a theme and of other plugins come before the REST index and before answers.
func TestASiteThatPrintsBeforeItsAnswers(t *testing.T) {
	t.Parallel()
	s := testSite(t)
	first, second := s.Token(t, "patient"), s.Token(t, "early") // the noise would come before what these say, too
	s.Upload(t, "minutes.txt", []byte("The council met on Tuesday and agreed to repair the old bridge before winter. A report follows in spring."))
	prints(t, s, "notice", `<?php add_action( 'init', static function () { echo "\xEF\xBB\xBF<br />\n<b>Warning</b>: Undefined variable \$x in {closure}() on line <b>3</b><br />\n"; } );`)
	a := newAgent(t)
	a.Join(t, s.URL, first).want(t, exitOK)
	a.Do(t, "once").want(t, exitOK)
	a.Do(t, "doctor").want(t, exitOK)

	// A byte order mark in wp-config.php comes before any plugin is loaded: then no header can be sent any more, and so no signature.
	// (More than PHP buffers here, so that it is out before the plugin could take it back.)
	prints(t, s, "mark", `<?php echo "\xEF\xBB\xBF" . str_repeat( "\n", 8192 );`)
	newAgent(t).Join(t, s.URL, second).want(t, exitNoSite, "byte order mark", "headers already sent")
	a.Do(t, "doctor").want(t, exitNoSite, "byte order mark")
}
