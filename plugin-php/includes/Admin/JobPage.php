<?php

declare( strict_types=1 );

namespace AIDoc\Admin;

use AIDoc\Agents\Repository as Agents;
use AIDoc\Clock;
use AIDoc\Jobs\Events;
use AIDoc\Jobs\Job;
use AIDoc\Jobs\Repository as Jobs;
use AIDoc\Media\Statuses;
use AIDoc\Queue\SpendingReport;
use AIDoc\Review\Provenance;
use AIDoc\Summaries\Warnings;

/** One job: what is known of it, and everything that happened to it. While it waits or is worked on the page keeps itself up to date. */
final class JobPage {

	public const AJAX = 'aidoc_job';

	/** More events of one job are never kept, by far. */
	private const EVENTS = 200;

	public function __construct(
		private readonly Jobs $jobs,
		private readonly Agents $agents,
		private readonly Events $events,
		private readonly SpendingReport $report,
		private readonly Statuses $statuses,
		private readonly Clock $clock,
	) {}

	public function register(): void {
		add_action( 'wp_ajax_' . self::AJAX, array( $this, 'send' ) );
	}

	/** For the script: where it asks. @return array<string,mixed> */
	public static function script(): array {
		return array(
			'url'  => admin_url( 'admin-ajax.php' ),
			'data' => array(
				'action'      => self::AJAX,
				'_ajax_nonce' => wp_create_nonce( self::AJAX ),
			),
		);
	}

	/** The caller has asked for the right to see the queue. */
	public function render( int $id ): void {
		$job = $this->jobs->find( $id );
		if ( null === $job ) {
			wp_die(
				esc_html__( 'There is no such job. It may have been deleted with its file.', 'ai-doc-pipeline' ),
				'',
				array(
					'response'  => 404,
					'back_link' => true,
				)
			);
		}
		$latest = $this->statuses->job( $job->attachmentId );
		Screens::render(
			'queue-job',
			array(
				'status' => $this->statuses->status_of( $job->attachmentId, $job ),
				'live'   => null !== $latest && $latest->id === $job->id,
			) + $this->parts( $job )
		);
	}

	/** What changes while a job is worked on, as HTML from the same template as the page. */
	public function send(): void {
		check_ajax_referer( self::AJAX );
		$job = current_user_can( QueuePage::CAPABILITY ) ? $this->jobs->find( absint( Screens::asked( 'job' ) ) ) : null;
		if ( null === $job ) {
			wp_send_json_error( null, 404 );
		}
		nocache_headers();
		ob_start();
		Screens::render( 'job-parts', $this->parts( $job ) );
		wp_send_json_success(
			array(
				'html' => ob_get_clean(),
				'over' => $job->state->is_final(),
			)
		);
	}

	/** @return array<string,mixed> What templates/job-parts.php prints. */
	private function parts( Job $job ): array {
		$events = $this->events->for_job( $job->id, self::EVENTS );
		$now    = $this->clock->now_ms();
		$agents = array();
		foreach ( $this->agents->all() as $agent ) {
			$agents[ $agent->id ] = $agent->name;
		}
		$timeline = new Timeline( $job, $agents, self::names( array_column( $events, 'user_id' ) ), $this->report->of_job( $job->id ), $now );
		return array(
			'job'      => $job,
			'now_ms'   => $now,
			'timeline' => $timeline->of( $events ),
			'result'   => self::result( $job ),
			'summary'  => $job->summaryPostId > 0 ? (string) get_edit_post_link( $job->summaryPostId ) : '',
		);
	}

	/** @return list<array{label:string,value:string,pages?:int[]}> How the summary was made, for who may edit it; nothing of another job's. */
	private static function result( Job $job ): array {
		$ours = $job->summaryPostId > 0 && (int) get_post_meta( $job->summaryPostId, 'aidoc_job_id', true ) === $job->id;
		if ( ! $ours || ! current_user_can( 'edit_post', $job->summaryPostId ) ) {
			return array();
		}
		$warnings = array_map(
			static fn( string $sentence ): array => array(
				'label' => __( 'Warning', 'ai-doc-pipeline' ),
				'value' => $sentence,
			),
			Warnings::of( $job->summaryPostId )
		);
		return array_merge( $warnings, ( new Provenance( $job->summaryPostId ) )->rows() );
	}

	/**
	 * @param int[] $ids
	 * @return array<int,string> User → name.
	 */
	private static function names( array $ids ): array {
		$ids   = array_filter( array_unique( $ids ) );
		$users = $ids ? get_users(
			array(
				'include' => $ids,
				'blog_id' => 0,
				'fields'  => array( 'ID', 'display_name' ),
			)
		) : array();
		return array_map( 'strval', array_column( $users, 'display_name', 'ID' ) );
	}
}
