<?php

declare( strict_types=1 );

namespace AIDoc\Admin;

use AIDoc\Agents\Repository as Agents;
use AIDoc\Clock;
use AIDoc\Jobs\Counts;
use AIDoc\Jobs\Job;
use AIDoc\Jobs\Repository as Jobs;
use AIDoc\Jobs\State;
use AIDoc\Media\ReasonName;
use AIDoc\Media\Statuses;
use AIDoc\Media\StatusHtml;
use AIDoc\Media\TypeName;
use AIDoc\Queue\MeanCost;
use AIDoc\Settings;
use WP_List_Table;

/** The table of the queue page. Only what the query string may say reaches the repository, which whitelists again. */
final class QueueTable extends WP_List_Table {

	/** So many reasons are offered, the most frequent ones. */
	private const CODES = 30;

	private ?QueueFilter $filter = null;

	public function __construct(
		private readonly Jobs $jobs,
		private readonly Counts $counts,
		private readonly Agents $agents,
		private readonly Statuses $statuses,
		private readonly MeanCost $means,
		private readonly Clock $clock,
	) {
		parent::__construct(
			array(
				'singular' => 'job',
				'plural'   => 'jobs',
				'ajax'     => false,
			)
		);
	}

	public function get_columns(): array {
		return array(
			'cb'       => '<input type="checkbox">',
			'file'     => __( 'File', 'ai-doc-pipeline' ),
			'status'   => __( 'Status', 'ai-doc-pipeline' ),
			'agent'    => __( 'Agent', 'ai-doc-pipeline' ),
			'attempts' => __( 'Attempts', 'ai-doc-pipeline' ),
			'created'  => __( 'Queued', 'ai-doc-pipeline' ),
			'updated'  => __( 'Changed', 'ai-doc-pipeline' ),
		);
	}

	protected function get_sortable_columns(): array {
		return array(
			'file'     => array( 'filename', false ),
			'attempts' => array( 'attempt', true ),
			'created'  => array( 'created', true ),
			'updated'  => array( 'updated', true ),
		);
	}

	protected function get_bulk_actions(): array {
		return array(
			'retry'  => __( 'Retry', 'ai-doc-pipeline' ),
			'again'  => __( 'Read again', 'ai-doc-pipeline' ),
			'cancel' => __( 'Cancel', 'ai-doc-pipeline' ),
			'front'  => __( 'Move to the front', 'ai-doc-pipeline' ),
			'back'   => __( 'Move back to their place', 'ai-doc-pipeline' ),
		);
	}

	public static function state_labels(): array {
		return array(
			'queued'    => __( 'Queued', 'ai-doc-pipeline' ),
			'leased'    => __( 'Processing', 'ai-doc-pipeline' ),
			'done'      => __( 'Done', 'ai-doc-pipeline' ),
			'failed'    => __( 'Failed', 'ai-doc-pipeline' ),
			'cancelled' => __( 'Cancelled', 'ai-doc-pipeline' ),
		);
	}

	protected function get_views(): array {
		$counts = $this->counts->by_state();
		$state  = $this->filter()->state;
		$views  = array( 'all' => $this->view( '', __( 'All', 'ai-doc-pipeline' ), array_sum( $counts ), '' === $state ) );
		foreach ( self::state_labels() as $name => $label ) {
			$views[ $name ] = $this->view( $name, $label, (int) ( $counts[ $name ] ?? 0 ), $state === $name );
		}
		return $views;
	}

	/** Counts name their state in an attribute, so that the page can update them. */
	private function view( string $state, string $label, int $count, bool $current ): string {
		return sprintf(
			'<a href="%s"%s>%s <span class="count">(<span data-aidoc-count="%s">%s</span>)</span></a>',
			esc_url( Screens::url( Screens::QUEUE, '' === $state ? array() : array( 'state' => $state ) ) ),
			$current ? ' class="current" aria-current="page"' : '',
			esc_html( $label ),
			esc_attr( '' === $state ? 'all' : $state ),
			esc_html( number_format_i18n( $count ) )
		);
	}

