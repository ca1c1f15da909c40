<?php
declare( strict_types=1 );

namespace AIDoc\REST\Agent;

use AIDoc\Auth\Principal;
use AIDoc\Auth\Refusal;
use AIDoc\Auth\SiteUrl;

/** POST /join: a one-time token becomes a key. */
final class JoinRoute extends AgentRoute {

	use IssuesKeys;

	protected function fields(): array {
		return array(
			'token'      => Field::text( 64 ),
			'agent'      => Field::object( self::agent_fields() ),
			'public_key' => self::public_key_field(),
		);
	}

	protected function answer( Principal $principal, array $body, \WP_REST_Request $request ): array|\WP_Error {
		$keys = $this->plugin->key_ring();
		if ( $body['token'] !== $principal->key->keyId ) {
			return Refusal::of( 'aidoc_key_unknown' );
		}
		$public_key = self::offered( $body );
		$refused    = $this->key_refused( $public_key );
		if ( $refused ) {
			return $refused; // Before the token is spent: the agent may come again with what is missing.
		}
		if ( ! $keys->use_token( $principal->key->keyId ) ) {
			return Refusal::of( 'aidoc_token_used' );
		}
		list( $key_id, $secret ) = $keys->issue_key( $principal->agentId, $public_key );
		$this->plugin->agents()->set_state( $principal->agentId, 'active' );
		$agent = $this->plugin->agents()->find( $principal->agentId );
		$this->plugin->agents()->seen( $agent, $body['agent'] );
		$this->plugin->agents()->set_rotation( $agent->id, false );
		$this->plugin->events()->log( 'agent_joined', 0, $agent->id, '', (string) $body['agent']['host'] );
		return $this->issued( $key_id, $secret ) + array(
			'agent'  => array(
				'id'   => $agent->id,
				'name' => $agent->name,
			),
			'site'   => array(
				'url'            => SiteUrl::canonical(),
				'rest_root'      => rest_url(),
				'name'           => html_entity_decode( get_bloginfo( 'name' ), ENT_QUOTES, 'UTF-8' ),
				'wp_version'     => get_bloginfo( 'version' ),
				'plugin_version' => AIDOC_VERSION,
			),
			'limits' => $this->limits(),
		);
	}
}
