//go:build e2e

package e2e

import "testing"

// The notices of a theme and of other plugins come before the REST index and before answers.
func TestASiteThatPrintsBeforeItsAnswers(t *testing.T) {
	t.Parallel()
	s := testSite(t)
	first, second := s.Token(t, "patient"), s.Token(t, "early") // the noise would come before what these say, too
	s.Upload(t, "minutes.txt", []byte("The council met on Tuesday and agreed to repair the old bridge before winter. A report follows in spring."))
	quiet := s.muPlugin(t, "notice", `<?php add_action( 'init', static function () { echo "\xEF\xBB\xBF<br />\n<b>Warning</b>: Undefined variable \$x in {closure}() on line <b>3</b><br />\n"; } );`)
	a := newAgent(t)
	a.Join(t, s.URL, first).want(t, exitOK)
	a.Do(t, "once").want(t, exitOK)
	a.Do(t, "doctor").want(t, exitOK)

	// A byte order mark in wp-config.php comes before any plugin is loaded: then no header can be sent any more, and so no signature.
	// (More than PHP buffers here, so that it is out before the plugin could take it back.)
	quiet()
	s.muPlugin(t, "mark", `<?php echo "\xEF\xBB\xBF" . str_repeat( "\n", 8192 );`)
	newAgent(t).Join(t, s.URL, second).want(t, exitNoSite, "byte order mark", "headers already sent")
	a.Do(t, "doctor").want(t, exitNoSite, "byte order mark")
}
