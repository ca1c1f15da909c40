<?php
declare( strict_types=1 );

namespace AIDoc\CLI;

use AIDoc\Backfill\Estimate;
use AIDoc\Backfill\Filter;
use AIDoc\Backfill\Manager;
use AIDoc\Backfill\Run;
use AIDoc\Backfill\Runner;
use AIDoc\Backfill\Tally;
use AIDoc\Schema;

/** Queues the documents of the library that were there before the plugin. */
final class BackfillCommand {

	private const ACTIONS = array( 'start', 'run', 'status', 'pause', 'resume', 'stop' );
	private const FIELDS  = array( 'id', 'state', 'percent', 'seen', 'queued', 'skipped', 'refused', 'updated' );

	public function __construct(
		private readonly Manager $manager,
		private readonly \Closure $runner,
		private readonly Estimate $estimate,
	) {}

	/**
	 * Queues the documents of the library that were never read.
	 *
	 * No file is opened, and what it queues stands behind new uploads. The library is gone through in small steps that are kept in the
	 * database: whatever ends in the middle goes on where it was, and several at once do nothing twice.
	 *
	 * ## OPTIONS
	 *
	 * [<action>]
	 * : start (a new one, and see it through), run (see the present one through), status, pause, resume or stop.
	 * ---
	 * default: start
	 * ---
	 *
	 * [--which=<which>]
	 * : missing (never queued), unfinished (also those that failed or were cancelled), or all (also those that are done, once more).
	 * ---
	 * default: missing
	 * ---
	 *
	 * [--types=<types>]
	 * : pdf, office, images, text, rtf, with commas between. Default: those that the settings choose.
	 *
	 * [--from=<day>]
	 * : Uploaded on this day or later, such as 2023-01-01.
	 *
	 * [--to=<day>]
	 * : Uploaded on this day or earlier.
	 *
	 * [--min-size=<size>]
	 * : At least so large, such as 20K.
	 *
	 * [--max-size=<size>]
	 * : At most so large, such as 5M.
	 *
	 * [--taxonomy=<taxonomy>]
	 * : A taxonomy of media, as folder plugins bring one; with --term.
	 *
	 * [--term=<term>]
	 * : Id or slug of a term of it. What is below it belongs to it.
	 *
	 * [--parent=<post-type>]
	 * : Uploaded to a post of this type; - for those that were uploaded to none.
	 *
	 * [--dry-run]
	 * : Say how many it would be, their size and what reading them may cost, and queue nothing.
	 *
	 * [--background]
	 * : Begin it and return: WP-Cron, Action Scheduler or the requests of agents go on with it.
	 *
	 * [--yes]
	 * : Do not ask, not even with --which=all.
	 *
	 * [--format=<format>]
	 * : For status and --dry-run: table, json, csv or yaml.
	 *
	 * [--fields=<fields>]
	 * : For status and --dry-run.
	 *
	 * ## EXAMPLES
	 *
	 *     # What would it be?
	 *     $ wp aidoc backfill --from=2020-01-01 --types=pdf --dry-run
	 *
	 *     # Do it
	 *     $ wp aidoc backfill --from=2020-01-01 --types=pdf
	 *
	 *     # From cron, on a host without WP-Cron
	 *     $ wp aidoc backfill run
	 *
	 * @param string[]             $args
	 * @param array<string,string> $options
	 */
	public function __invoke( array $args, array $options = array() ): void {
		Schema::maybe_upgrade();
		$action = $args[0] ?? 'start';
		match ( $action ) {
			'start'  => $this->start( $options ),
			'run'    => $this->see_through( $this->manager->latest() ),
			'status' => $this->status( $options ),
			'pause', 'resume', 'stop' => $this->told( $this->manager->$action() ),
			/* translators: %s: list of words */
			default  => \WP_CLI::error( sprintf( __( 'What to do is one of %s.', 'ai-doc-pipeline' ), implode( ', ', self::ACTIONS ) ) ),
		};
	}

	private function start( array $options ): void {
		$filter = Filter::from(
			array_intersect_key( $options, array_flip( array( 'which', 'types', 'from', 'to', 'taxonomy', 'term', 'parent' ) ) )
			+ array(
				'min_bytes' => $options['min-size'] ?? '',
				'max_bytes' => $options['max-size'] ?? '',
			)
		);
		if ( is_wp_error( $filter ) ) {
			\WP_CLI::error( $filter->get_error_message() );
			return;
		}
		if ( ! empty( $options['dry-run'] ) ) {
			$this->dry_run( $filter, $options );
			return;
		}
		if ( Filter::ALL === $filter->which ) {
			\WP_CLI::confirm( __( 'Read documents once more that are done? With a model this costs money.', 'ai-doc-pipeline' ), $options );
		}
		$run = $this->manager->start( $filter, false );
		if ( is_wp_error( $run ) ) {
			\WP_CLI::error( $run->get_error_message() );
		} elseif ( empty( $options['background'] ) ) {
			$this->see_through( $run );
		} else {
			$this->told( $run );
		}
	}

