<?php
declare( strict_types=1 );

namespace AIDoc\REST;

use AIDoc\Auth\Principal;
use AIDoc\Auth\Refusal;

/** POST /rotate: a second key; the first dies when this one is used. */
final class RotateRoute extends AgentRoute {

	protected function path(): string {
		return '/rotate';
	}

	protected function fields(): array {
		return array();
	}

	protected function answer( Principal $principal, array $body, \WP_REST_Request $request ): array|\WP_Error {
		$agent = $this->agent( $principal );
		if ( is_wp_error( $agent ) ) {
			return $agent;
		}
		if ( null !== $this->plugin->key_ring()->complaint() ) {
			return Refusal::of( 'aidoc_root_key_missing' );
		}
		list( $key_id, $secret ) = $this->plugin->key_ring()->rotate( $principal->key );
		$this->plugin->events()->log( 'key_issued', 0, $agent->id );
		return array(
			'key_id' => $key_id,
			'secret' => base64_encode( $secret ),
		);
	}
}
