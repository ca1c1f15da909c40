<?php
declare( strict_types=1 );

namespace AIDoc\CLI;

use AIDoc\Agents\Repository as Agents;
use AIDoc\Jobs\Job;
use AIDoc\Jobs\Manager;
use AIDoc\Jobs\Repository as Jobs;
use AIDoc\Jobs\State;
use AIDoc\Schema;

/** Lists jobs, and starts or ends them. */
final class JobsCommand {

	private const PAGE   = 200;
	private const FIELDS = array( 'id', 'attachment', 'file', 'state', 'attempt', 'agent', 'reason', 'updated' );

	public function __construct(
		private readonly Jobs $jobs,
		private readonly Manager $manager,
		private readonly Agents $agents,
	) {}

	/**
	 * Lists jobs, the newest first.
	 *
	 * ## OPTIONS
	 *
	 * [--state=<state>]
	 * : queued, leased, done, failed or cancelled.
	 *
	 * [--agent=<agent>]
	 * : Those of this agent, by id or name.
	 *
	 * [--search=<text>]
	 * : Those whose file name contains this.
	 *
	 * [--code=<code>]
	 * : Those that ended or wait with this error code.
	 *
	 * [--limit=<number>]
	 * : At most so many; 0 for all.
	 * ---
	 * default: 100
	 * ---
	 *
	 * [--orderby=<field>]
	 * : id, state, filename, bytes, attempt, created, updated or finished.
	 *
	 * [--order=<order>]
	 * : asc or desc.
	 *
	 * [--fields=<fields>]
	 * : Fields with commas between: id, attachment, file, state, attempt, max_attempts, agent, phase, done, total, code, reason, summary, mime,
	 * bytes, trace, created, updated.
	 *
	 * [--format=<format>]
	 * : table, json, csv, yaml, count or ids.
	 *
	 * ## EXAMPLES
	 *
	 *     # What has failed, and why
	 *     $ wp aidoc jobs --state=failed --fields=id,file,code,reason
	 *
	 *     # Try again what an agent could not download
	 *     $ wp aidoc retry $(wp aidoc jobs --state=failed --code=download_failed --limit=0 --format=ids)
	 *
	 * @param string[]             $args
	 * @param array<string,string> $options
	 */
	public function jobs( array $args, array $options = array() ): void {
		Schema::maybe_upgrade();
		$query = $this->query( $options );
		if ( null === $query ) {
			return;
		}
		if ( 'count' === ( $options['format'] ?? '' ) && ! isset( $options['code'] ) ) {
			\WP_CLI::line( (string) $this->jobs->query( $query )['total'] );
			return;
		}
		$rows = array();
		foreach ( $this->pages( $query, (string) ( $options['code'] ?? '' ), 'count' === ( $options['format'] ?? '' ) ? 0 : (int) ( $options['limit'] ?? 100 ) ) as $job ) {
			$rows[] = self::row( $job );
		}
		Output::rows( $rows, self::FIELDS, $options );
	}

	/**
	 * Tries failed and cancelled jobs again, with the file as it is now.
	 *
	 * ## OPTIONS
	 *
	 * [<job>...]
	 * : Ids of jobs.
	 *
	 * [--all]
	 * : Every job that has failed.
	 *
	 * [--code=<code>]
	 * : With --all: only those that failed with this error code.
	 *
	 * [--dry-run]
	 * : Say which it would be, and change nothing.
	 *
	 * ## EXAMPLES
	 *
	 *     $ wp aidoc retry 4711
	 *     $ wp aidoc retry --all --code=provider_down --dry-run
	 *
	 * Exit codes: 0 all of them, 2 some were refused, 1 all were, or the command makes no sense.
	 *
	 * @param string[]             $args
	 * @param array<string,string> $options
	 */
	public function retry( array $args, array $options = array() ): void {
		$this->change(
			$this->chosen( $args, $options, State::Failed ),
			$options,
			function ( int $id ): ?\WP_Error {
				if ( State::Done === $this->jobs->find( $id )?->state ) {
					return new \WP_Error( 'aidoc_already_done', __( 'This document is done. “wp aidoc redo” reads it once more.', 'ai-doc-pipeline' ) );
				}
				return self::error_of( $this->manager->retry( $id ) );
			},
			/* translators: 1: number of documents, 2: number of documents */
			__( '%1$d queued again, %2$d refused.', 'ai-doc-pipeline' )
		);
	}

