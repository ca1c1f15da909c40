<?php
declare( strict_types=1 );

namespace AIDoc\REST\Agent;

use AIDoc\Agents\Pace;
use AIDoc\Auth\Caller;
use AIDoc\Auth\KeyRing;
use AIDoc\Auth\Principal;
use AIDoc\Jobs\Events;

/** POST /rotate: a second key; the first is revoked when this one is used. A public key follows on a shared secret, never the other way round. */
final class RotateRoute extends AgentRoute {

	public const SHARED_SECRET = true;

	public function __construct(
		private readonly Caller $caller,
		private readonly KeyRing $keys,
		private readonly KeyIssuer $issuer,
		private readonly RateLimit $limit,
		private readonly Events $events,
	) {}

	public function fields(): array {
		return array( 'public_key' => KeyIssuer::public_key_field() );
	}

	public function answer( Principal $principal, array $body, \WP_REST_Request $request ): array|\WP_REST_Response|\WP_Error {
		$agent = $this->caller->agent( $principal );
		if ( is_wp_error( $agent ) ) {
			return $agent;
		}
		$public_key = KeyIssuer::offered( $body );
		$refused    = $this->issuer->refused( $public_key, $principal->key->is_public() ) ?? $this->limit->refused( $agent->id, Pace::Rotation );
		if ( $refused ) {
			return $refused;
		}
		list( $key_id, $secret ) = $this->keys->rotate( $principal->key, $public_key );
		$this->events->log( 'key_issued', 0, $agent->id );
		return $this->issuer->issued( $key_id, $secret );
	}
}
