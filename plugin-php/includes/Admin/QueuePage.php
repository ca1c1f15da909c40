<?php

declare( strict_types=1 );

namespace AIDoc\Admin;

use AIDoc\Agents\Repository as Agents;
use AIDoc\Jobs\Events;
use AIDoc\Jobs\Job;
use AIDoc\Jobs\Manager;
use AIDoc\Jobs\Repository as Jobs;
use AIDoc\Jobs\State;
use AIDoc\Media\Assets;
use AIDoc\Media\Statuses;
use AIDoc\Queue\Budgets;
use AIDoc\Rights;

/** All jobs of the site: counts, filters, retry and cancel in bulk, and the events of one job. */
final class QueuePage {

	/** Editors run the library; what they may do with a single document is asked per document. */
	public const CAPABILITY = Rights::QUEUE;
	public const PER_PAGE   = 'aidoc_queue_per_page';

	private ?QueueTable $table = null;

	public function __construct(
		private readonly Jobs $jobs,
		private readonly Manager $manager,
		private readonly Agents $agents,
		private readonly Events $events,
		private readonly Statuses $statuses,
		private readonly Budgets $budgets,
	) {}

	public function register(): void {
		add_action( 'admin_menu', array( $this, 'add_page' ), 10 );
		add_filter( 'set-screen-option', array( $this, 'keep_per_page' ), 10, 3 );
		add_filter( 'set_screen_option_' . self::PER_PAGE, array( $this, 'keep_per_page' ), 10, 3 );
	}

	public function add_page(): void {
		$hook = add_submenu_page(
			Screens::PARENT,
			__( 'Document Queue', 'ai-doc-pipeline' ),
			__( 'Queue', 'ai-doc-pipeline' ),
			self::CAPABILITY,
			Screens::QUEUE,
			array( $this, 'render' )
		);
		if ( $hook ) {
			add_action( 'load-' . $hook, array( $this, 'load' ) );
			add_action( 'admin_print_styles-' . $hook, array( $this, 'enqueue' ) );
		}
	}

	/** Before any output: bulk actions redirect, and the table's columns must be known to Screen Options. */
	public function load(): void {
		if ( ! current_user_can( self::CAPABILITY ) ) {
			return;
		}
		require_once ABSPATH . 'wp-admin/includes/class-wp-list-table.php';
		$this->table = new QueueTable( $this->jobs, $this->agents, $this->statuses );
		$action      = $this->table->current_action();
		if ( $action ) {
			check_admin_referer( 'bulk-jobs' );
			$this->bulk( (string) $action, array_map( 'absint', (array) wp_unslash( $_REQUEST['job_ids'] ?? array() ) ) );
			wp_safe_redirect( $this->clean_url() );
			exit;
		}
		// Address bars stay short and can be shared: drop what a submitted filter form leaves behind.
		if ( ! empty( $_GET['_wp_http_referer'] ) ) {
			wp_safe_redirect( $this->clean_url() );
			exit;
		}
		add_screen_option(
			'per_page',
			array(
				'default' => 20,
				'option'  => self::PER_PAGE,
			)
		);
	}

	/** Core asks by two filters, one for each age of WordPress. */
	public function keep_per_page( $keep, string $option, $value ) {
		return self::PER_PAGE === $option ? max( 1, min( 100, (int) $value ) ) : $keep;
	}

	public function enqueue(): void {
		Assets::enqueue_status();
		Screens::enqueue( 'queue' );
	}

	public function render(): void {
		if ( ! current_user_can( self::CAPABILITY ) || null === $this->table ) {
			wp_die( esc_html__( 'You are not allowed to see the queue.', 'ai-doc-pipeline' ), '', array( 'response' => 403 ) );
		}
		$job_id = absint( Screens::asked( 'job' ) );
		if ( $job_id > 0 ) {
			$this->render_job( $job_id );
			return;
		}
		$this->table->prepare_items();
		Screens::render(
			'queue',
			array(
				'table'   => $this->table,
				'search'  => Screens::asked( 's' ),
				'state'   => sanitize_key( Screens::asked( 'state' ) ),
				'reached' => $this->budgets->reached(),
			)
		);
	}

