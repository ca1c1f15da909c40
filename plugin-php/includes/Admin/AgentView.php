<?php

declare( strict_types=1 );

namespace AIDoc\Admin;

use AIDoc\Agents\Agent;
use AIDoc\Auth\KeyRecord;

/** What the agents page says about one agent. Pure, like Media\StatusView. */
final class AgentView {

	/** An idle agent asks at least every few minutes; ten of silence is a machine that is off, or cut off. */
	public const STALE_MS = 10 * MINUTE_IN_SECONDS * 1000;

	/** @return array{id:int,name:string,state:string,state_label:string,icon:string,machine:string,version:string,seen:string,stale:bool,leases:int,slots:int,work:string,directive:string,directive_label:string,directive_note:string,identity:string,identity_note:string,note:string,actions:string[]} */
	public static function make( Agent $agent, int $leases, int $now_ms, ?KeyRecord $key = null, string $site_key_id = '' ): array {
		$stale = 'active' === $agent->state && 0 === $agent->stoppedMs && $agent->lastSeenMs > 0 && $now_ms - $agent->lastSeenMs > self::STALE_MS;
		$state = match ( true ) {
			$stale                   => 'stale',
			self::stopped( $agent ) => 'stopped',
			default                  => $agent->state,
		};
		return array(
			'id'              => $agent->id,
			'name'            => $agent->name,
			'state'           => $state,
			'state_label'     => self::state_label( $state ),
			'icon'            => self::icon( $state ),
			'machine'         => implode( ' · ', array_filter( array( $agent->host, trim( $agent->os . '/' . $agent->arch, '/' ) ) ) ),
			'version'         => $agent->version,
			'seen'            => self::seen( $agent, $now_ms ),
			'stale'           => $stale,
			'leases'          => $leases,
			'slots'           => $agent->slots,
			'work'            => self::work( $agent, $leases ),
			'directive'       => $agent->directive,
			'directive_label' => self::directive_label( $agent ),
			'directive_note'  => self::directive_note( $agent, $now_ms ),
			'identity'        => self::identity( $key ),
			'identity_note'   => $key && $key->is_public() && $key->siteKeyId !== $site_key_id ? __( 'This site has a new signing key that the agent does not trust. Make a new token and join it again.', 'ai-doc-pipeline' ) : '',
			'note'            => $agent->note,
			'actions'         => self::actions( $agent ),
		);
	}

	/** It ended as asked, and no process of it has sent a request since: it is not stale. */
	public static function stopped( Agent $agent ): bool {
		return 'active' === $agent->state && $agent->stoppedMs > 0;
	}

	private static function identity( ?KeyRecord $key ): string {
		return match ( $key?->is_public() ) {
			true  => __( 'Public key', 'ai-doc-pipeline' ),
			false => __( 'Shared secret', 'ai-doc-pipeline' ),
			null  => '—',
		};
	}

	private static function state_label( string $state ): string {
		return match ( $state ) {
			'stale'   => __( 'Not answering', 'ai-doc-pipeline' ),
			'stopped' => __( 'Stopped', 'ai-doc-pipeline' ),
			'pending' => __( 'Waiting to join', 'ai-doc-pipeline' ),
			'active'  => __( 'Active', 'ai-doc-pipeline' ),
			default   => __( 'Revoked', 'ai-doc-pipeline' ),
		};
	}

	private static function icon( string $state ): string {
		return match ( $state ) {
			'stale'   => 'warning',
			'stopped' => 'minus',
			'pending' => 'clock',
			'active'  => 'yes-alt',
			default   => 'dismiss',
		};
	}

	private static function seen( Agent $agent, int $now_ms ): string {
		if ( 0 === $agent->lastSeenMs ) {
			return __( 'Never', 'ai-doc-pipeline' );
		}
		$seconds = intdiv( max( 0, $now_ms - $agent->lastSeenMs ), 1000 );
		if ( $seconds < 5 ) {
			return __( 'Just now', 'ai-doc-pipeline' );
		}
		/* translators: %s: a length of time such as "12 seconds". */
		return sprintf( __( '%s ago', 'ai-doc-pipeline' ), human_time_diff( 0, $seconds ) );
	}

	private static function work( Agent $agent, int $leases ): string {
		if ( 'active' !== $agent->state ) {
			return '—';
		}
		if ( $agent->slots > 0 ) {
			/* translators: 1: documents in work, 2: documents the agent can work on at once. */
			return sprintf( __( '%1$d of %2$d', 'ai-doc-pipeline' ), $leases, $agent->slots );
		}
		return (string) $leases;
	}

	private static function directive_label( Agent $agent ): string {
		if ( 'active' !== $agent->state ) {
			return '—';
		}
		return match ( $agent->directive ) {
			'pause' => __( 'Pause', 'ai-doc-pipeline' ),
			'drain' => __( 'Drain', 'ai-doc-pipeline' ),
			'stop'  => __( 'Stop', 'ai-doc-pipeline' ),
			default => __( 'Run', 'ai-doc-pipeline' ),
		};
	}

	/** Whether the agent has acknowledged the directive, which it does at its next beat or poll. */
	private static function directive_note( Agent $agent, int $now_ms ): string {
		if ( self::stopped( $agent ) ) {
			/* translators: %s: a length of time such as "12 seconds". */
			return sprintf( __( 'Stopped %s ago. Start it on its machine to use it again.', 'ai-doc-pipeline' ), human_time_diff( 0, max( 1, intdiv( max( 0, $now_ms - $agent->stoppedMs ), 1000 ) ) ) );
		}
		if ( 'active' !== $agent->state || 0 === $agent->directiveSetMs ) {
			return '';
		}
		if ( $agent->directiveSeenMs >= $agent->directiveSetMs ) {
			return match ( $agent->directive ) {
				'run'       => '',
				Agent::STOP => __( 'Acknowledged, finishing', 'ai-doc-pipeline' ),
				default     => __( 'Acknowledged', 'ai-doc-pipeline' ),
			};
		}
		$seconds = intdiv( max( 0, $now_ms - $agent->directiveSetMs ), 1000 );
		/* translators: %s: a length of time such as "12 seconds". */
		return sprintf( __( 'Requested %s ago, not yet acknowledged', 'ai-doc-pipeline' ), human_time_diff( 0, max( 1, $seconds ) ) );
	}

	/** @return string[] In the order in which they are shown. */
	private static function actions( Agent $agent ): array {
		if ( 'pending' === $agent->state ) {
			return array( 'new_token', 'delete' );
		}
		if ( 'revoked' === $agent->state ) {
			return array( 'delete' );
		}
		if ( self::stopped( $agent ) ) {
			return array( 'new_token', 'revoke' ); // No process is there to take a directive.
		}
		$directives = array_diff( Agent::DIRECTIVES, array( $agent->directive ) );
		return array_merge( array_values( $directives ), $agent->rotationRequested ? array() : array( 'rotate' ), array( 'new_token', 'revoke' ) );
	}
}
