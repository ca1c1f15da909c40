package linear

import (
	"context"
	"fmt"
	"os"
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/test/linear/wpsite"
)

// Mutant is one way to get the queue wrong: a replacement in the site's copy of the plugin.
type Mutant struct {
	Name string
	File string // below the plugin's folder
	Old  string // must occur exactly once: when the plugin changes, so must the mutant
	New  string
}

// Mutants of docs/protocol.md, section 5. Each breaks one sentence of it.
var Mutants = []Mutant{
	{Name: "no epoch guard", File: "includes/Jobs/Leases.php",
		Old: `"id = %d AND epoch = %d AND lease_token = %s AND agent_id = %d AND state = 'leased'"`,
		New: `"id = %d AND %d >= 0 AND %s <> '' AND agent_id = %d AND state = 'leased'"`},
	{Name: "claim without compare-and-swap", File: "includes/Jobs/Leases.php",
		Old: `WHERE id = %d AND state = 'queued' AND epoch = %d",`,
		New: `WHERE id = %d AND state IN ('queued','leased') AND %d >= 0",`},
	{Name: "claim keeps the epoch", File: "includes/Jobs/Leases.php",
		Old: `SET state = 'leased', epoch = epoch + 1,`,
		New: `SET state = 'leased', epoch = epoch,`},
	{Name: "expiry ignores a beat", File: "includes/Jobs/Leases.php",
		Old: `AND epoch = %d AND state = 'leased' AND lease_expires_at < $now"`,
		New: `AND epoch = %d AND state IN ('leased','done')"`},
	{Name: "a repeated result is refused", File: "includes/Summaries/Acceptor.php",
		Old: `return State::Done === $job->state &&`,
		New: `return false && State::Done === $job->state &&`},
	{Name: "crashes are not counted", File: "includes/Jobs/Failures.php",
		Old: `return count( $by_agent ) >= 2 ||`,
		New: `return count( $by_agent ) >= 3 ||`},
}

// Apply changes the site's copy. The returned function undoes it.
func (m Mutant) Apply(site *wpsite.Site) (func(context.Context) error, error) {
	path := site.Plugin(m.File)
	source, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	if n := strings.Count(string(source), m.Old); n != 1 {
		return nil, fmt.Errorf("%s has the text of the mutant %q %d times, not once: the plugin has changed, bring test/linear/mutants.go up to date: %s", m.File, m.Name, n, m.Old)
	}
	if err := os.WriteFile(path, []byte(strings.Replace(string(source), m.Old, m.New, 1)), 0o644); err != nil {
		return nil, err
	}
	return func(ctx context.Context) error {
		if err := os.WriteFile(path, source, 0o644); err != nil {
			return err
		}
		return site.Forget(ctx)
	}, nil
}