	public function prepare_items(): void {
		$per_page = $this->get_items_per_page( QueuePage::PER_PAGE, 20 );
		$filter   = $this->filter();
		$counts   = $this->counts->by_state();
		$found    = $this->jobs->query(
			$filter->query( $this->clock->now_ms() ) + array_filter(
				array(
					'orderby'  => sanitize_key( Screens::asked( 'orderby' ) ),
					'order'    => sanitize_key( Screens::asked( 'order' ) ),
					'page'     => $this->get_pagenum(),
					'per_page' => $per_page,
				)
			) + ( $filter->is_only_state() ? array( 'total' => '' === $filter->state ? array_sum( $counts ) : $counts[ $filter->state ] ) : array() )
		);

		$this->items = $found['items'];
		$this->statuses->prime( array_map( static fn ( Job $job ): int => $job->attachmentId, $this->items ) );
		$this->_column_headers = array( $this->get_columns(), get_hidden_columns( $this->screen ), $this->get_sortable_columns(), 'file' );
		$this->set_pagination_args(
			array(
				'total_items' => $found['total'],
				'per_page'    => $per_page,
			)
		);
	}

	protected function get_default_primary_column_name(): string {
		return 'file';
	}

	public function no_items(): void {
		if ( '' !== $this->filter()->state || ! $this->filter()->is_only_state() ) {
			esc_html_e( 'No document matches.', 'ai-doc-pipeline' );
			return;
		}
		printf(
			'%s <a href="%s">%s</a>',
			esc_html__( 'The queue is empty. Upload a document, or choose “Read this document” beside one that is already in the library.', 'ai-doc-pipeline' ),
			esc_url( admin_url( 'upload.php?mode=list' ) ),
			esc_html__( 'Open the Media library', 'ai-doc-pipeline' )
		);
	}

	/** @param string $which */
	protected function extra_tablenav( $which ): void {
		if ( 'top' !== $which ) {
			return;
		}
		$filter = $this->filter();
		$agents = array();
		foreach ( $this->agents->all() as $agent ) {
			$agents[ $agent->id ] = $agent->name;
		}
		$types = array_map( static fn( array $group ): string => $group['label'], Settings::type_groups() );
		$codes = $this->codes( $filter->code );
		echo '<div class="alignleft actions aidoc-filters">';
		$this->select( 'type', __( 'Filter by type', 'ai-doc-pipeline' ), __( 'All types', 'ai-doc-pipeline' ), $types, $filter->type );
		$this->select( 'when', __( 'Filter by the day they were queued', 'ai-doc-pipeline' ), __( 'Queued at any time', 'ai-doc-pipeline' ), QueueFilter::times(), $filter->when );
		$this->select( 'agent', __( 'Filter by agent', 'ai-doc-pipeline' ), __( 'All agents', 'ai-doc-pipeline' ), $agents, (string) $filter->agentId );
		$this->select( 'code', __( 'Filter by reason', 'ai-doc-pipeline' ), __( 'Any reason', 'ai-doc-pipeline' ), $codes, $filter->code );
		submit_button( __( 'Filter', 'ai-doc-pipeline' ), '', 'filter_action', false );
		if ( ! $filter->is_only_state() ) {
			printf( '<a class="aidoc-filters__reset" href="%s">%s</a>', esc_url( Screens::url( Screens::QUEUE, '' === $filter->state ? array() : array( 'state' => $filter->state ) ) ), esc_html__( 'Reset', 'ai-doc-pipeline' ) );
		}
		echo '</div>';
	}

	/** @param array<string|int,string> $options Nothing is drawn where there is nothing to choose. */
	private function select( string $name, string $label, string $all, array $options, string $chosen ): void {
		if ( array() === $options ) {
			return;
		}
		printf( '<label for="aidoc-filter-%1$s" class="screen-reader-text">%2$s</label><select name="%1$s" id="aidoc-filter-%1$s"><option value="">%3$s</option>', esc_attr( $name ), esc_html( $label ), esc_html( $all ) );
		foreach ( $options as $value => $text ) {
			printf( '<option value="%s"%s>%s</option>', esc_attr( (string) $value ), selected( $chosen, (string) $value, false ), esc_html( $text ) );
		}
		echo '</select>';
	}

	/** @return array<string,string> Reasons that there are, and the one that is asked for. */
	private function codes( string $asked ): array {
		$counts = array_slice( $this->counts->by_code(), 0, self::CODES ) + ( '' === $asked ? array() : array( $asked => 0 ) );
		$labels = array();
		foreach ( $counts as $code => $number ) {
			/* translators: 1: a reason, 2: number of documents. */
			$labels[ $code ] = sprintf( __( '%1$s (%2$s)', 'ai-doc-pipeline' ), ReasonName::of( $code ), number_format_i18n( $number ) );
		}
		return $labels;
	}

