<?php

declare( strict_types=1 );

namespace AIDoc\Admin;

/** The rows of the spending report as CSV (RFC 4180), for a spreadsheet: names of agents and models are text there, never a formula. */
final class SpendingCsv {

	private const COLUMNS = array( 'day', 'agent', 'provider', 'model', 'fallback', 'documents', 'tokens', 'usd' );

	/**
	 * @param list<array<string,mixed>> $rows  See Queue\SpendingReport::rows().
	 * @param array<int,string>         $names Agent → name.
	 */
	public static function of( array $rows, array $names ): string {
		$lines = array( implode( ',', self::COLUMNS ) );
		foreach ( $rows as $row ) {
			$cells   = array( $row['day'], SpendingSummary::agent( $row['agent_id'], $names ), $row['provider'], $row['model'], $row['fallback'] );
			$lines[] = implode( ',', array( ...array_map( array( self::class, 'cell' ), $cells ), (string) ( $row['result'] ? $row['documents'] : 0 ), (string) $row['tokens'], number_format( $row['usd'], 6, '.', '' ) ) );
		}
		return implode( "\r\n", $lines ) . "\r\n";
	}

	private static function cell( string $text ): string {
		$text = (string) preg_replace( '/[\x00-\x1F\x7F]+/', ' ', $text );
		$safe = preg_match( '/^\s*[=+\-@]/', $text ) ? "'" . $text : $text;
		return '"' . str_replace( '"', '""', $safe ) . '"';
	}
}
