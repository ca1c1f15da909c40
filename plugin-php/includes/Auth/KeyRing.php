<?php
declare( strict_types=1 );

namespace AIDoc\Auth;

use AIDoc\Clock;
use AIDoc\Database;
use AIDoc\Text;

/** The keys and one-time tokens of all agents. */
final class KeyRing {

	public const TOKEN_MS    = 15 * MINUTE_IN_SECONDS * 1000;
	private const OVERLAP_MS = DAY_IN_SECONDS * 1000;
	private const KEEP_MS    = 90 * DAY_IN_SECONDS * 1000;

	public function __construct(
		private readonly Vault $vault,
		private readonly Clock $clock,
		private readonly SiteKeys $site,
	) {}

	public function find( string $key_id ): ?KeyRecord {
		$row = Database::row( 'SELECT * FROM ' . $this->table() . ' WHERE key_id = %s', $key_id );
		return $row && hash_equals( (string) $row['key_id'], $key_id ) ? KeyRecord::from_row( $row ) : null;
	}

	/** Why this site can make no key now, or null where it can. */
	public function complaint(): ?string {
		return $this->vault->complaint();
	}

	/** @return Credential|null Null where the site can no longer read what it needs of this key, or where its row was tampered with. */
	public function credential( KeyRecord $key ): ?Credential {
		if ( ! $key->is_consistent() ) {
			return null;
		}
		$secret = $this->secret( $key );
		if ( ! $key->is_public() ) {
			return null === $secret ? null : new SharedSecret( $key->keyId, $secret );
		}
		// A public key is sealed too, to be authentic: who can write into the database alone makes no agent of himself.
		$site = $key->publicKey === $secret ? $this->site->current() : null;
		return $site ? new AgentPublicKey( $key->publicKey, $site ) : null;
	}

	/** @return string|null Null where the root key of wp-config.php has changed since. */
	public function secret( KeyRecord $key ): ?string {
		return $this->vault->open( $key->keyId, $key->sealed );
	}

	/** @return string|null The join command's token as long as it is good, for the page after the one that made it. */
	public function token( string $key_id ): ?string {
		$key    = $this->find( $key_id );
		$usable = $key && KeyRecord::TOKEN === $key->kind && 'active' === $key->state && $key->expiresMs > $this->clock->now_ms();
		$secret = $usable ? $this->secret( $key ) : null;
		return null === $secret ? null : self::token_text( $key_id, $secret );
	}

	/** @return array{0:string,1:string,2:int} Id and text of the token, to be shown once, and when it expires. Older unused tokens of the agent die. */
	public function issue_token( int $agent_id ): array {
		Database::write( 'UPDATE ' . $this->table() . " SET state = 'revoked' WHERE agent_id = %d AND kind = 'token' AND state = 'active'", $agent_id );
		$key_id  = 'jt_' . bin2hex( random_bytes( 12 ) );
		$secret  = random_bytes( 32 );
		$expires = $this->clock->now_ms() + self::TOKEN_MS;
		$this->insert( $key_id, $agent_id, KeyRecord::TOKEN, 'active', $secret, $expires );
		return array( $key_id, self::token_text( $key_id, $secret ), $expires );
	}

	/** One use: false when the token was used, revoked or has expired in the meantime. */
	public function use_token( string $key_id ): bool {
		$now = $this->clock->sql();
		return Database::write( 'UPDATE ' . $this->table() . " SET state = 'used', used_at = $now WHERE key_id = %s AND kind = 'token' AND state = 'active' AND expires_at > $now", $key_id ) > 0;
	}

	/**
	 * All other keys of the agent die: it joined anew.
	 *
	 * @param string $public_key 32 bytes that the agent offers, or '' for a shared secret.
	 * @return array{0:string,1:string} Key id and the 64 secret bytes, '' where the agent has kept its secret to itself.
	 */
	public function issue_key( int $agent_id, string $public_key = '' ): array {
		$this->revoke_keys( $agent_id );
		return $this->make( $agent_id, 'active', $public_key );
	}

	/** @return array{0:string,1:string} The second key, as above. The current one dies at its first use, or after a day. */
	public function rotate( KeyRecord $current, string $public_key = '' ): array {
		$now = $this->clock->sql();
		// A rotation whose answer was lost left a fresh key that nobody has.
		Database::write( 'UPDATE ' . $this->table() . " SET state = 'revoked' WHERE agent_id = %d AND kind = 'key' AND state = 'fresh' AND key_id <> %s", $current->agentId, $current->keyId );
		$made = $this->make( $current->agentId, 'fresh', $public_key );
		Database::write( 'UPDATE ' . $this->table() . " SET expires_at = $now + %d WHERE key_id = %s AND expires_at = 0", self::OVERLAP_MS, $current->keyId );
		return $made;
	}