	/**
	 * Reads documents that are done once more; the draft is updated when they are. With a model this costs money.
	 *
	 * ## OPTIONS
	 *
	 * [<job>...]
	 * : Ids of jobs.
	 *
	 * [--all]
	 * : Every job that is done. For a whole library rather use "wp aidoc backfill --which=all": it stays behind new uploads.
	 *
	 * [--dry-run]
	 * : Say which it would be, and change nothing.
	 *
	 * [--yes]
	 * : Do not ask.
	 *
	 * ## EXAMPLES
	 *
	 *     $ wp aidoc redo 4711 4712
	 *
	 * @param string[]             $args
	 * @param array<string,string> $options
	 */
	public function redo( array $args, array $options = array() ): void {
		$ids = $this->chosen( $args, $options, State::Done );
		if ( $ids && empty( $options['dry-run'] ) ) {
			/* translators: %d: number of documents */
			\WP_CLI::confirm( sprintf( _n( 'Read %d document once more?', 'Read %d documents once more?', count( $ids ), 'ai-doc-pipeline' ), count( $ids ) ), $options );
		}
		/* translators: 1: number of documents, 2: number of documents */
		$this->change( $ids, $options, fn( int $id ): ?\WP_Error => self::error_of( $this->manager->retry( $id ) ), __( '%1$d queued again, %2$d refused.', 'ai-doc-pipeline' ) );
	}

	/**
	 * Ends jobs that wait or are being read. An agent that has one in work is told with its next beat.
	 *
	 * ## OPTIONS
	 *
	 * [<job>...]
	 * : Ids of jobs.
	 *
	 * [--all]
	 * : Every job that waits.
	 *
	 * [--dry-run]
	 * : Say which it would be, and change nothing.
	 *
	 * [--yes]
	 * : Do not ask.
	 *
	 * ## EXAMPLES
	 *
	 *     $ wp aidoc cancel 4711
	 *     $ wp aidoc cancel --all --yes
	 *
	 * @param string[]             $args
	 * @param array<string,string> $options
	 */
	public function cancel( array $args, array $options = array() ): void {
		$ids = $this->chosen( $args, $options, State::Queued );
		if ( $ids && empty( $options['dry-run'] ) ) {
			/* translators: %d: number of documents */
			\WP_CLI::confirm( sprintf( _n( 'Cancel %d document?', 'Cancel %d documents?', count( $ids ), 'ai-doc-pipeline' ), count( $ids ) ), $options );
		}
		/* translators: 1: number of documents, 2: number of documents */
		$this->change( $ids, $options, fn( int $id ): ?\WP_Error => self::error_of( $this->manager->cancel( $id ) ), __( '%1$d cancelled, %2$d refused.', 'ai-doc-pipeline' ) );
	}

	/** @return int[]|null Null after an error. */
	private function chosen( array $args, array $options, State $of_all ): ?array {
		Schema::maybe_upgrade();
		if ( empty( $options['all'] ) === ! $args ) {
			\WP_CLI::error( $args ? __( 'Name jobs or give --all, not both.', 'ai-doc-pipeline' ) : __( 'Name jobs by their ids, or give --all.', 'ai-doc-pipeline' ) );
			return null;
		}
		$wrong = array_filter( $args, static fn( string $arg ): bool => ! ctype_digit( $arg ) );
		if ( $wrong ) {
			/* translators: %s: what was typed */
			\WP_CLI::error( sprintf( __( '“%s” is no id of a job. “wp aidoc jobs” lists them.', 'ai-doc-pipeline' ), reset( $wrong ) ) );
			return null;
		}
		if ( $args ) {
			return array_map( 'intval', $args );
		}
		$ids = array(); // All before the first is changed, which would move the pages.
		foreach ( $this->pages( array( 'state' => $of_all->value ), (string) ( $options['code'] ?? '' ), 0 ) as $job ) {
			$ids[] = $job->id;
		}
		return $ids;
	}

