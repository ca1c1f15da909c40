<?php

declare( strict_types=1 );

namespace AIDoc\Admin;

use AIDoc\Agents\Manager;
use AIDoc\Agents\Repository as Agents;
use AIDoc\Auth\KeyRing;
use AIDoc\Auth\RootKeys;
use AIDoc\Clock;
use AIDoc\Jobs\Counts;
use AIDoc\Media\QueueLook;
use AIDoc\Media\Waiting;
use AIDoc\Rights;

/** The page on which agents are created, watched, paused and revoked. */
final class AgentsPage {

	public const CAPABILITY = Rights::AGENTS;
	public const AJAX       = 'aidoc_agents';

	public function __construct(
		private readonly Agents $agents,
		private readonly Manager $manager,
		private readonly KeyRing $keys,
		private readonly AgentFactsLook $facts,
		private readonly Counts $counts,
		private readonly QueueLook $look,
		private readonly Clock $clock,
	) {}

	public function register(): void {
		add_action( 'admin_menu', array( $this, 'add_page' ), 20 );
		add_action( 'wp_ajax_' . self::AJAX, array( $this, 'send_rows' ) );
	}

	public function add_page(): void {
		$hook = add_submenu_page(
			Screens::PARENT,
			__( 'Agents', 'ai-doc-pipeline' ),
			__( 'Agents', 'ai-doc-pipeline' ),
			self::CAPABILITY,
			Screens::AGENTS,
			array( $this, 'render' )
		);
		if ( $hook ) {
			add_action( 'admin_print_styles-' . $hook, array( $this, 'enqueue' ) );
		}
	}

	public function enqueue(): void {
		Screens::enqueue( 'agents' );
		$settings = array(
			'url'  => admin_url( 'admin-ajax.php' ),
			'data' => array(
				'action'      => self::AJAX,
				'_ajax_nonce' => wp_create_nonce( self::AJAX ),
			),
			'i18n' => array(
				'copied'  => __( 'Copied.', 'ai-doc-pipeline' ),
				'copy'    => __( 'Press Ctrl+C or ⌘C to copy.', 'ai-doc-pipeline' ),
				/* translators: %s: minutes and seconds, such as "14:05". */
				'left'    => __( 'Valid for another %s.', 'ai-doc-pipeline' ),
				'expired' => __( 'This command has expired. Use “New token” to get another one.', 'ai-doc-pipeline' ),
				/* translators: %s: name of an agent. */
				'joined'  => __( '%s has joined and is ready to work.', 'ai-doc-pipeline' ),
			),
		);
		wp_add_inline_script( 'aidoc-agents', 'window.aidocAgents = ' . wp_json_encode( $settings ) . ';', 'before' );
	}

	public function render(): void {
		if ( ! current_user_can( self::CAPABILITY ) ) {
			wp_die( esc_html__( 'You are not allowed to manage agents.', 'ai-doc-pipeline' ), '', array( 'response' => 403 ) );
		}
		Screens::render(
			'agents',
			array(
				'agents'   => $this->views(),
				'join'     => $this->join_command(),
				'form'     => (array) Flash::take( 'agent_form' ),
				'queued'   => $this->counts->by_state()['queued'],
				'why'      => $this->why(),
				'lock'     => $this->lock(),
				'plugin'   => AIDOC_VERSION,
				/**
				 * Where the agent can be downloaded: shown to who sets up the first one.
				 *
				 * @param string $url An address; '' where none is known.
				 */
				'download' => (string) apply_filters( 'aidoc_agent_download_url', '' ),
			)
		);
	}

	/** Why no agent takes documents although some wait, or null. */
	private function why(): ?string {
		return $this->counts->by_state()['queued'] > 0 ? Waiting::of_all( $this->look->facts() )['text'] ?? null : null;
	}

	/** The live cells of the table, as HTML from the same templates as the page. */
	public function send_rows(): void {
		check_ajax_referer( self::AJAX );
		if ( ! current_user_can( self::CAPABILITY ) ) {
			wp_send_json_error( null, 403 );
		}
		nocache_headers();
		$rows = array();
		foreach ( $this->views() as $agent ) {
			ob_start();
			Screens::render( 'agents-row', $agent );
			$rows[ $agent['id'] ] = array(
				'state' => $agent['state'],
				'name'  => $agent['name'],
				'html'  => ob_get_clean(),
			);
		}
		wp_send_json_success( (object) $rows );
	}

	/** @return list<array<string, mixed>> Working agents first, revoked ones last, by name. */
	private function views(): array {
		$now    = $this->clock->now_ms();
		$agents = $this->agents->all();
		$facts  = $this->facts->of_all( $agents, $now );
		$hidden = Rights::has( Rights::SPENDING ) ? array() : array( 'spent' => null );
		$views  = array();
		foreach ( $agents as $agent ) {
			$views[] = $hidden + AgentView::make( $agent, $facts[ $agent->id ] ?? new AgentFacts(), $now );
		}
		$rank = array_flip( array( 'busy', 'idle', 'barred', 'paused', 'stopping', 'offline', 'stopped', 'pending', 'revoked' ) );
		usort( $views, static fn ( array $a, array $b ): int => array( $rank[ $a['state'] ] ?? 9, $a['name'] ) <=> array( $rank[ $b['state'] ] ?? 9, $b['name'] ) );
		return $views;
	}

	/** @return array{problem:string,line:string}|null Why no agent can be made, and the line that fixes it; its value is random and for this page alone. */
	private function lock(): ?array {
		$problem = $this->keys->problem();
		return null === $problem ? null : array(
			'problem' => $problem,
			'line'    => RootKeys::fresh_line(),
		);
	}

	/** The join command of the request before this one, or null: it is shown once. */
	private function join_command(): ?array {
		$join = Flash::take( 'join' );
		if ( ! is_array( $join ) ) {
			return null;
		}
		$join['seconds'] = max( 0, intdiv( $join['expires_ms'] - $this->clock->now_ms(), 1000 ) );
		$join['command'] = $this->manager->join_command( $join['token_id'] );
		return $join['seconds'] > 0 && null !== $join['command'] ? $join : null;
	}
}
