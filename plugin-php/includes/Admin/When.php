<?php

declare( strict_types=1 );

namespace AIDoc\Admin;

use AIDoc\Media\SummaryFacts;

/** Moments, lengths of time and amounts as people read them: moments in the site's time zone, beside them how long ago that is. */
final class When {

	private const SECOND_MS = 1000;

	/** A moment as HTML: the exact time, and in a title or beside it the relative one. '' for never. */
	public static function exact( int $ms, int $now_ms ): string {
		return $ms <= 0 ? '—' : sprintf(
			'<time datetime="%s">%s</time> <span class="aidoc-muted">%s</span>',
			esc_attr( gmdate( 'c', intdiv( $ms, self::SECOND_MS ) ) ),
			esc_html( wp_date( __( 'Y/m/d g:i:s a', 'ai-doc-pipeline' ), intdiv( $ms, self::SECOND_MS ) ) ),
			esc_html( self::ago( $ms, $now_ms ) )
		);
	}

	public static function ago( int $ms, int $now_ms ): string {
		$seconds = intdiv( max( 0, $now_ms - $ms ), self::SECOND_MS );
		if ( $seconds < 5 ) {
			return __( 'Just now', 'ai-doc-pipeline' );
		}
		/* translators: %s: a length of time such as "12 seconds". */
		return sprintf( __( '%s ago', 'ai-doc-pipeline' ), human_time_diff( 0, $seconds ) );
	}

	/** A length of time: "0.4 s", "12 s", "3 min 5 s", "2 h 10 min". */
	public static function span( int $ms ): string {
		$seconds = intdiv( max( 0, $ms ), self::SECOND_MS );
		return match ( true ) {
			/* translators: %s: a number of seconds such as "0.4". */
			$seconds < 10   => sprintf( __( '%s s', 'ai-doc-pipeline' ), number_format_i18n( max( 0, $ms ) / self::SECOND_MS, 1 ) ),
			/* translators: %s: a number of seconds. */
			$seconds < 60   => sprintf( __( '%s s', 'ai-doc-pipeline' ), number_format_i18n( $seconds ) ),
			/* translators: 1: minutes, 2: seconds. */
			$seconds < 3600 => sprintf( __( '%1$s min %2$s s', 'ai-doc-pipeline' ), number_format_i18n( intdiv( $seconds, 60 ) ), number_format_i18n( $seconds % 60 ) ),
			/* translators: 1: hours, 2: minutes. */
			default         => sprintf( __( '%1$s h %2$s min', 'ai-doc-pipeline' ), number_format_i18n( intdiv( $seconds, 3600 ) ), number_format_i18n( intdiv( $seconds % 3600, 60 ) ) ),
		};
	}

	/** US dollars; nothing is "$0.00". */
	public static function usd( float $usd ): string {
		return $usd > 0 ? SummaryFacts::cost( $usd ) : '$' . number_format_i18n( 0, 2 );
	}

	/** As a clock that counts down: "1:43". */
	public static function clock( int $ms ): string {
		$seconds = intdiv( max( 0, $ms ), self::SECOND_MS );
		return sprintf( '%d:%02d', intdiv( $seconds, 60 ), $seconds % 60 );
	}

	/** What a document is in, in one word; a phase of the protocol. */
	public static function phase( string $phase ): string {
		return match ( $phase ) {
			''          => __( 'Taken', 'ai-doc-pipeline' ),
			'download'  => __( 'Downloading', 'ai-doc-pipeline' ),
			'extract'   => __( 'Reading', 'ai-doc-pipeline' ),
			'ocr'       => __( 'Recognising text', 'ai-doc-pipeline' ),
			'summarise' => __( 'Summarising', 'ai-doc-pipeline' ),
			'store'     => __( 'Storing', 'ai-doc-pipeline' ),
			'report'    => __( 'Sending the summary', 'ai-doc-pipeline' ),
			default     => $phase,
		};
	}
}
