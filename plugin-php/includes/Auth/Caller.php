<?php
declare( strict_types=1 );

namespace AIDoc\Auth;

use AIDoc\Agents\Agent;
use AIDoc\Agents\Repository;
use AIDoc\Settings;

/** Where a request of an agent may come from: one list for all of them, one for each. Both are optional. */
final class Caller {

	/** As read when its address was checked, so that the route need not read it again. */
	private ?Agent $agent = null;

	public function __construct(
		private readonly Settings $settings,
		private readonly Repository $agents,
		private readonly RefusalLog $refusals,
	) {}

	/** By the site's list for all agents, before anything of the request is read. */
	public function refused_by_site_list(): ?\WP_Error {
		$allowed = new AddressList( $this->settings->get( 'allowed_ips' ) );
		if ( $allowed->is_empty() ) {
			return null;
		}
		$address = $this->address();
		return null !== $address && $allowed->has( $address ) ? null : $this->refusal( $address, 0 );
	}

	/** By the agent's own list, once the request is verified to be the agent's. */
	public function refused_by_agent_list( int $agent_id ): ?\WP_Error {
		$this->agent = $this->agents->find( $agent_id );
		if ( ! $this->agent ) {
			return null;
		}
		$address = $this->address();
		$allowed = new AddressList( $this->agent->allowed_ips() );
		if ( ! $allowed->is_empty() && ( null === $address || ! $allowed->has( $address ) ) ) {
			return $this->refusal( $address, $agent_id );
		}
		if ( null !== $address && $address !== $this->agent->lastIp ) {
			$this->agents->set_last_ip( $agent_id, $address );
		}
		return null;
	}

	/** The agent behind a verified request, unless it was revoked or deleted in the meantime. */
	public function agent( Principal $principal ): Agent|\WP_Error {
		list( $known, $this->agent ) = array( $this->agent, null );
		$agent                       = $known && $known->id === $principal->agentId ? $known : $this->agents->find( $principal->agentId );
		return $agent && 'active' === $agent->state ? $agent : Refusal::of( 'aidoc_key_revoked' );
	}

	/**
	 * Agents that the lists now refuse where they came from last.
	 *
	 * @return string[] `name (address)`
	 */
	public function excluded_agents(): array {
		$all     = new AddressList( $this->settings->get( 'allowed_ips' ) );
		$allows  = static fn( AddressList $entries, string $address ): bool => $entries->is_empty() || $entries->has( $address );
		$refused = array_filter(
			$this->agents->all(),
			static fn( Agent $agent ) => 'active' === $agent->state && '' !== $agent->lastIp && ! ( $allows( $all, $agent->lastIp ) && $allows( new AddressList( $agent->allowed_ips() ), $agent->lastIp ) )
		);
		return array_values( array_map( static fn( Agent $agent ) => "{$agent->name} ({$agent->lastIp})", $refused ) );
	}

	/** The agent was changed since. */
	public function forget(): void {
		$this->agent = null;
	}

	private function address(): ?string {
		return ClientAddress::of( $_SERVER, new AddressList( $this->settings->get( 'trusted_proxies' ) ) );
	}

	private function refusal( ?string $address, int $agent_id ): \WP_Error {
		$this->refusals->add( 'aidoc_address_refused', "agent $agent_id", $agent_id, (string) $address );
		$sentence = $agent_id
			/* translators: %s: an IP address */
			? __( 'This agent may not call from %s. An administrator can add the address to the agent’s list.', 'ai-doc-pipeline' )
			/* translators: %s: an IP address */
			: __( 'This site takes no calls of agents from %s. An administrator can add the address in Document Summaries → Settings.', 'ai-doc-pipeline' );
		$sentence = sprintf( $sentence, $address ?? __( 'an unknown address', 'ai-doc-pipeline' ) );
		return new \WP_Error( 'aidoc_address_refused', $sentence, array( 'status' => 403 ) );
	}
}