	/**
	 * @param int[]|null                  $ids
	 * @param callable(int):(?\WP_Error) $act
	 * @param string                      $sentence With the numbers done and refused.
	 */
	private function change( ?array $ids, array $options, callable $act, string $sentence ): void {
		if ( null === $ids ) {
			return;
		}
		if ( ! empty( $options['dry-run'] ) ) {
			$jobs = array_map( array( $this->jobs, 'find' ), array_slice( $ids, 0, self::PAGE ) );
			Output::rows( array_map( array( self::class, 'row' ), array_values( array_filter( $jobs ) ) ), self::FIELDS, array() );
			/* translators: %d: number of documents */
			\WP_CLI::line( sprintf( _n( 'It would be %d document; nothing was changed.', 'It would be %d documents; nothing was changed.', count( $ids ), 'ai-doc-pipeline' ), count( $ids ) ) );
			return;
		}
		Output::each( $ids, $act, static fn( int $done, int $refused ): string => sprintf( $sentence, $done, $refused ) );
	}

	private static function error_of( Job|\WP_Error $result ): ?\WP_Error {
		return is_wp_error( $result ) ? $result : null;
	}

	/** @return array<string,mixed>|null As Jobs\Repository::query() takes it; null after an error. */
	private function query( array $options ): ?array {
		$state = (string) ( $options['state'] ?? '' );
		if ( '' !== $state && ! State::tryFrom( $state ) ) {
			/* translators: %s: list of words */
			\WP_CLI::error( sprintf( __( 'A state is one of %s.', 'ai-doc-pipeline' ), implode( ', ', array_column( State::cases(), 'value' ) ) ) );
			return null;
		}
		$agent = isset( $options['agent'] ) ? AgentCommand::find( $this->agents, (string) $options['agent'] ) : null;
		if ( isset( $options['agent'] ) && ! $agent ) {
			return null;
		}
		return array(
			'state'    => $state,
			'agent_id' => $agent->id ?? 0,
			'search'   => (string) ( $options['search'] ?? '' ),
			'orderby'  => (string) ( $options['orderby'] ?? 'id' ),
			'order'    => (string) ( $options['order'] ?? 'desc' ),
		);
	}

	/** @return \Generator<Job> */
	private function pages( array $query, string $code, int $limit ): \Generator {
		$given = 0;
		for ( $page = 1; ; $page++ ) {
			$jobs = $this->jobs->query(
				array(
					'page'     => $page,
					'per_page' => self::PAGE,
				) + $query
			)['items'];
			foreach ( $jobs as $job ) {
				if ( '' !== $code && $code !== $job->errorCode ) {
					continue;
				}
				if ( $limit > 0 && $given >= $limit ) {
					return;
				}
				++$given;
				yield $job;
			}
			if ( count( $jobs ) < self::PAGE ) {
				return;
			}
		}
	}

	/** @return array<string,int|string> */
	private static function row( Job $job ): array {
		return array(
			'id'           => $job->id,
			'attachment'   => $job->attachmentId,
			'file'         => $job->filename,
			'state'        => $job->state->value,
			'attempt'      => $job->attempt,
			'max_attempts' => $job->maxAttempts,
			'agent'        => $job->agentName,
			'phase'        => $job->phase,
			'done'         => $job->done,
			'total'        => $job->total,
			'code'         => $job->errorCode,
			'reason'       => $job->errorMessage,
			'summary'      => $job->summaryPostId,
			'mime'         => $job->mime,
			'bytes'        => $job->bytes,
			'trace'        => $job->traceId,
			'created'      => Output::time( $job->createdMs ),
			'updated'      => Output::time( $job->updatedMs ),
		);
	}
}
