<?php

declare( strict_types=1 );

namespace AIDoc\Admin;

use AIDoc\Agents\Repository as Agents;
use AIDoc\Clock;
use AIDoc\Jobs\Counts;
use AIDoc\Jobs\Repository as Jobs;
use AIDoc\Media\Assets;
use AIDoc\Media\Statuses;
use AIDoc\Media\QueueLook;
use AIDoc\Media\Waiting;
use AIDoc\Queue\MeanCost;
use AIDoc\Rights;

/** All jobs of the site: counts, filters, retry and cancel in bulk, and the events of one job. */
final class QueuePage {

	/** Editors run the library; what they may do with a single document is asked per document. */
	public const CAPABILITY = Rights::QUEUE;
	public const PER_PAGE   = 'aidoc_queue_per_page';

	private ?QueueTable $table = null;

	public function __construct(
		private readonly Jobs $jobs,
		private readonly Counts $counts,
		private readonly Agents $agents,
		private readonly Statuses $statuses,
		private readonly MeanCost $means,
		private readonly QueueActions $actions,
		private readonly JobPage $job_page,
		private readonly QueueLook $look,
		private readonly Clock $clock,
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
		$this->table = new QueueTable( $this->jobs, $this->counts, $this->agents, $this->statuses, $this->means, $this->clock );
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
		wp_add_inline_script( 'aidoc-queue', 'window.aidocQueue = ' . wp_json_encode( JobPage::script() + array( 'i18n' => self::questions() ) ) . ';', 'before' );
	}

	public function render(): void {
		if ( ! current_user_can( self::CAPABILITY ) || null === $this->table ) {
			wp_die( esc_html__( 'You are not allowed to see the queue.', 'ai-doc-pipeline' ), '', array( 'response' => 403 ) );
		}
		$job_id = absint( Screens::asked( 'job' ) );
		if ( $job_id > 0 ) {
			$this->job_page->render( $job_id );
			return;
		}
		$this->table->prepare_items();
		Screens::render(
			'queue',
			array(
				'table'  => $this->table,
				'search' => Screens::asked( 's' ),
				'state'  => sanitize_key( Screens::asked( 'state' ) ),
				'why'    => $this->why(),
			)
		);
	}

	/** What is asked before a bulk action; the script puts in numbers and the estimate. @return array<string,string> */
	private static function questions(): array {
		return array(
			/* translators: %s: such as "3 documents, about $0.40". */
			'retry'    => __( 'Retry: %s.', 'ai-doc-pipeline' ),
			/* translators: %s: such as "3 documents, about $0.40". */
			'again'    => __( 'Read again: %s. Summaries that nobody has edited are replaced.', 'ai-doc-pipeline' ),
			/* translators: %s: such as "3 documents". */
			'cancel'   => __( 'Cancel: %s. What models were paid for those that are being processed is not refunded.', 'ai-doc-pipeline' ),
			/* translators: %s: number of documents. */
			'one'      => _n( '%s document', '%s documents', 1, 'ai-doc-pipeline' ),
			/* translators: %s: number of documents. */
			'many'     => _n( '%s document', '%s documents', 2, 'ai-doc-pipeline' ),
			/* translators: 1: such as "3 documents", 2: an amount of money. */
			'about'    => __( '%1$s, about %2$s by what documents have cost lately', 'ai-doc-pipeline' ),
			/* translators: %s: such as "3 documents". */
			'free'     => __( '%s; documents have cost nothing lately', 'ai-doc-pipeline' ),
			/* translators: %s: such as "3 documents". */
			'unknown'  => __( '%s; what they will cost is not known yet', 'ai-doc-pipeline' ),
			'less'     => __( 'less than $0.01', 'ai-doc-pipeline' ),
			'copied'   => __( 'Copied.', 'ai-doc-pipeline' ),
			'copy'     => __( 'Press Ctrl+C or ⌘C to copy.', 'ai-doc-pipeline' ),
			'finished' => __( 'The document is no longer being processed.', 'ai-doc-pipeline' ),
		);
	}

	/** Why no document is taken although some wait: every agent is paused, away, or held up by a cap. Null where they are, or none waits. */
	private function why(): ?string {
		$waiting = $this->counts->by_state()['queued'];
		$why     = $waiting > 0 ? Waiting::of_all( $this->look->facts() ) : null;
		/* translators: %s: number of documents. */
		return null === $why ? null : sprintf( _n( '%s document is waiting to be read.', '%s documents are waiting to be read.', $waiting, 'ai-doc-pipeline' ), number_format_i18n( $waiting ) ) . ' ' . $why['text'];
	}

	/**
	 * @param string $action See QueueActions::run().
	 * @param int[]  $ids
	 */
	public function bulk( string $action, array $ids ): void {
		$said = $this->actions->run( $action, $ids );
		Flash::message( $said['kind'], $said['text'] );
	}

	private function clean_url(): string {
		return remove_query_arg( array( 'action', 'action2', 'job_ids', '_wpnonce', '_wp_http_referer', 'filter_action' ), esc_url_raw( wp_unslash( $_SERVER['REQUEST_URI'] ?? '' ) ) );
	}
}
