package linear

import (
	"context"
	"fmt"
	"os"
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/test/linear/wpsite"
)

// Mutant is one way to get the queue wrong: replacements in the site's copy of the plugin.
type Mutant struct {
	Name  string
	Edits []Edit
}

// Edit replaces Old, which must occur exactly once: when the plugin changes, so must the mutant.
type Edit struct {
	File string // below the plugin's folder
	Old  string
	New  string
}

const (
	leasesPHP   = "includes/Queue/Leases.php"
	reaperPHP   = "includes/Queue/Reaper.php"
	failuresPHP = "includes/Queue/Failures.php"
	acceptorPHP = "includes/Summaries/Acceptor.php"
)

// Mutants of docs/protocol.md, section 5: each breaks one sentence of it.
var Mutants = []Mutant{
	{"no epoch guard", []Edit{{leasesPHP,
		`"id = %d AND epoch = %d AND lease_token = %s AND agent_id = %d AND state = 'leased'"`,
		`"id = %d AND %d >= 0 AND %s <> '' AND agent_id = %d AND state = 'leased'"`}}},
	// The looks before the guarded write stay: only what happens between the look and the write can show it.
	{"no guard but the look before", []Edit{
		{leasesPHP, `updated_at = $now WHERE " . self::GUARD,
			$result_id,`, `updated_at = $now WHERE id = %d AND %d >= 0 AND %s <> '' AND %d > 0",
			$result_id,`},
		{acceptorPHP, `$post_id = State::Leased === $job->state ?`, `usleep( 200000 ); $post_id = State::Leased === $job->state ?`}}},
	{"claim without compare-and-swap", []Edit{{leasesPHP,
		`WHERE id = %d AND state = 'queued' AND epoch = %d",`,
		`WHERE id = %d AND state IN ('queued','leased') AND %d >= 0",`}}},
	{"claim keeps the epoch", []Edit{{leasesPHP,
		`SET state = 'leased', epoch = epoch + 1,`,
		`SET state = 'leased', epoch = epoch,`}}},
	// The moment in which a beat can come lasts until one has come: a pause of some length is too short on a busy machine. One
	// request waits at a time (its connection's end frees the lock), so that PHP has processes left for the beat.
	{"expiry ignores a beat", []Edit{
		{leasesPHP, `AND epoch = %d AND state = 'leased' AND lease_expires_at < " . $this->clock->sql()`, `AND epoch = %d AND state = 'leased'"`},
		{reaperPHP, `if ( ! $this->leases->expire(`, `if ( ! (int) \AIDoc\Database::row( "SELECT GET_LOCK('aidoc_mutant', 0) AS mine" )['mine'] ) {
			return null;
		}
		for ( $n = 0; $n < 50 && ! \AIDoc\Database::row( 'SELECT 1 AS beaten FROM ' . \AIDoc\Database::table( 'jobs' ) . ' WHERE id = %d AND lease_expires_at > ' . $this->clock->sql(), $job->id ); ++$n ) {
			usleep( 20000 );
		}
		if ( ! $this->leases->expire(`}}},
	{"a repeated result is refused", []Edit{{acceptorPHP,
		`return State::Done === $job->state &&`,
		`return false && State::Done === $job->state &&`}}},
	{"crashes are not counted", []Edit{{failuresPHP,
		`return count( $by_agent ) >= 2 ||`,
		`return count( $by_agent ) >= 3 ||`}}},
}

// Apply changes the site's copy, all edits or none. The returned function undoes it.
func (m Mutant) Apply(ctx context.Context, site *wpsite.Site) (undo func(context.Context) error, err error) {
	before, after := map[string]string{}, map[string]string{}
	for _, e := range m.Edits {
		path := site.Plugin(e.File)
		if _, ok := after[path]; !ok {
			source, err := os.ReadFile(path)
			if err != nil {
				return nil, err
			}
			before[path], after[path] = string(source), string(source)
		}
		if n := strings.Count(after[path], e.Old); n != 1 {
			return nil, fmt.Errorf("%s has the text of the mutant %q %d times, not once: the plugin has changed, bring test/linear/mutants.go up to date: %s", e.File, m.Name, n, e.Old)
		}
		after[path] = strings.Replace(after[path], e.Old, e.New, 1)
	}
	undo = func(ctx context.Context) error { return put(ctx, site, before) }
	return undo, put(ctx, site, after)
}

func put(ctx context.Context, site *wpsite.Site, files map[string]string) error {
	for path, source := range files {
		if err := os.WriteFile(path, []byte(source), 0o644); err != nil {
			return err
		}
	}
	return site.Forget(ctx)
}
