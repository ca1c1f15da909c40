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

	private const FIELDS = array( 'id', 'name', 'state', 'directive', 'leases', 'version', 'last_seen' );

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
	 * ## EXAMPLES
	 *
	 *     $ wp aidoc agent create scan-1
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
	 * ## OPTIONS
	 *
	 * [--fields=<fields>]
	 * : Fields with commas between: id, name, state, directive, leases, slots, version, host, note, last_seen.
	 *
	 * [--format=<format>]
	 * : table, json, csv, yaml, count or ids.
	 *
	 * ## EXAMPLES
	 *
	 *     $ wp aidoc agent list
	 *     $ wp aidoc agent list --format=json --fields=name,state,last_seen
	 *
	 * @subcommand list
	 *
	 * @param string[]             $args
	 * @param array<string,string> $options
	 */
	public function list_( array $args, array $options = array() ): void {
		Schema::maybe_upgrade();
		Output::rows( self::rows( $this->agents ), self::FIELDS, $options );
	}

	/**
	 * Revokes an agent: its keys stop working and its documents return to the queue.
	 *
	 * ## OPTIONS
	 *
	 * <agent>
	 * : Id or name.
	 *
	 * [--dry-run]
	 * : Say how many documents return to the queue, and change nothing.
	 *
	 * [--yes]
	 * : Do not ask.
	 *
	 * ## EXAMPLES
	 *
	 *     $ wp aidoc agent revoke scan-1 --yes
	 *
	 * @param string[]             $args
	 * @param array<string,string> $options
	 */
	public function revoke( array $args, array $options = array() ): void {
		Schema::maybe_upgrade();
		$agent = $this->named( (string) ( $args[0] ?? '' ) );
		if ( ! $agent ) {
			return;
		}
		$held = $this->agents->leases_held()[ $agent->id ] ?? 0;
		if ( ! empty( $options['dry-run'] ) ) {
			/* translators: 1: name of an agent, 2: number of documents */
			\WP_CLI::line( sprintf( __( '“%1$s” would be revoked and %2$d of its documents return to the queue; nothing was changed.', 'ai-doc-pipeline' ), $agent->name, $held ) );
			return;
		}
		/* translators: 1: name of an agent, 2: number of documents */
		\WP_CLI::confirm( sprintf( __( 'Revoke “%1$s”? It can never sign in again, and %2$d of its documents return to the queue.', 'ai-doc-pipeline' ), $agent->name, $held ), $options );
		$this->manager->revoke( $agent->id );
		/* translators: %s: name of an agent */
		\WP_CLI::success( sprintf( __( '“%s” is revoked.', 'ai-doc-pipeline' ), $agent->name ) );
	}

	/**
	 * Has an agent fetch a new key with its next request; the old one works until then.
	 *
	 * ## OPTIONS
	 *
	 * [<agent>...]
	 * : Ids or names.
	 *
	 * [--all]
	 * : Every agent that has joined.
	 *
	 * [--dry-run]
	 * : Say which it would be, and change nothing.
	 *
	 * ## EXAMPLES
	 *
	 *     $ wp aidoc rotate scan-1
	 *     $ wp aidoc rotate --all
	 *
	 * @param string[]             $args
	 * @param array<string,string> $options
	 */
	public function rotate( array $args, array $options = array() ): void {
		Schema::maybe_upgrade();
		if ( empty( $options['all'] ) === ! $args ) {
			\WP_CLI::error( $args ? __( 'Name agents or give --all, not both.', 'ai-doc-pipeline' ) : __( 'Name agents, or give --all.', 'ai-doc-pipeline' ) );
			return;
		}
		$agents = $args ? array_map( array( $this, 'named' ), $args ) : array_filter( $this->agents->all(), static fn( Agent $agent ): bool => 'active' === $agent->state );
		if ( in_array( null, $agents, true ) ) {
			return;
		}
		if ( ! empty( $options['dry-run'] ) ) {
			/* translators: %s: names of agents */
			\WP_CLI::line( sprintf( __( 'It would be: %s. Nothing was changed.', 'ai-doc-pipeline' ), implode( ', ', array_map( static fn( Agent $agent ): string => $agent->name, $agents ) ) ) );
			return;
		}
		Output::each(
			array_map( static fn( Agent $agent ): int => $agent->id, array_values( $agents ) ),
			fn( int $id ): bool|\WP_Error => $this->manager->request_rotation( $id ),
			/* translators: 1: number of agents, 2: number of agents */
			static fn( int $done, int $refused ): string => sprintf( __( '%1$d will fetch a new key, %2$d refused.', 'ai-doc-pipeline' ), $done, $refused )
		);
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
	 * ## EXAMPLES
	 *
	 *     $ wp aidoc agent tell scan-1 pause
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
	 * ## EXAMPLES
	 *
	 *     $ wp aidoc agent allow scan-1 192.0.2.7 2001:db8::/32
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
		return self::find( $this->agents, $which );
	}

	/** @return Agent|null Null after an error. */
	public static function find( Agents $agents, string $which ): ?Agent {
		$agent = $agents->find_by_name( $which ) ?? ( ctype_digit( $which ) ? $agents->find( (int) $which ) : null );
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
				'slots'        => $agent->slots,
				'version'      => $agent->version,
				'host'         => $agent->host,
				'note'         => $agent->note,
				'last_seen'    => Output::time( $agent->lastSeenMs ),
				'last_seen_ms' => $agent->lastSeenMs,
			),
			$agents->all()
		);
	}
}
