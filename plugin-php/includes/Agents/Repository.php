<?php
declare( strict_types=1 );

namespace AIDoc\Agents;

use AIDoc\Clock;
use AIDoc\Database;
use AIDoc\Text;

/** Repository of agents: what they said of themselves, and what administrators want of them. */
final class Repository {

	/** A sign of life is written at most this often. */
	private const SEEN_MS = 5_000;

	private const HEARD_MS = 86_400_000;

	public function __construct( private readonly Clock $clock ) {}

	/** @return Agent[] By name. */
	public function all(): array {
		return array_map( array( Agent::class, 'from_row' ), Database::rows( 'SELECT * FROM ' . $this->table() . ' ORDER BY name, id' ) );
	}

	public function find( int $id ): ?Agent {
		$row = Database::row( 'SELECT * FROM ' . $this->table() . ' WHERE id = %d', $id );
		return $row ? Agent::from_row( $row ) : null;
	}

	public function find_by_name( string $name ): ?Agent {
		$row = Database::row( 'SELECT * FROM ' . $this->table() . ' WHERE name = %s', $name );
		return $row ? Agent::from_row( $row ) : null;
	}

	/** How many agents may ask for work. */
	public function count_active(): int {
		return (int) Database::row( 'SELECT COUNT(*) AS n FROM ' . $this->table() . " WHERE state = 'active'" )['n'];
	}

	/** How many agents were heard of within the last day. */
	public function count_heard(): int {
		return $this->count_lately();
	}

	/** How many of those have not asked for work yet: they have joined, and may all be started in one moment. */
	public function count_new(): int {
		return $this->count_lately( " AND (caps IS NULL OR caps = '')" );
	}

	/** @param string $also A further condition, in SQL. */
	private function count_lately( string $also = '' ): int {
		return (int) Database::row( 'SELECT COUNT(*) AS n FROM ' . $this->table() . " WHERE state = 'active' AND last_seen_at > " . $this->clock->sql() . ' - ' . self::HEARD_MS . $also )['n'];
	}

	/** @return array<int,int> Agent id → leases it holds. */
	public function leases_held(): array {
		$rows = Database::rows( 'SELECT agent_id, COUNT(*) AS n FROM ' . Database::table( 'jobs' ) . " WHERE state = 'leased' GROUP BY agent_id" );
		return array_map( 'intval', array_column( $rows, 'n', 'agent_id' ) );
	}

	/**
	 * What agents hold, those that run out first in front.
	 *
	 * @return list<array{agent_id:int,job_id:int,epoch:int,filename:string,phase:string,done:int,total:int,left_ms:int}>
	 */
	public function leases( int $limit = 500 ): array {
		$rows = Database::rows(
			'SELECT agent_id, id AS job_id, epoch, filename, phase, done, total, CAST(lease_expires_at AS SIGNED) - ' . $this->clock->sql() . ' AS left_ms
			FROM ' . Database::table( 'jobs' ) . " WHERE state = 'leased' ORDER BY lease_expires_at, id LIMIT %d",
			$limit
		);
		return array_map(
			static function ( array $row ): array {
				foreach ( array( 'agent_id', 'job_id', 'epoch', 'done', 'total', 'left_ms' ) as $name ) {
					$row[ $name ] = (int) $row[ $name ];
				}
				return $row;
			},
			$rows
		);
	}

	/** @return array<int,int> Agent id → documents it has finished since then. */
	public function finished_since( int $since_ms ): array {
		$rows = Database::rows( 'SELECT agent_id, COUNT(*) AS n FROM ' . Database::table( 'events' ) . " WHERE kind = 'done' AND at_ms >= %d GROUP BY agent_id", $since_ms );
		return array_map( 'intval', array_column( $rows, 'n', 'agent_id' ) );
	}

	/** @return Agent|null Null when the name is taken. */
	public function insert( string $name ): ?Agent {
		$new = Database::write( 'INSERT IGNORE INTO ' . $this->table() . ' (name, created_at) VALUES (%s, ' . $this->clock->sql() . ')', $name );
		return 1 === $new ? $this->find_by_name( $name ) : null;
	}

	public function set_state( int $id, string $state ): void {
		Database::write( 'UPDATE ' . $this->table() . ' SET state = %s WHERE id = %d', $state, $id );
	}

	public function rename( int $id, string $name ): void {
		Database::write( 'UPDATE ' . $this->table() . ' SET name = %s WHERE id = %d', $name, $id );
	}

	/** @param int $by The user who gave it, 0 where none did. */
	public function set_directive( int $id, string $directive, int $by = 0 ): void {
		Database::write( 'UPDATE ' . $this->table() . ' SET directive = %s, directive_by = %d, directive_set_at = ' . $this->clock->sql() . ' WHERE id = %d', $directive, $by, $id );
	}

	/** An answer that names the directive is being sent. */
	public function directive_seen( Agent $agent ): void {
		if ( $agent->directiveSeenMs < $agent->directiveSetMs ) {
			Database::write( 'UPDATE ' . $this->table() . ' SET directive_seen_at = ' . $this->clock->sql() . ' WHERE id = %d AND directive = %s', $agent->id, $agent->directive );
		}
	}

