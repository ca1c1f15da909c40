<?php
declare( strict_types=1 );

namespace AIDoc\CLI;

/** How commands answer: lists in the format that was asked for, outcomes of many actions, and exit codes. */
final class Output {

	private const FORMATS = array( 'table', 'json', 'csv', 'yaml', 'count', 'ids' );

	/** Some of several were refused; 1 is WP-CLI's own, for a command that did nothing. */
	public const PARTLY = 2;

	/**
	 * @param list<array<string,scalar|null>> $rows    `ids` prints their first field.
	 * @param string[]                        $fields  Those shown where `--fields` names none.
	 * @param array<string,string>            $options `format` and `fields` of the command line.
	 */
	public static function rows( array $rows, array $fields, array $options ): void {
		$format = (string) ( $options['format'] ?? 'table' );
		$asked  = self::fields( $rows, $fields, $options );
		if ( ! in_array( $format, self::FORMATS, true ) ) {
			/* translators: %s: list of words */
			\WP_CLI::error( sprintf( __( 'The format is one of %s.', 'ai-doc-pipeline' ), implode( ', ', self::FORMATS ) ) );
		} elseif ( null !== $asked ) {
			\WP_CLI\Utils\format_items( $format, 'ids' === $format ? array_column( $rows, $fields[0] ) : $rows, $asked );
		}
	}

	/** Whether somebody reads it: sentences beside a list would spoil it for a program. */
	public static function is_for_people( array $options ): bool {
		return 'table' === ( $options['format'] ?? 'table' );
	}

	/** @return string[]|null Null after an error. */
	private static function fields( array $rows, array $fields, array $options ): ?array {
		$asked   = array_filter( array_map( 'trim', explode( ',', (string) ( $options['fields'] ?? '' ) ) ), static fn( string $one ): bool => '' !== $one );
		$known   = $rows ? array_keys( $rows[0] ) : array_merge( $fields, $asked );
		$unknown = array_diff( $asked, $known );
		if ( $unknown ) {
			/* translators: 1: name of a field, 2: list of names */
			\WP_CLI::error( sprintf( __( 'There is no field “%1$s”. Fields are: %2$s.', 'ai-doc-pipeline' ), reset( $unknown ), implode( ', ', $known ) ) );
			return null;
		}
		return $asked ? array_values( $asked ) : $fields;
	}

	/**
	 * Does something with each and says what became of them; ends with PARTLY where some were refused, as an error where all were.
	 *
	 * @param int[]                              $ids
	 * @param callable(int):(\WP_Error|mixed)    $act
	 * @param callable(int,int):string           $sentence Of the numbers done and refused.
	 */
	public static function each( array $ids, callable $act, callable $sentence ): void {
		$refused = 0;
		foreach ( $ids as $id ) {
			$result = $act( $id );
			if ( is_wp_error( $result ) ) {
				++$refused;
				\WP_CLI::warning( "$id: " . $result->get_error_message() );
			}
		}
		self::conclude( count( $ids ) - $refused, $refused, $sentence( count( $ids ) - $refused, $refused ) );
	}

	public static function conclude( int $done, int $refused, string $sentence ): void {
		if ( 0 === $refused ) {
			\WP_CLI::success( $sentence );
		} elseif ( 0 === $done ) {
			\WP_CLI::error( $sentence );
		} else {
			\WP_CLI::warning( $sentence );
			\WP_CLI::halt( self::PARTLY );
		}
	}

	/** @return string UTC, '' for never. */
	public static function time( int $ms ): string {
		return $ms > 0 ? gmdate( 'Y-m-d\TH:i:s\Z', intdiv( $ms, 1000 ) ) : '';
	}
}
