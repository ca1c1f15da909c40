<?php
declare( strict_types=1 );

namespace AIDoc\Auth;

use AIDoc\Clock;
use AIDoc\Text;

/** The keys and one-time tokens of all agents. */
final class KeyRing {

	public const TOKEN_MS    = 15 * MINUTE_IN_SECONDS * 1000;
	private const PROBE_MS   = MINUTE_IN_SECONDS * 1000;
	private const OVERLAP_MS = DAY_IN_SECONDS * 1000;
	private const KEEP_MS    = 90 * DAY_IN_SECONDS * 1000;

	/** Revoked and used keys of one agent: the newest are enough to tell it why they are refused. */
	private const KEPT = 20;

	public function __construct(
		private readonly KeyRepository $rows,
		private readonly Vault $vault,
		private readonly SiteKeys $site,
		private readonly Clock $clock,
	) {}

	public function find( string $key_id ): ?KeyRecord {
		return $this->rows->find( $key_id );
	}

	/** Why this site can make no key now, or null where it can. */
	public function problem(): ?string {
		return $this->vault->problem();
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
		// A public key is sealed too, to be authentic: write access to the database alone creates no agent.
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

	/** @return array{0:string,1:string,2:int} Id and text of the token, to be shown once, and when it expires. Earlier unused tokens of the agent are revoked. */
	public function issue_token( int $agent_id ): array {
		$this->rows->revoke_tokens( $agent_id );
		$key_id  = 'jt_' . bin2hex( random_bytes( 12 ) );
		$secret  = random_bytes( 32 );
		$expires = $this->clock->now_ms() + self::TOKEN_MS;
		$this->insert( $key_id, $agent_id, KeyRecord::TOKEN, 'active', $secret, $expires );
		return array( $key_id, self::token_text( $key_id, $secret ), $expires );
	}

	/** One use: false when the token was used, revoked or has expired in the meantime. */
	public function use_token( string $key_id ): bool {
		return $this->rows->use_token( $key_id );
	}

	/**
	 * All other keys of the agent are revoked: it joined anew.
	 *
	 * @param string $public_key 32 bytes that the agent offers, or '' for a shared secret.
	 * @return array{0:string,1:string} Key id and the 64 secret bytes, '' where the agent has kept its secret to itself.
	 */
	public function issue_key( int $agent_id, string $public_key = '' ): array {
		$this->rows->revoke_keys( $agent_id );
		return $this->make( $agent_id, 'active', $public_key );
	}

	/** @return array{0:string,1:string} The second key, as above. The current one is revoked at its first use, or after a day. */
	public function rotate( KeyRecord $current, string $public_key = '' ): array {
		// A rotation whose answer was lost left a fresh key that no agent has.
		$this->rows->revoke_fresh( $current->agentId, $current->keyId );
		$made = $this->make( $current->agentId, 'fresh', $public_key );
		$this->rows->expire_in( $current->keyId, self::OVERLAP_MS );
		$this->rows->trim( $current->agentId, self::KEPT );
		return $made;
	}

	/**
	 * For a request of the site to itself, within a minute. The key belongs to no agent; the gate lets it through to /echo alone.
	 *
	 * @return array{0:string,1:string} Key id and secret; to be given back to end_probe().
	 */
	public function begin_probe(): array {
		$key_id = 'ak_' . bin2hex( random_bytes( 12 ) );
		$secret = random_bytes( 64 );
		$this->insert( $key_id, 0, KeyRecord::PROBE, 'active', $secret, $this->clock->now_ms() + self::PROBE_MS );
		return array( $key_id, $secret );
	}

	public function end_probe( string $key_id ): void {
		$this->rows->delete( $key_id );
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
		if ( 'fresh' !== $key->state || ! $this->rows->activate( $key->keyId ) ) {
			return false;
		}
		$this->rows->revoke_keys( $key->agentId, $key->keyId );
		return true;
	}

	public function revoke_all( int $agent_id ): void {
		$this->rows->revoke_all( $agent_id );
	}

	public function delete_all( int $agent_id ): void {
		$this->rows->delete_all( $agent_id );
	}

	/** @return array{total:int,unreadable:int} Live keys, and how many of them the present root does not open. */
	public function readability(): array {
		$live       = $this->rows->live();
		$unreadable = array_filter( $live, fn( KeyRecord $key ) => ! $this->is_readable( $key ) );
		return array(
			'total'      => count( $live ),
			'unreadable' => count( $unreadable ),
		);
	}

	/** To an agent with a public key the answers must be signed with what it has pinned. */
	private function is_readable( KeyRecord $key ): bool {
		return null !== $this->credential( $key ) && ( ! $key->is_public() || $key->siteKeyId === $this->site->current()?->keyId );
	}

	/** Revoked and used keys are kept for a while, so that a refusal can say why, and then deleted. */
	public function purge(): void {
		$this->rows->purge( self::KEEP_MS );
	}

	/** For tests and for importing a key made elsewhere: with its secret, or with its public half alone. */
	public function insert( string $key_id, int $agent_id, string $kind, string $state, string $secret, int $expires_ms, string $public_key = '' ): void {
		$public = '' !== $public_key;
		$this->rows->insert( $key_id, $agent_id, $kind, $state, $this->vault->seal( $key_id, $public ? $public_key : $secret ), $expires_ms, $public_key, $public ? $this->site->current_or_new()->keyId : '' );
	}

	/** How many agents sign with a secret that the site has too. */
	public function count_shared(): int {
		return count( array_filter( $this->in_use(), static fn( KeyRecord $key ): bool => ! $key->is_public() ) );
	}

	/** @return array<int,KeyRecord> See KeyRepository::in_use(). */
	public function in_use(): array {
		return $this->rows->in_use();
	}

	private static function token_text( string $key_id, string $secret ): string {
		return "aidoc1.$key_id." . Text::base64url( $secret );
	}
}