	/**
	 * @param 'retry'|'again'|'cancel' $action
	 * @param int[]            $ids
	 */
	public function bulk( string $action, array $ids ): void {
		$done    = 0;
		$refused = array();
		foreach ( array_filter( $ids ) as $id ) {
			$result = $this->act( $action, $id );
			if ( is_wp_error( $result ) ) {
				$refused[ $result->get_error_message() ] = true;
			} else {
				++$done;
			}
		}
		Flash::message( $refused ? 'warning' : 'success', trim( $this->outcome( $action, $done ) . ' ' . implode( ' ', array_keys( $refused ) ) ) );
	}

	private function act( string $action, int $id ) {
		$job = $this->jobs->find( $id );
		if ( null === $job ) {
			return new \WP_Error( 'aidoc_job_unknown', __( 'A chosen document is no longer in the queue.', 'ai-doc-pipeline' ) );
		}
		if ( ! $this->may_act( $job ) ) {
			/* translators: %s: name of a file. */
			return new \WP_Error( 'aidoc_forbidden', sprintf( __( 'You are not allowed to do this with %s.', 'ai-doc-pipeline' ), $job->filename ) );
		}
		return match ( $action ) {
			'retry'  => $this->retry( $job ),
			'again'  => $this->manager->retry( $id ),
			'cancel' => $this->manager->cancel( $id ),
			default  => new \WP_Error( 'aidoc_unknown_action', __( 'Choose “Retry”, “Read again” or “Cancel”.', 'ai-doc-pipeline' ) ),
		};
	}

	/** What is done was paid for and may have been edited since: only what lacks pages is retried, "Read again" has to be chosen for the rest. */
	private function retry( Job $job ): Job|\WP_Error {
		if ( State::Done === $job->state ) {
			$status = $this->statuses->status_of( $job->attachmentId, $job );
			if ( ! in_array( 'retry', array_column( $status['actions'], 'name' ), true ) ) {
				return new \WP_Error( 'aidoc_already_done', __( 'Documents that are done were left alone; “Read again” reads them once more.', 'ai-doc-pipeline' ), array( 'status' => 409 ) );
			}
		}
		return $this->manager->retry( $job->id );
	}

	/** The job of an attachment that is gone can still be tidied away by those who run the site. */
	private function may_act( Job $job ): bool {
		return null === get_post( $job->attachmentId ) ? Rights::has( Rights::SETTINGS ) : Rights::document( $job->attachmentId );
	}

	private function outcome( string $action, int $done ): string {
		return 'cancel' === $action
			/* translators: %d: number of documents. */
			? sprintf( _n( '%d document cancelled.', '%d documents cancelled.', $done, 'ai-doc-pipeline' ), $done )
			/* translators: %d: number of documents. */
			: sprintf( _n( '%d document queued again.', '%d documents queued again.', $done, 'ai-doc-pipeline' ), $done );
	}

	private function render_job( int $id ): void {
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
		$agents = array();
		foreach ( $this->agents->all() as $agent ) {
			$agents[ $agent->id ] = $agent->name;
		}
		Screens::render(
			'queue-job',
			array(
				'job'    => $job,
				'status' => $this->statuses->status_of( $job->attachmentId, $job ),
				'live'   => null !== $latest && $latest->id === $job->id,
				'events' => $this->events->for_job( $id, 200 ),
				'agents' => $agents,
			)
		);
	}

	private function clean_url(): string {
		return remove_query_arg( array( 'action', 'action2', 'job_ids', '_wpnonce', '_wp_http_referer', 'filter_action' ), esc_url_raw( wp_unslash( $_SERVER['REQUEST_URI'] ?? '' ) ) );
	}
}
