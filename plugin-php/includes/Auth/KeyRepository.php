<?php
declare( strict_types=1 );

namespace AIDoc\Auth;

use AIDoc\Clock;
use AIDoc\Database;

/** Repository of keys, one-time tokens and the site's signing key. Secrets are sealed before they get here; what they are for is KeyRing's matter. */
final class KeyRepository {

	/** The site's own row: among the keys, under a name of its own. */
	private const SITE = 'site';

	public function __construct( private readonly Clock $clock ) {}

	public function find( string $key_id ): ?KeyRecord {
		$row = Database::row( 'SELECT * FROM ' . $this->table() . ' WHERE key_id = %s', $key_id );
		return $row && hash_equals( (string) $row['key_id'], $key_id ) ? KeyRecord::from_row( $row ) : null;
	}

	/**
	 * @param string $public_key  32 bytes, '' for a shared secret.
	 * @param string $site_key_id See KeyRecord; '' for a shared secret.
	 * @param int    $expires_ms  0 for never.
	 */
	public function insert( string $key_id, int $agent_id, string $kind, string $state, string $sealed, int $expires_ms, string $public_key, string $site_key_id ): void {
		Database::write(
			'INSERT INTO ' . $this->table() . ' (key_id, agent_id, kind, state, sealed, created_at, expires_at, algorithm, public_key, site_key_id) VALUES (%s, %d, %s, %s, %s, ' . $this->clock->sql() . ', %d, %s, %s, %s)',
			$key_id,
			$agent_id,
			$kind,
			$state,
			$sealed,
			$expires_ms,
			'' === $public_key ? KeyRecord::HMAC : KeyRecord::ED25519,
			'' === $public_key ? '' : base64_encode( $public_key ),
			$site_key_id
		);
	}

	/** Of an agent, those that were not used. */
	public function revoke_tokens( int $agent_id ): void {
		Database::write( 'UPDATE ' . $this->table() . " SET state = 'revoked' WHERE agent_id = %d AND kind = 'token' AND state = 'active'", $agent_id );
	}

	/** One use: false when the token was used, revoked or has expired in the meantime. */
	public function use_token( string $key_id ): bool {
		$now = $this->clock->sql();
		return Database::write( 'UPDATE ' . $this->table() . " SET state = 'used', used_at = $now WHERE key_id = %s AND kind = 'token' AND state = 'active' AND expires_at > $now", $key_id ) > 0;
	}

	/** Of an agent all keys but one; '' spares none. */
	public function revoke_keys( int $agent_id, string $but_id = '' ): void {
		Database::write( 'UPDATE ' . $this->table() . " SET state = 'revoked' WHERE agent_id = %d AND kind = 'key' AND key_id <> %s AND state <> 'revoked'", $agent_id, $but_id );
	}

	/** Of an agent the keys that it has not used yet, but one. */
	public function revoke_fresh( int $agent_id, string $but_id ): void {
		Database::write( 'UPDATE ' . $this->table() . " SET state = 'revoked' WHERE agent_id = %d AND kind = 'key' AND state = 'fresh' AND key_id <> %s", $agent_id, $but_id );
	}

	/** Of an agent everything it could still sign with. */
	public function revoke_all( int $agent_id ): void {
		Database::write( 'UPDATE ' . $this->table() . " SET state = 'revoked' WHERE agent_id = %d AND state IN ('active','fresh')", $agent_id );
	}

	public function delete_all( int $agent_id ): void {
		Database::write( 'DELETE FROM ' . $this->table() . ' WHERE agent_id = %d', $agent_id );
	}

	public function delete( string $key_id ): void {
		Database::write( 'DELETE FROM ' . $this->table() . ' WHERE key_id = %s', $key_id );
	}

	/** Ends a key after so long, unless its end was set before. */
	public function expire_in( string $key_id, int $ms ): void {
		Database::write( 'UPDATE ' . $this->table() . ' SET expires_at = ' . $this->clock->sql() . ' + %d WHERE key_id = %s AND expires_at = 0', $ms, $key_id );
	}

