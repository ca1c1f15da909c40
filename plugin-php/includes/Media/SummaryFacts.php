<?php

declare( strict_types=1 );

namespace AIDoc\Media;

/** What is known of how a summary was made, in one line: who wrote it, what of it was found in the document, what it cost. */
final class SummaryFacts {

	/** @return string '' where the fields are those of another job. */
	public static function of( int $post_id, int $job_id ): string {
		$field = static fn( string $name ) => get_post_meta( $post_id, 'aidoc_' . $name, true );
		if ( (int) $field( 'job_id' ) !== $job_id ) {
			return '';
		}
		return implode( ' · ', array_filter( array( self::writer( (string) $field( 'provider' ), (string) $field( 'model' ), (string) $field( 'fallback' ) ), self::part( (int) $field( 'pages_first' ), (int) $field( 'pages_last' ), (int) $field( 'pages' ) ), self::checked( (int) $field( 'checked' ), (int) $field( 'claims' ) ), self::cost( (float) $field( 'cost_usd' ) ) ) ) );
	}

	/** The summariser that comes with the agent has no model worth naming. */
	public static function writer( string $provider, string $model, string $fallback ): string {
		if ( '' !== $fallback ) {
			/* translators: %s: a reason, or an error code. */
			return sprintf( __( 'Summarised without a model (%s)', 'ai-doc-pipeline' ), self::reason( $fallback ) );
		}
		if ( 'extractive' === $provider ) {
			return __( 'Summarised without a model', 'ai-doc-pipeline' );
		}
		return implode( '/', array_filter( array( $provider, $model ) ) );
	}

	/** Of a code that is not known here the code. */
	private static function reason( string $code ): string {
		return match ( $code ) {
			'spend_cap_reached' => __( 'a spending cap was reached', 'ai-doc-pipeline' ),
			'budget_exceeded'   => __( 'one would have cost more than a document may', 'ai-doc-pipeline' ),
			default             => $code,
		};
	}

	private static function part( int $first, int $last, int $pages ): string {
		return $last < 1 ? '' : sprintf(
			/* translators: 1: first page that was read, 2: last page that was read, 3: pages of the document. */
			__( 'pages %1$s to %2$s of %3$s', 'ai-doc-pipeline' ),
			number_format_i18n( $first ),
			number_format_i18n( $last ),
			number_format_i18n( max( $pages, $last ) )
		);
	}

	public static function checked( int $checked, int $claims ): string {
		return $claims < 1 ? '' : sprintf(
			/* translators: 1: statements of the summary that were found in the document, 2: all its statements. */
			__( '%1$s of %2$s statements found in the document', 'ai-doc-pipeline' ),
			number_format_i18n( min( $checked, $claims ) ),
			number_format_i18n( $claims )
		);
	}

	public static function cost( float $usd ): string {
		if ( $usd <= 0 ) {
			return '';
		}
		return $usd < 0.01 ? __( 'less than $0.01', 'ai-doc-pipeline' ) : '$' . number_format_i18n( $usd, 2 );
	}
}