	/** @param Job $job */
	protected function column_cb( $job ): string {
		return sprintf(
			'<label class="screen-reader-text" for="cb-select-%1$d">%2$s</label><input type="checkbox" name="job_ids[]" id="cb-select-%1$d" value="%1$d" data-aidoc-state="%3$s" data-aidoc-usd="%4$s">',
			$job->id,
			/* translators: %s: name of a file. */
			esc_html( sprintf( __( 'Select %s', 'ai-doc-pipeline' ), $job->filename ) ),
			esc_attr( $job->state->value ),
			esc_attr( (string) $this->means->of( $job->mime ) )
		);
	}

	protected function column_file( Job $job ): string {
		$link  = get_edit_post_link( $job->attachmentId );
		$name  = '' !== $job->filename ? $job->filename : __( '(no name)', 'ai-doc-pipeline' );
		$html  = $link
			? sprintf( '<strong><a class="row-title" href="%s">%s</a></strong>', esc_url( $link ), esc_html( $name ) )
			: sprintf( '<strong>%s</strong>', esc_html( $name ) );
		$html .= sprintf( '<div class="aidoc-muted">%s<span title="%s">%s</span></div>', $job->bytes > 0 ? esc_html( size_format( $job->bytes ) ) . ' · ' : '', esc_attr( $job->mime ), esc_html( TypeName::of( $job->mime ) ) );
		if ( State::Queued === $job->state && $job->priority < 0 ) {
			$html .= '<div class="aidoc-front"><span class="dashicons dashicons-arrow-up-alt" aria-hidden="true"></span> ' . esc_html__( 'At the front of the queue', 'ai-doc-pipeline' ) . '</div>';
		}
		if ( ! get_post( $job->attachmentId ) ) {
			$html .= '<div class="aidoc-muted">' . esc_html__( 'The file has been deleted from the library.', 'ai-doc-pipeline' ) . '</div>';
		}
		return $html;
	}

	/** @param Job $job */
	protected function handle_row_actions( $job, $column_name, $primary ): string {
		if ( $column_name !== $primary ) {
			return '';
		}
		return $this->row_actions(
			array(
				'log' => sprintf(
					'<a href="%s">%s<span class="screen-reader-text">: %s</span></a>',
					esc_url( Screens::url( Screens::QUEUE, array( 'job' => $job->id ) ) ),
					esc_html__( 'Show log', 'ai-doc-pipeline' ),
					esc_html( $job->filename )
				),
			)
		);
	}

	/** Live and with buttons for the newest job of a file; an older one shows its final state. */
	protected function column_status( Job $job ): string {
		$newest = $this->statuses->job( $job->attachmentId );
		$status = $this->statuses->status_of( $job->attachmentId, $job );
		return StatusHtml::full( $status, null !== $newest && $newest->id === $job->id );
	}

	protected function column_agent( Job $job ): string {
		return '' === $job->agentName ? '—' : esc_html( $job->agentName );
	}

	protected function column_attempts( Job $job ): string {
		/* translators: 1: number of attempts so far, 2: highest number of attempts. */
		$html = esc_html( sprintf( __( '%1$d of %2$d', 'ai-doc-pipeline' ), $job->attempt, $job->maxAttempts ) );
		if ( $job->crashes > 0 ) {
			/* translators: %d: how often an agent crashed while it worked on the document. */
			$html .= '<div class="aidoc-muted">' . esc_html( sprintf( _n( '%d crash', '%d crashes', $job->crashes, 'ai-doc-pipeline' ), $job->crashes ) ) . '</div>';
		}
		return $html;
	}

	protected function column_created( Job $job ): string {
		return self::time( $job->createdMs );
	}

	protected function column_updated( Job $job ): string {
		return self::time( $job->updatedMs );
	}

	/** "3 minutes ago", with the exact time of the site for those who point at it. */
	public static function time( int $ms ): string {
		if ( $ms <= 0 ) {
			return '—';
		}
		return sprintf(
			'<time datetime="%s" title="%s">%s</time>',
			esc_attr( gmdate( 'c', intdiv( $ms, 1000 ) ) ),
			esc_attr( wp_date( __( 'Y/m/d g:i:s a', 'ai-doc-pipeline' ), intdiv( $ms, 1000 ) ) ),
			/* translators: %s: a length of time such as "12 seconds". */
			esc_html( sprintf( __( '%s ago', 'ai-doc-pipeline' ), human_time_diff( intdiv( $ms, 1000 ) ) ) )
		);
	}

	private function filter(): QueueFilter {
		return $this->filter ??= QueueFilter::from_address();
	}
}
