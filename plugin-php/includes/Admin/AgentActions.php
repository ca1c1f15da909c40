<?php

declare( strict_types=1 );

namespace AIDoc\Admin;

use AIDoc\Agents\Agent;
use AIDoc\Agents\Manager;
use AIDoc\Agents\Repository as Agents;

/** The forms of the agents page: one admin-post action, each button with a nonce of its own. Always ends in a redirect. */
final class AgentActions {

	public const ACTION = 'aidoc_agent';

	private const KNOWN = array( 'create', 'new_token', 'run', 'pause', 'drain', 'stop', 'rotate', 'revoke', 'delete' );

	public function __construct(
		private readonly Agents $agents,
		private readonly Manager $manager,
	) {}

	public function register(): void {
		add_action( 'admin_post_' . self::ACTION, array( $this, 'handle' ) );
	}

	public static function nonce( string $what, int $agent_id = 0 ): string {
		return self::ACTION . '_' . $what . '_' . $agent_id;
	}

	public static function label( string $what ): string {
		return match ( $what ) {
			'run'       => __( 'Run', 'ai-doc-pipeline' ),
			'pause'     => __( 'Pause', 'ai-doc-pipeline' ),
			'drain'     => __( 'Drain', 'ai-doc-pipeline' ),
			'stop'      => __( 'Stop', 'ai-doc-pipeline' ),
			'rotate'    => __( 'Rotate key', 'ai-doc-pipeline' ),
			'new_token' => __( 'New token', 'ai-doc-pipeline' ),
			'revoke'    => __( 'Revoke', 'ai-doc-pipeline' ),
			'delete'    => __( 'Delete', 'ai-doc-pipeline' ),
		};
	}

	/** What the button does, where its name alone may not tell. */
	public static function hint( string $what ): string {
		return match ( $what ) {
			'run'       => __( 'Take documents again.', 'ai-doc-pipeline' ),
			'pause'     => __( 'Finish the documents in progress and take no new ones.', 'ai-doc-pipeline' ),
			'drain'     => __( 'Finish what can be finished soon, give the rest back for other agents, and take no new ones.', 'ai-doc-pipeline' ),
			'stop'      => __( 'End the program on its machine: it finishes what can be finished soon and gives the rest back. Someone must start it there to use it again.', 'ai-doc-pipeline' ),
			'rotate'    => __( 'Replace the agent’s key. It fetches the new one by itself; nothing to do on its machine.', 'ai-doc-pipeline' ),
			'new_token' => __( 'Make a new join command, to connect this agent (again) on a machine.', 'ai-doc-pipeline' ),
			default     => '',
		};
	}

	/**
	 * The question before what cannot be undone, and before what ends work; '' where none is asked.
	 *
	 * @param int $held How many documents the agent has.
	 */
	public static function question( string $what, string $name, int $held = 0 ): string {
		$documents = self::documents( $held );
		return match ( $what ) {
			'stop'   => 0 === $held
				/* translators: %s: name of an agent. */
				? sprintf( __( 'Stop “%s”? It holds no document. Its program ends, and someone must start it on its machine to use it again.', 'ai-doc-pipeline' ), $name )
				/* translators: 1: name of an agent, 2: such as "3 documents". */
				: sprintf( __( 'Stop “%1$s”? It holds %2$s: it finishes what can be finished soon, the rest goes back to the queue with what was read so far. Its program ends, and someone must start it on its machine to use it again.', 'ai-doc-pipeline' ), $name, $documents ),
			'revoke' => 0 === $held
				/* translators: %s: name of an agent. */
				? sprintf( __( 'Revoke “%s”? It holds no document. Its key stops working at once. This cannot be undone.', 'ai-doc-pipeline' ), $name )
				/* translators: 1: name of an agent, 2: such as "3 documents". */
				: sprintf( __( 'Revoke “%1$s”? It holds %2$s, which go back to the queue at once: what it did since it last reported may have to be done, and paid for, again. Its key stops working at once. This cannot be undone.', 'ai-doc-pipeline' ), $name, $documents ),
			/* translators: %s: name of an agent. */
			'delete' => sprintf( __( 'Delete “%s” from this list?', 'ai-doc-pipeline' ), $name ),
			default  => '',
		};
	}

