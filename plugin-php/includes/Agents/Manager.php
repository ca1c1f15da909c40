<?php
declare( strict_types=1 );

namespace AIDoc\Agents;

use AIDoc\Auth\AddressList;
use AIDoc\Auth\KeyRing;
use AIDoc\Auth\SiteUrl;
use AIDoc\Queue\Doorbell;
use AIDoc\Jobs\Events;
use AIDoc\Queue\Leases;
use AIDoc\Text;

/** What an administrator does to agents. */
final class Manager {

	public function __construct(
		private readonly Repository $agents,
		private readonly KeyRing $keys,
		private readonly Leases $leases,
		private readonly Events $events,
		private readonly Doorbell $doorbell,
	) {}

	/** @return array{agent:Agent, token_id:string, token:string, command:string, expires_ms:int}|\WP_Error The token is shown once. */
	public function create( string $name ): array|\WP_Error {
		$problem = $this->keys->problem();
		if ( null !== $problem ) {
			return $this->without_root( $problem );
		}
		$name = Text::clip( $name, 100 );
		if ( '' === $name ) {
			return new \WP_Error(
				'aidoc_invalid_name',
				__( 'Give the agent a name, such as that of its machine.', 'ai-doc-pipeline' ),
				array(
					'status' => 400,
					'field'  => 'name',
				)
			);
		}
		$agent = $this->agents->insert( $name );
		if ( ! $agent ) {
			return new \WP_Error(
				'aidoc_name_taken',
				/* translators: %s: name of an agent */
				sprintf( __( 'There is already an agent named “%s”. Choose another name, or make a new join command for that one.', 'ai-doc-pipeline' ), $name ),
				array(
					'status' => 409,
					'field'  => 'name',
				)
			);
		}
		$this->events->log( 'agent_created', 0, $agent->id );
		return $this->invitation( $agent );
	}

	/** @return array{agent:Agent, token_id:string, token:string, command:string, expires_ms:int}|\WP_Error */
	public function new_token( int $agent_id ): array|\WP_Error {
		$problem = $this->keys->problem();
		$agent   = $this->agents->find( $agent_id );
		if ( ! $agent || null !== $problem ) {
			return $agent ? $this->without_root( $problem ) : $this->unknown();
		}
		$this->events->log( 'token_created', 0, $agent_id );
		return $this->invitation( $agent );
	}

	/** Its keys stop working and its jobs return to the queue at once; other agents are not affected. */
	public function revoke( int $agent_id ): bool|\WP_Error {
		if ( ! $this->agents->find( $agent_id ) ) {
			return $this->unknown();
		}
		$this->keys->revoke_all( $agent_id );
		$this->agents->set_state( $agent_id, 'revoked' );
		$held  = $this->leases->held_jobs( $agent_id );
		$freed = $this->leases->release_all( $agent_id );
		$this->events->log_jobs( 'recalled', $held, __( 'The agent was revoked.', 'ai-doc-pipeline' ) );
		$this->events->log( 'agent_revoked', 0, $agent_id, '', $freed ? "$freed leases put back" : '' );
		if ( $freed ) {
			$this->doorbell->ring();
		}
		return true;
	}

	public function delete( int $agent_id ): bool|\WP_Error {
		$revoked = $this->revoke( $agent_id );
		if ( is_wp_error( $revoked ) ) {
			return $revoked;
		}
		$this->keys->delete_all( $agent_id );
		return $this->agents->delete( $agent_id );
	}

	public function set_directive( int $agent_id, string $directive ): bool|\WP_Error {
		if ( ! in_array( $directive, Agent::DIRECTIVES, true ) ) {
			return new \WP_Error(
				'aidoc_invalid_directive',
				__( 'A directive is one of run, pause, drain and stop.', 'ai-doc-pipeline' ),
				array(
					'status' => 400,
					'field'  => 'directive',
				)
			);
		}
		$agent = $this->agents->find( $agent_id );
		if ( ! $agent ) {
			return $this->unknown();
		}
		if ( $agent->directive !== $directive ) {
			$this->agents->set_directive( $agent_id, $directive, get_current_user_id() );
			$this->events->log( 'directive', 0, $agent_id, '', $directive );
			$this->doorbell->ring(); // An idle agent learns of it now, not at its next poll.
		}
		return true;
	}

	/**
	 * Where its requests may come from; nothing for anywhere.
	 *
	 * @param mixed $addresses See AddressList::parse().
	 */
	public function allow( int $agent_id, mixed $addresses ): bool|\WP_Error {
		if ( ! $this->agents->find( $agent_id ) ) {
			return $this->unknown();
		}
		$entries = AddressList::parse( $addresses );
		if ( is_wp_error( $entries ) ) {
			return new \WP_Error(
				'aidoc_invalid_address',
				$entries->get_error_message(),
				array(
					'status' => 400,
					'field'  => 'allowed_ips',
				)
			);
		}
		$this->agents->set_allowed_ips( $agent_id, $entries );
		$this->events->log( 'addresses', 0, $agent_id, '', implode( ' ', $entries ) );
		return true;
	}

	/** The agent is asked for a new key in its next answer; the old one works until then. */
	public function request_rotation( int $agent_id ): bool|\WP_Error {
		$agent = $this->agents->find( $agent_id );
		if ( ! $agent ) {
			return $this->unknown();
		}
		if ( 'active' !== $agent->state ) {
			return new \WP_Error( 'aidoc_not_active', __( 'This agent has no key to replace. Make a new join command instead.', 'ai-doc-pipeline' ), array( 'status' => 409 ) );
		}
		$this->agents->set_rotation( $agent_id, true );
		$this->events->log( 'rotation_requested', 0, $agent_id );
		$this->doorbell->ring();
		return true;
	}

	/** @return string|null The join command of a token that is still good: a page that comes after a redirect shows it, and nothing keeps it in between. */
	public function join_command( string $token_id ): ?string {
		$token = $this->keys->token( $token_id );
		return null === $token ? null : self::command( $token );
	}

	private function invitation( Agent $agent ): array {
		list( $token_id, $token, $expires_ms ) = $this->keys->issue_token( $agent->id );
		return array(
			'agent'      => $agent,
			'token_id'   => $token_id,
			'token'      => $token,
			'command'    => self::command( $token ),
			'expires_ms' => $expires_ms,
		);
	}

	private static function command( string $token ): string {
		return sprintf( "aidoc-agent join '%s' '%s'", str_replace( "'", '%27', SiteUrl::canonical() ), $token );
	}

	private function without_root( string $problem ): \WP_Error {
		return new \WP_Error( 'aidoc_root_key_missing', $problem, array( 'status' => 503 ) );
	}

	private function unknown(): \WP_Error {
		return new \WP_Error( 'aidoc_agent_unknown', __( 'There is no such agent.', 'ai-doc-pipeline' ), array( 'status' => 404 ) );
	}
}
