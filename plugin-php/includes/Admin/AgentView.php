<?php

declare( strict_types=1 );

namespace AIDoc\Admin;

use AIDoc\Agents\Agent;
use AIDoc\Agents\Hearing;
use AIDoc\Auth\KeyRecord;
use AIDoc\Media\AgentBlock;

/** What the agents page says about one agent. Pure, like Media\StatusView. */
final class AgentView {

	/** After so much silence the site says by itself that nobody reads its documents. */
	public const STALE_MS = 10 * MINUTE_IN_SECONDS * 1000;

	/** @return array<string,mixed> What templates/agents-row.php prints. */
	public static function make( Agent $agent, AgentFacts $facts, int $now_ms ): array {
		$state = self::state( $agent, $facts, $now_ms );
		$caps  = $agent->capabilities();
		return array(
			'id'              => $agent->id,
			'name'            => $agent->name,
			'state'           => $state,
			'state_label'     => self::state_label( $state ),
			'icon'            => self::icon( $state ),
			'machine'         => implode( ' · ', array_filter( array( $agent->host, trim( $agent->os . '/' . $agent->arch, '/' ) ) ) ),
			'version'         => Version::label( $agent->version ),
			'version_full'    => $agent->version,
			'misfit'          => 'revoked' !== $agent->state && ! Version::fits( $agent->version, AIDOC_VERSION ),
			'outdated'        => 'revoked' !== $agent->state && Version::is_older( $agent->version, AIDOC_VERSION ),
			'seen'            => 0 === $agent->lastSeenMs ? __( 'Never', 'ai-doc-pipeline' ) : When::ago( $agent->lastSeenMs, $now_ms ),
			'held'            => $facts->held,
			'work'            => self::work( $agent, $facts->held ),
			'leases'          => array_map( array( self::class, 'lease' ), $facts->leases ),
			'more_leases'     => max( 0, $facts->held - count( $facts->leases ) ),
			'finished'        => $facts->finished,
			'spent'           => $facts->spent,
			'languages'       => $caps['ocr_languages'] ?? array(),
			'model'           => self::model( $caps['summariser'] ?? '' ),
			'doorbell'        => 'revoked' === $agent->state ? '' : Hearing::trouble( $agent ),
			'directive'       => $agent->directive,
			'directive_label' => self::directive_label( $agent ),
			'directive_note'  => self::directive_note( $agent, $facts->orderedBy, $now_ms ),
			'identity'        => self::identity( $facts->key ),
			'identity_note'   => $facts->key && $facts->key->is_public() && $facts->key->siteKeyId !== $facts->siteKey ? __( 'This site has a new signing key that the agent does not trust. Make a new token and join it again.', 'ai-doc-pipeline' ) : '',
			'note'            => $agent->note,
			'actions'         => self::actions( $agent ),
		);
	}

	private static function state( Agent $agent, AgentFacts $facts, int $now_ms ): string {
		if ( 'active' !== $agent->state ) {
			return $agent->state;
		}
		return match ( AgentBlock::of( $agent, $now_ms )?->kind ) {
			AgentBlock::STOPPED                  => 'stopped',
			AgentBlock::OFFLINE                  => 'offline',
			AgentBlock::PAUSED                   => Agent::STOP === $agent->directive ? 'stopping' : 'paused',
			AgentBlock::CLOSED, AgentBlock::NOTE => 'barred',
			default                              => $facts->held > 0 ? 'busy' : 'idle',
		};
	}

	/**
	 * @param array{job_id:int,filename:string,phase:string,done:int,total:int,left_ms:int} $lease
	 * @return array{job:int,name:string,step:string,left_s:int,left:string}
	 */
	private static function lease( array $lease ): array {
		$step = When::phase( $lease['phase'] );
		return array(
			'job'    => $lease['job_id'],
			'name'   => '' !== $lease['filename'] ? $lease['filename'] : __( '(no name)', 'ai-doc-pipeline' ),
			'step'   => $lease['total'] > 0
				/* translators: 1: what is being done, such as "Reading", 2: number of pages or steps done, 3: number of all. */
				? sprintf( __( '%1$s, %2$s of %3$s', 'ai-doc-pipeline' ), $step, number_format_i18n( $lease['done'] ), number_format_i18n( $lease['total'] ) )
				: $step,
			'left_s' => intdiv( max( 0, $lease['left_ms'] ), 1000 ),
			'left'   => When::clock( $lease['left_ms'] ),
		);
	}

	/** Provider and model as the agent tells them; an older agent tells nothing. */
	private static function model( string $summariser ): string {
		return 'extractive' === $summariser ? __( 'none, the agent’s own summariser', 'ai-doc-pipeline' ) : $summariser;
	}

	/** It ended as asked, and no process of it has sent a request since: it is not stale. */
	public static function stopped( Agent $agent ): bool {
		return 'active' === $agent->state && $agent->stoppedMs > 0;
	}

	private static function identity( ?KeyRecord $key ): string {
		return match ( $key?->is_public() ) {
			true  => __( 'Public key', 'ai-doc-pipeline' ),
			false => __( 'Shared secret', 'ai-doc-pipeline' ),
			null  => '',
		};
	}

	private static function state_label( string $state ): string {
		return match ( $state ) {
			'busy'     => __( 'Busy', 'ai-doc-pipeline' ),
			'idle'     => __( 'Idle', 'ai-doc-pipeline' ),
			'paused'   => __( 'Paused', 'ai-doc-pipeline' ),
			'stopping' => __( 'Stopping', 'ai-doc-pipeline' ),
			'barred'   => __( 'Takes no documents', 'ai-doc-pipeline' ),
			'offline'  => __( 'Offline', 'ai-doc-pipeline' ),
			'stopped'  => __( 'Stopped', 'ai-doc-pipeline' ),
			'pending'  => __( 'Waiting to join', 'ai-doc-pipeline' ),
			default    => __( 'Revoked', 'ai-doc-pipeline' ),
		};
	}

	private static function icon( string $state ): string {
		return match ( $state ) {
			'busy'             => 'update',
			'idle'             => 'yes-alt',
			'paused'           => 'controls-pause',
			'barred'           => 'warning',
			'offline'          => 'warning',
			'stopping'         => 'minus',
			'stopped'          => 'minus',
			'pending'          => 'clock',
			default            => 'dismiss',
		};
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
	private static function directive_note( Agent $agent, string $by, int $now_ms ): string {
		if ( self::stopped( $agent ) ) {
			/* translators: %s: a length of time such as "12 seconds". */
			return sprintf( __( 'Stopped %s ago. Start it on its machine to use it again.', 'ai-doc-pipeline' ), human_time_diff( 0, max( 1, intdiv( max( 0, $now_ms - $agent->stoppedMs ), 1000 ) ) ) );
		}
		if ( 'active' !== $agent->state || 0 === $agent->directiveSetMs ) {
			return '';
		}
		if ( $agent->directiveSeenMs >= $agent->directiveSetMs ) {
			$note = match ( $agent->directive ) {
				'run'       => '',
				Agent::STOP => __( 'Acknowledged, finishing', 'ai-doc-pipeline' ),
				default     => __( 'Acknowledged', 'ai-doc-pipeline' ),
			};
			return '' === $by || '' === $note
				? $note
				/* translators: 1: such as "Acknowledged", 2: name of a user. */
				: sprintf( __( '%1$s; ordered by %2$s', 'ai-doc-pipeline' ), $note, $by );
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
