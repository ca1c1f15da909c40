<?php
declare( strict_types=1 );

namespace AIDoc\CLI;

use AIDoc\Agents\Repository as Agents;
use AIDoc\Auth\Caller;
use AIDoc\Backfill\Filter;
use AIDoc\Jobs\Inspector;
use AIDoc\Jobs\Manager;
use AIDoc\Jobs\Repository as Jobs;
use AIDoc\Schema;
use AIDoc\Settings;

/** Manages the queue of documents. */
final class Command {

	public function __construct(
		private readonly Jobs $jobs,
		private readonly Manager $manager,
		private readonly Agents $agents,
		private readonly Settings $settings,
		private readonly Caller $caller,
		private readonly Inspector $inspector,
		private readonly BackfillCommand $backfill,
	) {}

	/**
	 * Queues documents. Those that are named stand before everything that a backfill has queued.
	 *
	 * ## OPTIONS
	 *
	 * [<id>...]
	 * : Attachment ids.
	 *
	 * [--all]
	 * : The whole library, behind everything else: the same as "wp aidoc backfill".
	 *
	 * [--force]
	 * : Also those that are done, have failed or were cancelled.
	 *
	 * [--dry-run]
	 * : Say what would become of them, and queue nothing.
	 *
	 * [--fields=<fields>]
	 * : With --dry-run: of id, file, mime, bytes, refused; with --all as of the backfill.
	 *
	 * [--format=<format>]
	 * : With --dry-run: table, json, csv, yaml, count or ids.
	 *
	 * ## EXAMPLES
	 *
	 *     $ wp aidoc enqueue 12 13
	 *     $ wp aidoc enqueue --all --dry-run --format=count
	 *
	 * Exit codes: 0 all of them, 2 some were refused, 1 all were, or the command makes no sense.
	 *
	 * @param string[]             $args
	 * @param array<string,string> $options
	 */
	public function enqueue( array $args, array $options = array() ): void {
		Schema::maybe_upgrade();
		if ( empty( $options['all'] ) && ! $args ) {
			\WP_CLI::error( __( 'Name attachment ids, or give --all.', 'ai-doc-pipeline' ) );
			return;
		}
		if ( ! empty( $options['all'] ) ) {
			( $this->backfill )(
				array(),
				array(
					'which' => empty( $options['force'] ) ? Filter::MISSING : Filter::ALL,
					'yes'   => '1',
				) + $options
			);
			return;
		}
		$ids = array_map( 'intval', $args );
		if ( ! empty( $options['dry-run'] ) ) {
			Output::rows( array_map( array( $this, 'preview' ), $ids ), array( 'id', 'file', 'mime', 'bytes', 'refused' ), $options );
			return;
		}
		$tally = array(
			'queued'    => 0,
			'unchanged' => 0,
			'refused'   => 0,
		);
		foreach ( $ids as $id ) {
			++$tally[ $this->put( $id, ! empty( $options['force'] ) ) ];
		}
		/* translators: 1: number queued, 2: number unchanged, 3: number refused */
		$sentence = sprintf( __( '%1$d queued, %2$d unchanged, %3$d refused.', 'ai-doc-pipeline' ), $tally['queued'], $tally['unchanged'], $tally['refused'] );
		Output::conclude( $tally['queued'] + $tally['unchanged'], $tally['refused'], $sentence );
	}

	/** @return 'queued'|'unchanged'|'refused' */
	private function put( int $id, bool $force ): string {
		$before = $this->jobs->latest_for_attachments( array( $id ) )[ $id ] ?? null;
		$job    = $this->manager->enqueue( $id, $force );
		if ( is_wp_error( $job ) || '' !== $job->errorCode ) {
			\WP_CLI::warning( "$id: " . ( is_wp_error( $job ) ? $job->get_error_message() : $job->errorMessage ) );
			return 'refused';
		}
		return $before && $before->id === $job->id && $before->state === $job->state ? 'unchanged' : 'queued';
	}

	/** @return array{id:int,file:string,mime:string,bytes:int,refused:string} */
	private function preview( int $id ): array {
		$facts = $this->inspector->inspect( $id, null, Inspector::UNOPENED );
		$error = is_wp_error( $facts );
		return array(
			'id'      => $id,
			'file'    => $error ? '' : $facts->filename,
			'mime'    => $error ? '' : $facts->mime,
			'bytes'   => $error ? 0 : $facts->bytes,
			'refused' => $error ? $facts->get_error_message() : $facts->refusal,
		);
	}

	/**
	 * Shows how many documents are in which state, and which agents there are.
	 *
	 * ## OPTIONS
	 *
	 * [--fields=<fields>]
	 * : Of state, documents.
	 *
	 * [--format=<format>]
	 * : table, json (with the agents), csv, yaml, count or ids.
	 *
	 * ## EXAMPLES
	 *
	 *     $ wp aidoc status
	 *     $ wp aidoc status --format=json
	 *
	 * @param string[]             $args
	 * @param array<string,string> $options
	 */
	public function status( array $args, array $options = array() ): void {
		Schema::maybe_upgrade();
		$counts = $this->jobs->counts();
		if ( 'json' === ( $options['format'] ?? '' ) && empty( $options['fields'] ) ) {
			$all = array(
				'jobs'   => $counts,
				'agents' => AgentCommand::rows( $this->agents ),
			);
			\WP_CLI::line( (string) wp_json_encode( $all ) );
			return;
		}
		$rows = array();
		foreach ( $counts as $state => $number ) {
			$rows[] = array(
				'state'     => $state,
				'documents' => $number,
			);
		}
		Output::rows( $rows, array( 'state', 'documents' ), $options );
		if ( Output::is_for_people( $options ) ) {
			Output::rows( AgentCommand::rows( $this->agents ), array( 'name', 'state', 'directive', 'leases', 'last_seen' ), array() );
		}
	}

	/**
	 * Sets where agents may call from at all.
	 *
	 * ## OPTIONS
	 *
	 * [<address>...]
	 * : Addresses or networks, such as 192.0.2.7 or 2001:db8::/32. None: from anywhere.
	 *
	 * [--proxies=<addresses>]
	 * : Proxies in front of the site whose X-Forwarded-For is trusted, with commas between; an empty value for none.
	 *
	 * ## EXAMPLES
	 *
	 *     $ wp aidoc allow 192.0.2.0/24 --proxies=10.0.0.1
	 *
	 * @param string[]             $args
	 * @param array<string,string> $options
	 */
	public function allow( array $args, array $options = array() ): void {
		Schema::maybe_upgrade();
		$proxies = isset( $options['proxies'] ) ? array( 'trusted_proxies' => $options['proxies'] ) : array();
		$saved   = $this->settings->update( array( 'allowed_ips' => $args ) + $proxies );
		if ( is_wp_error( $saved ) ) {
			\WP_CLI::error( $saved->get_error_message() );
			return;
		}
		\WP_CLI::success( $args ? __( 'Agents may call from these addresses.', 'ai-doc-pipeline' ) : __( 'Agents may call from anywhere.', 'ai-doc-pipeline' ) );
		self::warn_of_excluded( $this->caller );
	}

	/** An agent that a list excludes is reported at once. */
	public static function warn_of_excluded( Caller $caller ): void {
		foreach ( $caller->excluded_agents() as $agent ) {
			/* translators: %s: name of an agent and its address */
			\WP_CLI::warning( sprintf( __( '%s can no longer call from this address.', 'ai-doc-pipeline' ), $agent ) );
		}
	}
}
