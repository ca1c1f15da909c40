<?php

declare( strict_types=1 );

namespace AIDoc\Media;

use AIDoc\Admin\Flash;
use AIDoc\Admin\Screens;
use AIDoc\Jobs\Batch;

/** Summarise, read again and cancel for the chosen rows of the media list, with a report of what became of each. */
final class BulkActions {

	private const PREFIX = 'aidoc_';
	private const REPORT = 'media_report';

	/** In the address of the page that shows the report: others need not look for one. */
	private const REPORTED = 'aidoc_reported';

	/** @param \Closure():Batch $batch Built when somebody acts. */
	public function __construct( private readonly \Closure $batch ) {}

	public function register(): void {
		add_filter( 'bulk_actions-upload', array( $this, 'add' ) );
		add_filter( 'handle_bulk_actions-upload', array( $this, 'handle' ), 10, 3 );
		add_action( 'load-upload.php', array( $this, 'expect_report' ) );
	}

	/** @return array<string,string> Action → label; the grid's buttons bear the same. */
	public static function labels(): array {
		return array(
			Batch::SUMMARISE => __( 'Summarise', 'ai-doc-pipeline' ),
			Batch::REDO      => __( 'Read again', 'ai-doc-pipeline' ),
			Batch::CANCEL    => __( 'Cancel reading', 'ai-doc-pipeline' ),
		);
	}

	/**
	 * @param array<string,string> $actions
	 * @return array<string,string>
	 */
	public function add( $actions ): array {
		$actions = (array) $actions;
		if ( current_user_can( 'upload_files' ) ) {
			foreach ( self::labels() as $action => $label ) {
				$actions[ self::PREFIX . $action ] = $label;
			}
		}
		return $actions;
	}

	/**
	 * Core has checked the nonce of the list. The report waits for the page that follows: never in its address.
	 *
	 * @param string $location Where core goes next.
	 * @param string $action
	 * @param int[]  $ids
	 */
	public function handle( $location, $action, $ids ): string {
		$action = str_starts_with( (string) $action, self::PREFIX ) ? substr( (string) $action, strlen( self::PREFIX ) ) : '';
		if ( in_array( $action, Batch::ACTIONS, true ) && current_user_can( 'upload_files' ) ) {
			$report = ( $this->batch )()->run( $action, array_map( 'intval', (array) $ids ) );
			Flash::put(
				self::REPORT,
				array(
					'kind'      => $report->counts()['refused'] > 0 ? 'warning' : 'success',
					'sentences' => $report->sentences(),
				)
			);
			return add_query_arg( self::REPORTED, 1, (string) $location );
		}
		return (string) $location;
	}

	public function expect_report(): void {
		if ( '' !== Screens::asked( self::REPORTED ) ) {
			add_action( 'admin_notices', array( $this, 'render_report' ) );
			add_filter( 'removable_query_args', static fn( array $args ): array => array( ...$args, self::REPORTED ) );
		}
	}

	public function render_report(): void {
		$report = Flash::take( self::REPORT );
		if ( ! is_array( $report ) ) {
			return;
		}
		printf( '<div class="notice notice-%s is-dismissible" role="status">', esc_attr( $report['kind'] ) );
		foreach ( $report['sentences'] as $sentence ) {
			printf( '<p>%s</p>', esc_html( $sentence ) );
		}
		echo '</div>';
	}
}
