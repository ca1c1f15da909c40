<?php
declare( strict_types=1 );

namespace AIDoc\REST\Agent;

use AIDoc\Agents\Repository as Agents;
use AIDoc\Auth\Caller;
use AIDoc\Auth\KeyRecord;
use AIDoc\Auth\Principal;
use AIDoc\Auth\Profile;
use AIDoc\Auth\SiteUrl;
use AIDoc\Clock;
use AIDoc\Queue\Leases;
use AIDoc\Queue\Polling;
use AIDoc\Settings;

/** POST /echo: what arrived, for `aidoc-agent doctor`; and for Site Health, whose key is of no agent. */
final class EchoRoute extends AgentRoute {

	public const SHARED_SECRET = true;

	public function __construct(
		private readonly Caller $caller,
		private readonly Agents $agents,
		private readonly Settings $settings,
		private readonly Polling $polling,
		private readonly Clock $clock,
	) {}

	public function fields(): array {
		return array();
	}

	public function answer( Principal $principal, array $body, \WP_REST_Request $request ): array|\WP_Error {
		if ( KeyRecord::PROBE === $principal->key?->kind ) {
			return array( 'probe' => true );
		}
		$agent = $this->caller->agent( $principal );
		if ( is_wp_error( $agent ) ) {
			return $agent;
		}
		$this->agents->seen( $agent );
		$bell = $this->polling->doorbell();
		return array(
			'route'          => $request->get_route(),
			'method'         => $request->get_method(),
			'site'           => SiteUrl::canonical(),
			'rest_root'      => rest_url(),
			'headers'        => array_values( array_filter( Profile::HEADERS, static fn( $name ) => null !== $request->get_header( $name ) ) ),
			'agent'          => array(
				'id'        => $agent->id,
				'name'      => $agent->name,
				'directive' => $agent->directive,
			),
			'limits'         => Leases::limits( $this->settings ),
			'wp_version'     => get_bloginfo( 'version' ),
			'plugin_version' => AIDOC_VERSION,
			'php_version'    => PHP_VERSION,
			'server_now_ms'  => $this->clock->now_ms(),
			'doorbell'       => $bell,
			'agents'         => $this->polling->agents(),
		);
	}
}