	/** @return array{0:string,1:string} */
	private function make( int $agent_id, string $state, string $public_key ): array {
		$secret = '' === $public_key ? random_bytes( 64 ) : '';
		$key_id = ( '' === $public_key ? 'ak_' : 'ae_' ) . bin2hex( random_bytes( 12 ) );
		$this->insert( $key_id, $agent_id, KeyRecord::KEY, $state, $secret, 0, $public_key );
		return array( $key_id, $secret );
	}

	/** The first use of a rotated key ends the others. */
	public function first_use( KeyRecord $key ): bool {
		if ( 'fresh' !== $key->state ) {
			return false;
		}
		$now = $this->clock->sql();
		if ( 1 > Database::write( 'UPDATE ' . $this->table() . " SET state = 'active', used_at = $now WHERE key_id = %s AND state = 'fresh'", $key->keyId ) ) {
			return false;
		}
		Database::write( 'UPDATE ' . $this->table() . " SET state = 'revoked' WHERE agent_id = %d AND kind = 'key' AND key_id <> %s AND state <> 'revoked'", $key->agentId, $key->keyId );
		return true;
	}

	public function revoke_all( int $agent_id ): void {
		Database::write( 'UPDATE ' . $this->table() . " SET state = 'revoked' WHERE agent_id = %d AND state IN ('active','fresh')", $agent_id );
	}

	public function delete_all( int $agent_id ): void {
		Database::write( 'DELETE FROM ' . $this->table() . ' WHERE agent_id = %d', $agent_id );
	}

	/** @return array{total:int,unreadable:int} Live keys, and how many of them the present root does not open. */
	public function readability(): array {
		$rows       = Database::rows( 'SELECT * FROM ' . $this->table() . " WHERE kind = 'key' AND state IN ('active','fresh')" );
		$unreadable = array_filter( $rows, fn( $row ) => ! $this->is_readable( KeyRecord::from_row( $row ) ) );
		return array(
			'total'      => count( $rows ),
			'unreadable' => count( $unreadable ),
		);
	}

	/** To an agent with a public key the answers must be signed with what it has pinned. */
	private function is_readable( KeyRecord $key ): bool {
		return null !== $this->credential( $key ) && ( ! $key->is_public() || $key->siteKeyId === $this->site->current()?->keyId );
	}

	/** Dead keys are kept a while, so that their owner is told why, and then forgotten. */
	public function purge(): void {
		Database::write( 'DELETE FROM ' . $this->table() . " WHERE state IN ('revoked','used') AND created_at < " . $this->clock->sql() . ' - %d', self::KEEP_MS );
		Database::write( 'DELETE FROM ' . $this->table() . " WHERE kind = 'token' AND expires_at < " . $this->clock->sql() . ' - %d', self::KEEP_MS );
	}

	/** For tests and for importing a key made elsewhere: with its secret, or with its public half alone. */
	public function insert( string $key_id, int $agent_id, string $kind, string $state, string $secret, int $expires_ms, string $public_key = '' ): void {
		$public = '' !== $public_key;
		Database::write(
			'INSERT INTO ' . $this->table() . ' (key_id, agent_id, kind, state, sealed, created_at, expires_at, algorithm, public_key, site_key_id) VALUES (%s, %d, %s, %s, %s, ' . $this->clock->sql() . ', %d, %s, %s, %s)',
			$key_id,
			$agent_id,
			$kind,
			$state,
			$this->vault->seal( $key_id, $public ? $public_key : $secret ),
			$expires_ms,
			$public ? KeyRecord::ED25519 : KeyRecord::HMAC,
			$public ? base64_encode( $public_key ) : '',
			$public ? $this->site->current_or_new()->keyId : ''
		);
	}

	/** How many agents sign with a secret that the site has too. */
	public function count_shared(): int {
		return count( array_filter( $this->in_use(), static fn( KeyRecord $key ): bool => ! $key->is_public() ) );
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

	private function revoke_keys( int $agent_id ): void {
		Database::write( 'UPDATE ' . $this->table() . " SET state = 'revoked' WHERE agent_id = %d AND kind = 'key' AND state <> 'revoked'", $agent_id );
	}

	private static function token_text( string $key_id, string $secret ): string {
		return "aidoc1.$key_id." . Text::base64url( $secret );
	}

	private function table(): string {
		return Database::table( 'keys' );
	}
}
