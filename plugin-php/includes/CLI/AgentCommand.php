<?php
declare( strict_types=1 );

namespace AIDoc\CLI;

use AIDoc\Agents\Agent;
use AIDoc\Agents\Manager;
use AIDoc\Agents\Repository as Agents;
use AIDoc\Auth\Caller;
use AIDoc\Auth\RootKeys;
use AIDoc\Schema;

/** Creates, lists and revokes agents. */
final class AgentCommand {

	public function __construct(
		private readonly Agents $agents,
		private readonly Manager $manager,
		private readonly Caller $caller,
	) {}

	/**
	 * Creates an agent and prints its join command, once.
	 *
	 * ## OPTIONS
	 *
	 * <name>
	 * : What to call it.
	 *
	 * [--porcelain]
	 * : Print the token alone.
	 *
	 * @param string[]             $args
	 * @param array<string,string> $options
	 */
	public function create( array $args, array $options = array() ): void {
		Schema::maybe_upgrade();
		$made = $this->manager->create( $args[0] ?? '' );
		if ( is_wp_error( $made ) ) {
			if ( 'aidoc_root_key_missing' === $made->get_error_code() ) {
				\WP_CLI::line( RootKeys::fresh_line() ); // Before the error, which ends the command.
			}
			\WP_CLI::error( $made->get_error_message() );
			return;
		}
		\WP_CLI::line( empty( $options['porcelain'] ) ? $made['command'] : $made['token'] );
		if ( empty( $options['porcelain'] ) ) {
			\WP_CLI::success( __( 'Run this on the agent’s machine within 15 minutes. It works once.', 'ai-doc-pipeline' ) );
		}
	}

	/**
	 * Lists the agents.
	 *
	 * @subcommand list
	 */
	public function list_(): void {
		Schema::maybe_upgrade();
		self::print( self::rows( $this->agents ) );
	}

	/**
	 * Revokes an agent: its keys stop working and its documents return to the queue.
	 *
	 * ## OPTIONS
	 *
	 * <agent>
	 * : Id or name.
	 *
	 * @param string[] $args
	 */
	public function revoke( array $args ): void {
		$agent = $this->named( (string) ( $args[0] ?? '' ) );
		if ( ! $agent ) {
			return;
		}
		$this->manager->revoke( $agent->id );
		/* translators: %s: name of an agent */
		\WP_CLI::success( sprintf( __( '“%s” is revoked.', 'ai-doc-pipeline' ), $agent->name ) );
	}

	/**
	 * Sends a directive to an agent; it arrives within one beat.
	 *
	 * ## OPTIONS
	 *
	 * <agent>
	 * : Id or name.
	 *
	 * <directive>
	 * : run, pause (finish what is held, take nothing new), drain (finish what fits, give back the rest) or stop (drain, then end the program).
	 *
	 * @param string[] $args
	 */
	public function tell( array $args ): void {
		Schema::maybe_upgrade();
		$agent = $this->named( (string) ( $args[0] ?? '' ) );
		if ( ! $agent ) {
			return;
		}
		$told = $this->manager->set_directive( $agent->id, (string) ( $args[1] ?? '' ) );
		if ( is_wp_error( $told ) ) {
			\WP_CLI::error( $told->get_error_message() );
			return;
		}
		/* translators: 1: name of an agent, 2: run, pause, drain or stop */
		\WP_CLI::success( sprintf( __( '“%1$s” was sent the directive “%2$s”.', 'ai-doc-pipeline' ), $agent->name, $args[1] ) );
	}

	/**
	 * Sets where an agent may call from.
	 *
	 * ## OPTIONS
	 *
	 * <agent>
	 * : Id or name.
	 *
	 * [<address>...]
	 * : Addresses or networks, such as 192.0.2.7 or 2001:db8::/32. None: from anywhere.
	 *
	 * @param string[] $args
	 */
	public function allow( array $args ): void {
		Schema::maybe_upgrade();
		$agent = $this->named( (string) array_shift( $args ) );
		if ( ! $agent ) {
			return;
		}
		$allowed = $this->manager->allow( $agent->id, $args );
		if ( is_wp_error( $allowed ) ) {
			\WP_CLI::error( $allowed->get_error_message() );
			return;
		}
		/* translators: %s: name of an agent */
		\WP_CLI::success( sprintf( $args ? __( '“%s” may call from these addresses.', 'ai-doc-pipeline' ) : __( '“%s” may call from anywhere.', 'ai-doc-pipeline' ), $agent->name ) );
		Command::warn_of_excluded( $this->caller );
	}

	private function named( string $which ): ?Agent {
		$agent = $this->agents->find_by_name( $which ) ?? ( ctype_digit( $which ) ? $this->agents->find( (int) $which ) : null );
		if ( ! $agent ) {
			/* translators: %s: id or name of an agent */
			\WP_CLI::error( sprintf( __( 'There is no agent “%s”.', 'ai-doc-pipeline' ), $which ) );
		}
		return $agent;
	}

	/** @return list<array<string,int|string>> */
	public static function rows( Agents $agents ): array {
		$held = $agents->leases_held();
		return array_map(
			static fn( $agent ) => array(
				'id'           => $agent->id,
				'name'         => $agent->name,
				'state'        => $agent->stoppedMs > 0 && 'active' === $agent->state ? 'stopped' : $agent->state,
				'directive'    => $agent->directive,
				'leases'       => $held[ $agent->id ] ?? 0,
				'version'      => $agent->version,
				'last_seen_ms' => $agent->lastSeenMs,
			),
			$agents->all()
		);
	}

	/** @param list<array<string,int|string>> $rows */
	public static function print( array $rows ): void {
		foreach ( $rows as $row ) {
			$seen = $row['last_seen_ms'] ? gmdate( 'Y-m-d H:i:s', intdiv( (int) $row['last_seen_ms'], 1000 ) ) . ' UTC' : '-';
			\WP_CLI::line( sprintf( '%-4d %-24s %-8s %-6s leases=%d seen=%s', $row['id'], $row['name'], $row['state'], $row['directive'], $row['leases'], $seen ) );
		}
	}
}
