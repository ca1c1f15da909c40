<?php
declare( strict_types=1 );

namespace AIDoc\Jobs;

use AIDoc\Clock;
use AIDoc\Settings;

/**
 * Mails what has failed to those whom the settings name: at most once an hour, by reason, and nothing while nothing fails. WP-Cron calls it.
 * No name and no text of a document is in it: mail passes through many hands.
 */
final class FailureDigest {

	private const PAUSE_MS = HOUR_IN_SECONDS * 1000;

	/** What failed longer ago, before mails were turned on or while they could not be sent, is not told any more. */
	private const BACK_MS = DAY_IN_SECONDS * 1000;

	/** Somebody has begun to send one; and it went out. */
	private const BEGUN = 'digest';
	private const SENT  = 'digest_sent';

	/**
	 * @param \Closure(string):string $queue    Address of the queue's page, of documents that failed for this reason.
	 * @param \Closure():string       $settings Address of the page on which mails are turned off.
	 */
	public function __construct(
		private readonly Settings $options,
		private readonly Events $events,
		private readonly Clock $clock,
		private readonly \Closure $queue,
		private readonly \Closure $settings,
	) {}

	/** @return bool Whether a mail went out. */
	public function run(): bool {
		$to   = (array) $this->options->get( 'digest_to' );
		$now  = $to ? $this->clock->now_ms() : 0;
		$last = $to ? $this->last( self::BEGUN ) : null;
		if ( ! $to || ( $last && $now - $last['at_ms'] < self::PAUSE_MS ) ) {
			return false;
		}
		$failures = $this->events->failures_since( max( $now - self::BACK_MS, $this->last( self::SENT )['at_ms'] ?? 0 ) );
		// Of two that come at once one writes this event.
		if ( ! $failures || ! $this->events->log( self::BEGUN, 0, 0, '', '', 'digest|' . ( $last['id'] ?? 0 ) ) ) {
			return false;
		}
		$sent = wp_mail( $to, self::subject( $failures ), $this->text( $failures ) );
		if ( $sent ) {
			$this->events->log( self::SENT );
		}
		return $sent;
	}

	/** @return array{id:int,at_ms:int}|null */
	private function last( string $kind ): ?array {
		return $this->events->recent(
			array(
				'kind'     => $kind,
				'per_page' => 1,
			)
		)[0] ?? null;
	}

	private static function subject( array $failures ): string {
		$number = array_sum( array_column( $failures, 'documents' ) );
		return sprintf(
			/* translators: 1: name of the site, 2: number of documents. */
			_n( '[%1$s] %2$s document could not be read', '[%1$s] %2$s documents could not be read', $number, 'ai-doc-pipeline' ),
			wp_specialchars_decode( get_option( 'blogname' ), ENT_QUOTES ),
			number_format_i18n( $number )
		);
	}

	/** @param list<array{code:string,documents:int,message:string}> $failures */
	private function text( array $failures ): string {
		$parts = array( __( 'These documents could not be read, and nothing is tried again by itself:', 'ai-doc-pipeline' ) );
		foreach ( $failures as $failure ) {
			/* translators: %s: number of documents. */
			$number  = sprintf( _n( '%s document', '%s documents', $failure['documents'], 'ai-doc-pipeline' ), number_format_i18n( $failure['documents'] ) );
			$parts[] = $number . ': ' . trim( $failure['message'] . ' (' . $failure['code'] . ')' ) . "\n" . ( $this->queue )( $failure['code'] );
		}
		$parts[] = __( 'You get this at most once an hour, and only when something has failed. To get it no more, take your address out of the settings:', 'ai-doc-pipeline' ) . "\n" . ( $this->settings )();
		return implode( "\n\n", $parts ) . "\n";
	}
}
