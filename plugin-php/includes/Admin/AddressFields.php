<?php

declare( strict_types=1 );

namespace AIDoc\Admin;

use AIDoc\Agents\Manager;
use AIDoc\Agents\Repository as Agents;
use AIDoc\Auth\AddressList;
use AIDoc\Auth\Caller;

/** The part of the settings form that says where agents may call from: all of them, and each by itself. */
final class AddressFields {

	/** Fields of the form that are settings as typed. */
	public const SETTINGS = array( 'allowed_ips', 'trusted_proxies', 'leases_per_agent' );

	private const AGENT = 'agent_ips_';

	public function __construct(
		private readonly Agents $agents,
		private readonly Manager $manager,
		private readonly Caller $caller,
	) {}

	/** @return array<string,string> Field => text, as typed. */
	public function typed( array $post ): array {
		$fields = array_merge( self::SETTINGS, array_map( static fn( array $agent ) => $agent['field'], $this->agents() ) );
		$given  = array_filter( array_intersect_key( $post, array_flip( $fields ) ), 'is_string' );
		return array_map( 'trim', $given );
	}

	/**
	 * @param array<string,string> $typed
	 * @return array<string,string> Field of an agent => why it is refused.
	 */
	public function refused( array $typed ): array {
		$parsed = array_map( array( AddressList::class, 'parse' ), self::of_agents( $typed ) );
		return array_map( static fn( \WP_Error $error ) => $error->get_error_message(), array_filter( $parsed, 'is_wp_error' ) );
	}

	/** @param array<string,string> $typed Not refused. */
	public function save( array $typed ): void {
		foreach ( self::of_agents( $typed ) as $field => $text ) {
			$id    = (int) substr( $field, strlen( self::AGENT ) );
			$agent = $this->agents->find( $id );
			if ( $agent && $agent->allowed_ips() !== AddressList::parse( $text ) ) {
				$this->manager->allow( $id, $text );
			}
		}
	}

	/** Which agents the lists exclude now: reported at once, or nobody would know why the documents wait. */
	public function warning(): ?string {
		$names = $this->caller->excluded_agents();
		/* translators: %s: names of agents with their addresses. */
		return $names ? sprintf( __( 'Settings saved. These agents can no longer call from where they were last seen: %s. Add their addresses, or the proxy in front of this site, unless you want to exclude them.', 'ai-doc-pipeline' ), implode( ', ', $names ) ) : null;
	}

	/** @return list<array{field:string,name:string,last_ip:string,allowed:string}> */
	public function agents(): array {
		$agents = array_filter( $this->agents->all(), static fn( $agent ) => 'revoked' !== $agent->state );
		return array_values(
			array_map(
				static fn( $agent ) => array(
					'field'   => self::AGENT . $agent->id,
					'name'    => $agent->name,
					'last_ip' => $agent->lastIp,
					'allowed' => implode( ', ', $agent->allowed_ips() ),
				),
				$agents
			)
		);
	}

	/**
	 * @param array<string,string> $typed
	 * @return array<string,string>
	 */
	private static function of_agents( array $typed ): array {
		return array_filter( $typed, static fn( string $field ) => str_starts_with( $field, self::AGENT ), ARRAY_FILTER_USE_KEY );
	}
}
