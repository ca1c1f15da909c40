<?php
declare( strict_types=1 );

namespace AIDoc\REST\Agent;

use AIDoc\Agents\Repository as Agents;
use AIDoc\Auth\KeyRing;
use AIDoc\Auth\Principal;
use AIDoc\Auth\Refusal;
use AIDoc\Auth\SiteUrl;
use AIDoc\Jobs\Events;
use AIDoc\Queue\Leases;
use AIDoc\Settings;

/** POST /join: a one-time token becomes a key. */
final class JoinRoute extends AgentRoute {

	public function __construct(
		private readonly KeyRing $keys,
		private readonly KeyIssuer $issuer,
		private readonly Agents $agents,
		private readonly Settings $settings,
		private readonly Events $events,
	) {}

	public function fields(): array {
		return array(
			'token'      => Field::text( 64 ),
			'agent'      => Field::object( self::agent_fields() ),
			'public_key' => KeyIssuer::public_key_field(),
		);
	}

	public function answer( Principal $principal, array $body, \WP_REST_Request $request ): array|\WP_Error {
		if ( $body['token'] !== $principal->key->keyId ) {
			return Refusal::of( 'aidoc_key_unknown' );
		}
		$public_key = KeyIssuer::offered( $body );
		$refused    = $this->issuer->refused( $public_key );
		if ( $refused ) {
			return $refused; // Before the token is spent: the agent may come again with what is missing.
		}
		if ( ! $this->keys->use_token( $principal->key->keyId ) ) {
			return Refusal::of( 'aidoc_token_used' );
		}
		list( $key_id, $secret ) = $this->keys->issue_key( $principal->agentId, $public_key );
		$this->agents->set_state( $principal->agentId, 'active' );
		$agent = $this->agents->find( $principal->agentId );
		$this->agents->seen( $agent, $body['agent'] );
		$this->agents->set_rotation( $agent->id, false );
		$this->events->log( 'agent_joined', 0, $agent->id, '', (string) $body['agent']['host'] );
		return $this->issuer->issued( $key_id, $secret ) + array(
			'agent'      => array(
				'id'   => $agent->id,
				'name' => $agent->name,
			),
			'site'       => array(
				'url'            => SiteUrl::canonical(),
				'rest_root'      => rest_url(),
				'name'           => html_entity_decode( get_bloginfo( 'name' ), ENT_QUOTES, 'UTF-8' ),
				'wp_version'     => get_bloginfo( 'version' ),
				'plugin_version' => AIDOC_VERSION,
			),
			'limits'     => Leases::limits( $this->settings ),
			'new_agents' => $this->agents->count_new(),
		);
	}
}
