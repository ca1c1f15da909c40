<?php

declare( strict_types=1 );

namespace AIDoc\Admin;

use AIDoc\Agents\Agent;
use AIDoc\DatabaseError;
use AIDoc\Jobs\Repository as Jobs;
use AIDoc\Media\AgentBlock;
use AIDoc\Media\QueueFacts;
use AIDoc\Media\QueueLook;
use AIDoc\Media\Waiting;
use AIDoc\Rights;

/** Says that documents wait and nobody reads them, and why: once, what every row would repeat. */
final class Notices {

	public const AJAX = 'aidoc_dismiss';

	/** What can be said, and dismissed. */
	private const KEYS = array( 'no_agent', 'stopped', 'silent', 'blocked', 'cap' );

	private const SCREENS = array( 'dashboard', 'upload', 'media', 'attachment' );

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
		Dismissed::keep_only( $notice['key'] ?? '' );
		if ( null === $notice || Dismissed::has( $notice['key'], $notice['reason'] ) ) {
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
			'<div class="notice notice-warning is-dismissible" data-aidoc-notice="%s" data-aidoc-reason="%s"><p>%s %s</p></div>',
			esc_attr( $notice['key'] ),
			esc_attr( $notice['reason'] ),
			esc_html( $notice['text'] ),
			Rights::has( Rights::AGENTS )
				? sprintf( '<a href="%s">%s</a>', esc_url( Screens::url( Screens::AGENTS ) ), esc_html( $notice['link'] ) )
				: esc_html__( 'Please tell an administrator of this site.', 'ai-doc-pipeline' )
		);
	}

	/** For one person, until the reason is another: others may be able to end it. */
	public function dismiss(): void {
		check_ajax_referer( self::AJAX );
		$key    = isset( $_POST['key'] ) ? sanitize_key( wp_unslash( $_POST['key'] ) ) : '';
		$reason = isset( $_POST['reason'] ) ? sanitize_key( wp_unslash( $_POST['reason'] ) ) : '';
		if ( ! current_user_can( 'upload_files' ) || ! in_array( $key, self::KEYS, true ) || ! preg_match( Dismissed::REASON, $reason ) ) {
			wp_send_json_error( null, 400 );
		}
		Dismissed::add( $key, $reason );
		wp_send_json_success();
	}

	/** @return array{key:string,text:string,link:string,reason:string}|null */
	public function notice(): ?array {
		if ( ! $this->look->waits() ) {
			return null;
		}
		$facts = $this->look->facts();
		if ( array() === $facts->agents ) {
			return $this->said( 'no_agent', __( 'No agent has joined this site yet.', 'ai-doc-pipeline' ), __( 'Set up an agent', 'ai-doc-pipeline' ), array() );
		}
		$seen   = max( array_map( static fn ( Agent $agent ): int => $agent->lastSeenMs, $facts->agents ) );
		$silent = $facts->nowMs - $seen;
		if ( $silent <= AgentView::STALE_MS ) {
			return $this->held_up( $facts );
		}
		$link = __( 'See the agents', 'ai-doc-pipeline' );
		if ( array() === array_filter( $facts->agents, static fn ( Agent $agent ): bool => ! AgentView::stopped( $agent ) ) ) {
			return $this->said( 'stopped', __( 'Every agent was stopped on request. Start one on its machine.', 'ai-doc-pipeline' ), $link, array( $seen ) );
		}
		$since = $seen > 0
			/* translators: %s: a length of time such as "3 hours". */
			? sprintf( __( 'No agent has contacted this site for %s. Check that its machine is on and online.', 'ai-doc-pipeline' ), human_time_diff( 0, intdiv( $silent, 1000 ) ) )
			: __( 'No agent has asked for work yet. Check that it is running.', 'ai-doc-pipeline' );
		return $this->said( 'silent', $since, $link, array( $seen ) );
	}

	/**
	 * Agents are there, and none takes documents: paused, outside their hours, an account without credit, a cap.
	 *
	 * @return array{key:string,text:string,link:string,reason:string}|null
	 */
	private function held_up( QueueFacts $facts ): ?array {
		$why = Waiting::of_all( $facts );
		return null === $why ? null : $this->said( $why['code'], $why['text'], __( 'See the agents', 'ai-doc-pipeline' ), 'cap' === $why['code'] ? array( $why['text'], wp_date( 'Y-m-d' ) ) : self::blocks( $facts ) );
	}

	/**
	 * @param list<mixed> $facts See Dismissed::reason().
	 * @return array{key:string,text:string,link:string,reason:string}
	 */
	private function said( string $key, string $why, string $link, array $facts ): array {
		return array(
			'key'    => $key,
			'text'   => $this->count() . ' ' . $why,
			'link'   => $link,
			'reason' => Dismissed::reason( array( $key, $facts ) ),
		);
	}

	/** @return list<array{0:int,1:string,2:int|string}> Of each agent what keeps it, and since when or until when; of what it says itself the words. */
	private static function blocks( QueueFacts $facts ): array {
		$blocks = array();
		foreach ( $facts->agents as $agent ) {
			$block    = AgentBlock::of( $agent, $facts->nowMs );
			$kind     = $block->kind ?? '';
			$blocks[] = array( $agent->id, $kind, AgentBlock::NOTE === $kind ? $block->note : ( $block->atMs ?? 0 ) );
		}
		return $blocks;
	}

	/** What waits was looked up with the rest; only a queue that is longer than that is counted. */
	private function count(): string {
		$facts   = $this->look->facts();
		$waiting = $facts->more ? $this->jobs->counts()['queued'] : count( $facts->line );
		return sprintf(
			/* translators: %s: number of documents. */
			_n( '%s document is waiting to be read.', '%s documents are waiting to be read.', $waiting, 'ai-doc-pipeline' ),
			number_format_i18n( $waiting )
		);
	}

	/** Not on the pages of agents and queue, which say the same themselves. */
	private function belongs_here(): bool {
		$screen = get_current_screen();
		if ( null === $screen || str_ends_with( $screen->id, '_page_' . Screens::AGENTS ) || str_ends_with( $screen->id, '_page_' . Screens::QUEUE ) || $screen->is_block_editor() ) {
			return false;
		}
		if ( 'dashboard' === $screen->id && Rights::has( Rights::QUEUE ) ) {
			return false; // The widget says it.
		}
		return Screens::is_ours() || in_array( $screen->id, self::SCREENS, true );
	}
}
