<?php
declare( strict_types=1 );

namespace AIDoc\REST\Agent;

use AIDoc\Agents\Pace;
use AIDoc\Auth\DeadKeys;
use AIDoc\Auth\Principal;

/** POST /rotate: a second key; the first dies when this one is used. A public key follows on a shared secret, never the other way round. */
final class RotateRoute extends AgentRoute {

	use IssuesKeys;
	use Paced;

	protected const SHARED_SECRET = true;

	protected function fields(): array {
		return array( 'public_key' => self::public_key_field() );
	}

	protected function answer( Principal $principal, array $body, \WP_REST_Request $request ): array|\WP_REST_Response|\WP_Error {
		$agent = $this->agent( $principal );
		if ( is_wp_error( $agent ) ) {
			return $agent;
		}
		$public_key = self::offered( $body );
		$refused    = $this->key_refused( $public_key, $principal->key->is_public() ) ?? $this->too_often( $agent->id, Pace::Rotation );
		if ( $refused ) {
			return $refused;
		}
		list( $key_id, $secret ) = $this->plugin->key_ring()->rotate( $principal->key, $public_key );
		DeadKeys::trim( $agent->id );
		$this->plugin->events()->log( 'key_issued', 0, $agent->id );
		return $this->issued( $key_id, $secret );
	}
}