	private static function documents( int $number ): string {
		/* translators: %s: number of documents. */
		return sprintf( _n( '%s document', '%s documents', $number, 'ai-doc-pipeline' ), number_format_i18n( $number ) );
	}

	public function handle(): void {
		$what = isset( $_POST['what'] ) ? sanitize_key( wp_unslash( $_POST['what'] ) ) : '';
		$id   = isset( $_POST['agent'] ) ? absint( $_POST['agent'] ) : 0;
		if ( ! current_user_can( AgentsPage::CAPABILITY ) ) {
			wp_die( esc_html__( 'You are not allowed to manage agents.', 'ai-doc-pipeline' ), '', array( 'response' => 403 ) );
		}
		if ( ! in_array( $what, self::KNOWN, true ) ) {
			wp_die( esc_html__( 'This is no action for an agent.', 'ai-doc-pipeline' ), '', array( 'response' => 400 ) );
		}
		check_admin_referer( self::nonce( $what, $id ) );

		$name = isset( $_POST['name'] ) ? sanitize_text_field( wp_unslash( $_POST['name'] ) ) : '';
		$this->perform( $what, $id, $name );

		wp_safe_redirect( Screens::url( Screens::AGENTS ) );
		exit;
	}

	private function perform( string $what, int $id, string $name ): void {
		if ( 'create' === $what ) {
			$this->create( $name );
			return;
		}
		$agent = $this->agents->find( $id );
		if ( null === $agent ) {
			Flash::message( 'error', __( 'That agent no longer exists.', 'ai-doc-pipeline' ) );
			return;
		}
		$this->report( $this->dispatch( $what, $agent ), $what, $agent );
	}

	private function create( string $name ): void {
		$result = $this->manager->create( $name );
		if ( is_wp_error( $result ) ) {
			Flash::put(
				'agent_form',
				array(
					'name'  => $name,
					'error' => $result->get_error_message(),
				)
			);
			return;
		}
		$this->show_once( $result, $result['agent']->name );
	}

	private function dispatch( string $what, Agent $agent ) {
		return match ( $what ) {
			'new_token' => $this->manager->new_token( $agent->id ),
			'rotate'    => $this->manager->request_rotation( $agent->id ),
			'revoke'    => $this->manager->revoke( $agent->id ),
			'delete'    => $this->manager->delete( $agent->id ),
			default     => $this->manager->set_directive( $agent->id, $what ),
		};
	}

	private function report( $result, string $what, Agent $agent ): void {
		if ( is_wp_error( $result ) ) {
			Flash::message( 'error', $result->get_error_message() );
			return;
		}
		if ( 'new_token' === $what ) {
			$this->show_once( $result, $agent->name );
			return;
		}
		Flash::message( 'success', sprintf( $this->done( $what ), $agent->name ) );
	}

	private function done( string $what ): string {
		return match ( $what ) {
			/* translators: %s: name of an agent. */
			'run'    => __( '“%s” will take documents again as soon as it asks.', 'ai-doc-pipeline' ),
			/* translators: %s: name of an agent. */
			'pause'  => __( '“%s” will finish what it holds and take nothing new.', 'ai-doc-pipeline' ),
			/* translators: %s: name of an agent. */
			'drain'  => __( '“%s” will finish what it can, give back the rest and take nothing new.', 'ai-doc-pipeline' ),
			/* translators: %s: name of an agent. */
			'stop'   => __( '“%s” will finish what it can, give back the rest and end. Start it on its machine to use it again.', 'ai-doc-pipeline' ),
			/* translators: %s: name of an agent. */
			'rotate' => __( '“%s” will fetch a new key the next time it asks for work.', 'ai-doc-pipeline' ),
			/* translators: %s: name of an agent. */
			'revoke' => __( '“%s” is revoked. Its documents are back in the queue.', 'ai-doc-pipeline' ),
			/* translators: %s: name of an agent. */
			'delete' => __( '“%s” is deleted.', 'ai-doc-pipeline' ),
		};
	}

	private function show_once( array $created, string $name ): void {
		Flash::put(
			'join',
			array(
				'name'       => $name,
				'token_id'   => $created['token_id'], // Not the command: what waits for the next page lies in the database.
				'expires_ms' => $created['expires_ms'],
			)
		);
	}
}
