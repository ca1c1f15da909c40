<?php
declare( strict_types=1 );

namespace AIDoc\REST\Agent;

use AIDoc\Auth\Principal;
use AIDoc\Auth\Profile;
use AIDoc\Auth\SiteUrl;

/** POST /echo: what arrived, for `aidoc-agent doctor`. */
final class EchoRoute extends AgentRoute {

	protected const SHARED_SECRET = true;

	protected function fields(): array {
		return array();
	}

	protected function answer( Principal $principal, array $body, \WP_REST_Request $request ): array|\WP_Error {
		$agent = $this->agent( $principal );
		if ( is_wp_error( $agent ) ) {
			return $agent;
		}
		$this->plugin->agents()->seen( $agent );
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
			'limits'         => $this->limits(),
			'wp_version'     => get_bloginfo( 'version' ),
			'plugin_version' => AIDOC_VERSION,
			'php_version'    => PHP_VERSION,
			'server_now_ms'  => $this->plugin->clock()->now_ms(),
		);
	}
}
