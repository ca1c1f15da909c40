<?php

declare( strict_types=1 );

namespace AIDoc\Admin;

use AIDoc\Agents\Agent;
use AIDoc\DatabaseError;
use AIDoc\Jobs\Repository as Jobs;
use AIDoc\Media\QueueLook;
use AIDoc\Media\Waiting;

/** Says that documents wait and nobody reads them, and why: once, what every row would repeat. */
final class Notices {

	public const AJAX = 'aidoc_dismiss';

	/** What can be said, and dismissed. */
	private const KEYS = array( 'no_agent', 'stopped', 'silent', 'blocked', 'cap' );

	private const SCREENS     = array( 'dashboard', 'upload', 'media', 'attachment' );
	private const DISMISSED_S = DAY_IN_SECONDS;

	public function __construct(
		private readonly Jobs $jobs,
		private readonly QueueLook $look,
	) {}

	public function register(): void {
		add_action( 'admin_notices', array( $this, 'render' ) );
		add_action( 'wp_ajax_' . self::AJAX, array( $this, 'dismiss' ) );
	}

	public function render(): void {
		if ( ! $this->belongs_here() || ! current_user_can( 'upload_files' ) ) {
			return;
		}
		try {
			$notice = $this->notice();
		} catch ( DatabaseError $error ) {
			return; // Site Health reports broken tables; the dashboard is not the place.
		}
		if ( null === $notice || get_transient( self::dismissed_key( $notice['key'] ) ) ) {
			return;
		}
		Screens::enqueue( 'notices' );
		wp_add_inline_script(
			'aidoc-notices',
			'window.aidocNotices = ' . wp_json_encode(
				array(
					'url'    => admin_url( 'admin-ajax.php' ),
					'nonce'  => wp_create_nonce( self::AJAX ),
					'action' => self::AJAX,
				)
			) . ';',
			'before'
		);
		printf(
			'<div class="notice notice-warning is-dismissible" data-aidoc-notice="%s"><p>%s %s</p></div>',
			esc_attr( $notice['key'] ),
			esc_html( $notice['text'] ),
			current_user_can( AgentsPage::CAPABILITY )
				? sprintf( '<a href="%s">%s</a>', esc_url( Screens::url( Screens::AGENTS ) ), esc_html( $notice['link'] ) )
				: esc_html__( 'Please tell an administrator of this site.', 'ai-doc-pipeline' )
		);
	}

	/** Dismissed for a day and for one person: the cause may last, and others may be able to end it. */
	public function dismiss(): void {
		check_ajax_referer( self::AJAX );
		$key = isset( $_POST['key'] ) ? sanitize_key( wp_unslash( $_POST['key'] ) ) : '';
		if ( ! in_array( $key, self::KEYS, true ) ) {
			wp_send_json_error( null, 400 );
		}
		set_transient( self::dismissed_key( $key ), 1, self::DISMISSED_S );
		wp_send_json_success();
	}

	/** @return array{key:string,text:string,link:string}|null */
	public function notice(): ?array {
		$waiting = (int) ( $this->jobs->counts()['queued'] ?? 0 );
		if ( 0 === $waiting ) {
			return null;
		}
		$facts  = $this->look->facts();
		$agents = $facts->agents;
		if ( array() === $agents ) {
			return array(
				'key'  => 'no_agent',
				'text' => $this->count( $waiting ) . ' ' . __( 'No agent has joined this site yet.', 'ai-doc-pipeline' ),
				'link' => __( 'Set up an agent', 'ai-doc-pipeline' ),
			);
		}
		$seen   = max( array_map( static fn ( Agent $agent ): int => $agent->lastSeenMs, $agents ) );
		$silent = $facts->nowMs - $seen;
		if ( $silent <= AgentView::STALE_MS ) {
			return $this->held_up( $waiting, Waiting::of_all( $facts ) );
		}
		if ( array() === array_filter( $agents, static fn ( Agent $agent ): bool => ! AgentView::stopped( $agent ) ) ) {
			return array(
				'key'  => 'stopped',
				'text' => $this->count( $waiting ) . ' ' . __( 'Every agent was stopped on request. Start one on its machine.', 'ai-doc-pipeline' ),
				'link' => __( 'See the agents', 'ai-doc-pipeline' ),
			);
		}
		$since = $seen > 0
			/* translators: %s: a length of time such as "3 hours". */
			? sprintf( __( 'No agent has contacted this site for %s. Check that its machine is on and online.', 'ai-doc-pipeline' ), human_time_diff( 0, intdiv( $silent, 1000 ) ) )
			: __( 'No agent has asked for work yet. Check that it is running.', 'ai-doc-pipeline' );
		return array(
			'key'  => 'silent',
			'text' => $this->count( $waiting ) . ' ' . $since,
			'link' => __( 'See the agents', 'ai-doc-pipeline' ),
		);
	}

	/**
	 * Agents are there, and none takes documents: paused, outside their hours, an account without credit, a cap.
	 *
	 * @param array{code:string,text:string}|null $why
	 * @return array{key:string,text:string,link:string}|null
	 */
	private function held_up( int $waiting, ?array $why ): ?array {
		return null === $why ? null : array(
			'key'  => $why['code'],
			'text' => $this->count( $waiting ) . ' ' . $why['text'],
			'link' => __( 'See the agents', 'ai-doc-pipeline' ),
		);
	}

	private function count( int $waiting ): string {
		return sprintf(
			/* translators: %s: number of documents. */
			_n( '%s document is waiting to be read.', '%s documents are waiting to be read.', $waiting, 'ai-doc-pipeline' ),
			number_format_i18n( $waiting )
		);
	}

	/** Not on the agents page, which says the same itself. */
	private function belongs_here(): bool {
		$screen = get_current_screen();
		if ( null === $screen || str_ends_with( $screen->id, '_page_' . Screens::AGENTS ) || $screen->is_block_editor() ) {
			return false;
		}
		return Screens::is_ours() || in_array( $screen->id, self::SCREENS, true );
	}

	private static function dismissed_key( string $key ): string {
		return 'aidoc_dismissed_' . get_current_user_id() . '_' . $key;
	}
}
