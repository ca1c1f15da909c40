<?php
declare( strict_types=1 );

namespace AIDoc\REST;

use AIDoc\Agents\Pace;
use AIDoc\Auth\DeadKeys;
use AIDoc\Auth\Principal;

/** POST /rotate: a second key; the first dies when this one is used. */
final class RotateRoute extends AgentRoute {

	use Paced;

	protected function path(): string {
		return '/rotate';
	}

	protected function fields(): array {
		return array();
	}

	protected function answer( Principal $principal, array $body, \WP_REST_Request $request ): array|\WP_REST_Response|\WP_Error {
		$agent = $this->agent( $principal );
		if ( is_wp_error( $agent ) ) {
			return $agent;
		}
		$refused = $this->too_often( $agent->id, Pace::Rotation );
		if ( $refused ) {
			return $refused;
		}
		list( $key_id, $secret ) = $this->plugin->key_ring()->rotate( $principal->key );
		DeadKeys::trim( $agent->id );
		$this->plugin->events()->log( 'key_issued', 0, $agent->id );
		return array(
			'key_id' => $key_id,
			'secret' => base64_encode( $secret ),
		);
	}
}