	/**
	 * Ends an order to stop, because a process asks that was started after it. Another order in between stands.
	 *
	 * @return bool Whether it was this call that ended it.
	 */
	public function end_stop( Agent $agent ): bool {
		$now = $this->clock->sql();
		return Database::write(
			'UPDATE ' . $this->table() . " SET directive = 'run', directive_set_at = $now, directive_seen_at = $now WHERE id = %d AND directive = %s AND directive_set_at = %d",
			$agent->id,
			Agent::STOP,
			$agent->directiveSetMs
		) > 0;
	}

	/** A process has sent its final report, or a process sends requests again. */
	public function set_stopped( Agent $agent, bool $stopped ): void {
		if ( $stopped || $agent->stoppedMs > 0 ) {
			Database::write( 'UPDATE ' . $this->table() . ' SET stopped_at = ' . ( $stopped ? $this->clock->sql() : '0' ) . ' WHERE id = %d', $agent->id );
		}
	}

	public function set_rotation( int $id, bool $requested ): void {
		Database::write( 'UPDATE ' . $this->table() . ' SET rotation_requested = %d WHERE id = %d', (int) $requested, $id );
	}

	/** @param string[] $entries See Auth\AddressList. */
	public function set_allowed_ips( int $id, array $entries ): void {
		Database::write( 'UPDATE ' . $this->table() . ' SET allowed_ips = %s WHERE id = %d', implode( ' ', $entries ), $id );
	}

	/** Where its last admitted request came from. */
	public function set_last_ip( int $id, string $address ): void {
		Database::write( 'UPDATE ' . $this->table() . ' SET last_ip = %s WHERE id = %d', $address, $id );
	}

	/**
	 * Takes so many requests of a kind out of an agent's rate limit (a leaky bucket, as in GCRA). One statement, so that requests at the same moment cannot
	 * both have the last one: the column holds the time until which the agent has used up its share.
	 *
	 * @return int 0 where it may, else the milliseconds after which it may.
	 */
	public function spend( int $id, Pace $pace, int $number ): int {
		$now    = $this->clock->sql();
		$column = $pace->value;
		// Further ahead than anything that is written here: the clock was set back since.
		$past  = "$column > $now + " . ( $pace->burst_ms() + Pace::MOST * $pace->interval_ms() );
		$spent = Database::write(
			'UPDATE ' . $this->table() . " SET $column = CASE WHEN $column < $now OR $past THEN $now + %d ELSE $column + %d END WHERE id = %d AND ($column <= $now + %d OR $past)",
			$number * $pace->interval_ms(),
			$number * $pace->interval_ms(),
			$id,
			$pace->burst_ms()
		);
		if ( $spent > 0 ) {
			return 0;
		}
		$row = Database::row( "SELECT $column AS until, $now AS now FROM " . $this->table() . ' WHERE id = %d', $id );
		return $row ? max( 1, (int) $row['until'] - (int) $row['now'] - $pace->burst_ms() ) : 1;
	}

	/**
	 * @param array{version?:string,host?:string,os?:string,arch?:string,slots?:int} $info What the agent says of itself.
	 */
	public function seen( Agent $agent, array $info = array(), ?string $note = null ): void {
		$columns = array(
			'version' => 60,
			'host'    => 200,
			'os'      => 40,
			'arch'    => 40,
		);
		$set     = array();
		$values  = array();
		foreach ( $columns as $name => $length ) {
			if ( isset( $info[ $name ] ) && Text::clip( $info[ $name ], $length ) !== $agent->$name ) {
				$set[]    = "$name = %s";
				$values[] = Text::clip( $info[ $name ], $length );
			}
		}
		if ( isset( $info['slots'] ) && $info['slots'] !== $agent->slots ) {
			$set[]    = 'slots = %d';
			$values[] = $info['slots'];
		}
		if ( null !== $note && Text::clip( $note, 200 ) !== $agent->note ) {
			$set[]    = 'note = %s';
			$values[] = Text::clip( $note, 200 );
		}
		$now   = $this->clock->sql();
		$where = $set ? '' : " AND last_seen_at < $now - " . self::SEEN_MS;
		$set[] = "last_seen_at = $now";
		Database::write( 'UPDATE ' . $this->table() . ' SET ' . implode( ', ', $set ) . " WHERE id = %d$where", ...$values, ...array( $agent->id ) );
	}

	/** @param array{mimes:string[],max_bytes:int,local_only:bool,ocr_languages:string[],summariser:string,doorbell:string,doorbell_sign:string} $caps Written only when it changed: an agent says the same all day. @return bool Whether it did. */
	public function set_capabilities( Agent $agent, array $caps ): bool {
		$json    = (string) wp_json_encode( $caps );
		$changed = $json !== $agent->caps;
		if ( $changed ) {
			Database::write( 'UPDATE ' . $this->table() . ' SET caps = %s WHERE id = %d', $json, $agent->id );
		}
		return $changed;
	}

	public function delete( int $id ): bool {
		return Database::write( 'DELETE FROM ' . $this->table() . ' WHERE id = %d', $id ) > 0;
	}

	private function table(): string {
		return Database::table( 'agents' );
	}
}
