<?php
declare( strict_types=1 );

namespace AIDoc\CLI;

use AIDoc\Agents\Repository as Agents;
use AIDoc\Auth\Caller;
use AIDoc\Jobs\Manager;
use AIDoc\Jobs\Repository as Jobs;
use AIDoc\PostRepository;
use AIDoc\Schema;
use AIDoc\Settings;

/** Manages the queue of documents. */
final class Command {

	private const BATCH = 200;

	public function __construct(
		private readonly Jobs $jobs,
		private readonly Manager $manager,
		private readonly Agents $agents,
		private readonly Settings $settings,
		private readonly Caller $caller,
		private readonly PostRepository $posts,
	) {}

	/**
	 * Queues one document, or every document of the media library that has no job yet.
	 *
	 * ## OPTIONS
	 *
	 * [<id>...]
	 * : Attachment ids.
	 *
	 * [--all]
	 * : All attachments of the chosen types.
	 *
	 * [--force]
	 * : Also those that are done, have failed or were cancelled.
	 *
	 * @param string[]             $args
	 * @param array<string,string> $options
	 */
	public function enqueue( array $args, array $options = array() ): void {
		Schema::maybe_upgrade();
		$force = ! empty( $options['force'] );
		if ( empty( $options['all'] ) && ! $args ) {
			\WP_CLI::error( __( 'Name attachment ids, or give --all.', 'ai-doc-pipeline' ) );
			return;
		}
		$tally = array(
			'queued'    => 0,
			'unchanged' => 0,
			'refused'   => 0,
		);
		foreach ( empty( $options['all'] ) ? $args : $this->all() as $id ) {
			$before = $this->jobs->latest_for_attachments( array( (int) $id ) )[ (int) $id ] ?? null;
			$job    = $this->manager->enqueue( (int) $id, $force );
			if ( is_wp_error( $job ) || '' !== $job->errorCode ) {
				++$tally['refused'];
				\WP_CLI::warning( "$id: " . ( is_wp_error( $job ) ? $job->get_error_message() : $job->errorMessage ) );
			} else {
				++$tally[ $before && $before->id === $job->id && $before->state === $job->state ? 'unchanged' : 'queued' ];
			}
		}
		/* translators: 1: number queued, 2: number unchanged, 3: number refused */
		$sentence = sprintf( __( '%1$d queued, %2$d unchanged, %3$d refused.', 'ai-doc-pipeline' ), $tally['queued'], $tally['unchanged'], $tally['refused'] );
		if ( $tally['refused'] && ! $tally['queued'] && ! $tally['unchanged'] ) {
			\WP_CLI::error( $sentence );
			return;
		}
		\WP_CLI::success( $sentence );
	}

	/**
	 * Shows how many documents are in which state, and which agents there are.
	 *
	 * ## OPTIONS
	 *
	 * [--format=<format>]
	 * : table or json.
	 *
	 * @param string[]             $args
	 * @param array<string,string> $options
	 */
	public function status( array $args, array $options = array() ): void {
		Schema::maybe_upgrade();
		$counts = $this->jobs->counts();
		$agents = AgentCommand::rows( $this->agents );
		if ( 'json' === ( $options['format'] ?? '' ) ) {
			\WP_CLI::line(
				(string) wp_json_encode(
					array(
						'jobs'   => $counts,
						'agents' => $agents,
					)
				)
			);
			return;
		}
		foreach ( $counts as $state => $number ) {
			\WP_CLI::line( sprintf( '%-10s %d', $state, $number ) );
		}
		AgentCommand::print( $agents );
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

	/** @return \Generator<int> Attachment ids of the chosen types, in pages: a library may have a million. */
	private function all(): \Generator {
		$mimes = $this->settings->mimes();
		$after = 0;
		while ( $mimes ) {
			$ids = $this->posts->attachments( $mimes, $after, self::BATCH );
			foreach ( $ids as $id ) {
				$after = $id;
				yield $id;
			}
			if ( count( $ids ) < self::BATCH ) {
				return;
			}
		}
	}
}