	/** @return bool False when another request was faster. */
	public function activate( string $key_id ): bool {
		return Database::write( 'UPDATE ' . $this->table() . " SET state = 'active', used_at = " . $this->clock->sql() . " WHERE key_id = %s AND state = 'fresh'", $key_id ) > 0;
	}

	/** @return KeyRecord[] Not revoked, expired or not. */
	public function live(): array {
		return array_map( array( KeyRecord::class, 'from_row' ), Database::rows( 'SELECT * FROM ' . $this->table() . " WHERE kind = 'key' AND state IN ('active','fresh')" ) );
	}

	/** @return array<int,KeyRecord> Agent id → the key it signs with, or with which it may at least begin to. */
	public function in_use(): array {
		$rows = Database::rows( 'SELECT * FROM ' . $this->table() . " WHERE kind = 'key' AND (state = 'active' OR state = 'fresh') AND (expires_at = 0 OR expires_at > " . $this->clock->sql() . ') ORDER BY state DESC' );
		$keys = array();
		foreach ( $rows as $row ) {
			$keys[ (int) $row['agent_id'] ] = KeyRecord::from_row( $row ); // `active` comes after `fresh`.
		}
		return $keys;
	}

	/** Deletes what was revoked or used, or was a token that expired, so long ago. */
	public function purge( int $keep_ms ): void {
		Database::write( 'DELETE FROM ' . $this->table() . " WHERE state IN ('revoked','used') AND created_at < " . $this->clock->sql() . ' - %d', $keep_ms );
		Database::write( 'DELETE FROM ' . $this->table() . " WHERE kind IN ('token','probe') AND expires_at < " . $this->clock->sql() . ' - %d', $keep_ms );
	}

	/** Deletes of an agent what was revoked or used, but the newest so many. */
	public function trim( int $agent_id, int $kept ): void {
		$rows = Database::rows( 'SELECT key_id FROM ' . $this->table() . " WHERE agent_id = %d AND state IN ('revoked','used') ORDER BY created_at DESC, key_id LIMIT 1000 OFFSET %d", $agent_id, $kept );
		if ( $rows ) {
			Database::write( 'DELETE FROM ' . $this->table() . ' WHERE key_id IN (' . implode( ',', array_fill( 0, count( $rows ), '%s' ) ) . ')', ...array_column( $rows, 'key_id' ) );
		}
	}

	/** @return array<string,string> Key id → sealed secret, the site's own included. */
	public function sealed(): array {
		return array_column( Database::rows( 'SELECT key_id, sealed FROM ' . $this->table() . " WHERE sealed <> ''" ), 'sealed', 'key_id' );
	}

	/** Leaves a secret that was replaced meanwhile. */
	public function replace_sealed( string $key_id, string $old, string $sealed ): void {
		Database::write( 'UPDATE ' . $this->table() . ' SET sealed = %s WHERE key_id = %s AND sealed = %s', $sealed, $key_id, $old );
	}

	/** @return array{public_key:string,sealed:string}|null The site's signing key, its public half in base64. */
	public function site_key(): ?array {
		return Database::row( 'SELECT public_key, sealed FROM ' . $this->table() . ' WHERE key_id = %s AND kind = %s', self::SITE, self::SITE );
	}

	/** @param string|null $old The sealed secret that it takes the place of, null where there was none: the request that comes second changes nothing. */
	public function put_site_key( ?string $old, string $public_key, string $sealed ): void {
		$table = $this->table();
		$now   = $this->clock->sql();
		if ( null !== $old ) {
			Database::write( "UPDATE $table SET public_key = %s, sealed = %s, created_at = $now WHERE key_id = %s AND sealed = %s", $public_key, $sealed, self::SITE, $old );
		} else {
			Database::write( "INSERT IGNORE INTO $table (key_id, agent_id, kind, algorithm, public_key, sealed, created_at) VALUES (%s, 0, %s, %s, %s, %s, $now)", self::SITE, self::SITE, KeyRecord::ED25519, $public_key, $sealed );
		}
	}

	private function table(): string {
		return Database::table( 'keys' );
	}
}