	private function dry_run( Filter $filter, array $options ): void {
		$tally    = ( $this->runner )()->count( $filter );
		$estimate = $this->estimate->of( $tally );
		$row      = array(
			'documents' => $tally->queued,
			'bytes'     => $tally->bytes,
			'pages'     => $tally->pages,
			'pages_of'  => $tally->paged,
			'usd'       => null === $estimate ? '' : round( $estimate['usd'], 4 ),
			'usd_from'  => $estimate['documents'] ?? 0,
			'skipped'   => $tally->skipped,
			'refused'   => $tally->refusals(),
		);
		Output::rows( array( $row ), array_keys( $row ), $options );
		if ( Output::is_for_people( $options ) ) {
			self::reasons( $tally );
			\WP_CLI::line( __( 'Nothing was queued. Pages and cost go by documents that were read before; “usd_from” says how many.', 'ai-doc-pipeline' ) );
		}
	}

	private function see_through( ?Run $run ): void {
		if ( ! $run || Run::RUNNING !== $run->state ) {
			\WP_CLI::error( Run::PAUSED === $run?->state ? __( 'The backfill is paused. “wp aidoc backfill resume” lets it go on.', 'ai-doc-pipeline' ) : __( 'No backfill is under way.', 'ai-doc-pipeline' ) );
			return;
		}
		$bar   = function_exists( 'WP_CLI\Utils\make_progress_bar' ) ? \WP_CLI\Utils\make_progress_bar( __( 'Documents', 'ai-doc-pipeline' ), max( 1, $run->total ) ) : null;
		$shown = 0;
		$run   = ( $this->runner )()->run(
			$run->id,
			INF,
			static function ( Run $now ) use ( $bar, &$shown ): void {
				$bar?->tick( $now->tally->seen - $shown );
				$shown = $now->tally->seen;
			}
		);
		$bar?->finish();
		self::reasons( $run->tally );
		/* translators: 1: number queued, 2: number skipped, 3: number refused */
		$sentence = sprintf( __( '%1$d queued, %2$d skipped, %3$d refused.', 'ai-doc-pipeline' ), $run->tally->queued, $run->tally->skipped, $run->tally->refusals() );
		if ( Run::DONE === $run->state ) {
			\WP_CLI::success( $sentence );
		} else {
			\WP_CLI::warning( $sentence . ' ' . __( 'Somebody has paused or stopped it.', 'ai-doc-pipeline' ) );
			\WP_CLI::halt( Output::PARTLY );
		}
	}

	private function status( array $options ): void {
		$run = $this->manager->latest();
		if ( ! $run ) {
			Output::rows( array(), self::FIELDS, $options );
			return;
		}
		$row = array(
			'id'      => $run->id,
			'state'   => $run->state,
			'dry'     => (int) $run->dry,
			'percent' => $run->percent(),
			'total'   => $run->total,
			'seen'    => $run->tally->seen,
			'queued'  => $run->tally->queued,
			'skipped' => $run->tally->skipped,
			'refused' => $run->tally->refusals(),
			'bytes'   => $run->tally->bytes,
			'started' => Output::time( $run->createdMs ),
			'updated' => Output::time( $run->updatedMs ),
		);
		Output::rows( array( $row ), self::FIELDS, $options );
		if ( Output::is_for_people( $options ) ) {
			self::reasons( $run->tally );
		}
	}

	private static function reasons( Tally $tally ): void {
		foreach ( $tally->refused as $code => $one ) {
			\WP_CLI::line( sprintf( '%d × %s: %s', $one['n'], $code, $one['sentence'] ) );
		}
	}

	private function told( Run|\WP_Error $run ): void {
		if ( is_wp_error( $run ) ) {
			\WP_CLI::error( $run->get_error_message() );
			return;
		}
		/* translators: 1: number of the backfill, 2: running, paused or stopped */
		\WP_CLI::success( sprintf( __( 'Backfill %1$d: %2$s.', 'ai-doc-pipeline' ), $run->id, $run->state ) );
	}
}
