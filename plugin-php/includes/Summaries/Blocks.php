<?php
declare( strict_types=1 );

namespace AIDoc\Summaries;

use AIDoc\REST\Agent\Field;
use AIDoc\REST\Agent\FieldError;

/** Reads `summary_blocks` of docs/protocol.md, section 7: text in, nothing else. */
final class Blocks {

	private const TEXT = 200_000;
	private const MANY = 5_000;

	/**
	 * @param list<mixed> $given
	 * @return list<array<string,mixed>>|\WP_Error
	 */
	public static function read( array $given ): array|\WP_Error {
		$blocks = array();
		foreach ( $given as $i => $block ) {
			$type   = $block instanceof \stdClass ? ( $block->type ?? null ) : null;
			$fields = is_string( $type ) ? self::fields( $type ) : null;
			if ( null === $fields ) {
				return ( new FieldError( 'aidoc_invalid_field', "summary_blocks[$i].type" ) )->wp_error();
			}
			$read = Field::read( $block, array( 'type' => Field::text( 20 ) ) + $fields );
			if ( is_wp_error( $read ) ) {
				$data = (array) $read->get_error_data();
				return ( new FieldError( (string) $read->get_error_code(), "summary_blocks[$i]." . ( $data['field'] ?? '' ) ) )->wp_error();
			}
			$blocks[] = $read;
		}
		return Abridger::abridge( $blocks );
	}

	/** @return array<string,Field>|null */
	private static function fields( string $type ): ?array {
		return match ( $type ) {
			'heading'            => array(
				'level' => Field::int( 2, 4 ),
				'runs'  => self::runs(),
			),
			'paragraph', 'quote' => array( 'runs' => self::runs() ),
			'list'               => array(
				'ordered' => Field::bool()->optional(),
				'items'   => Field::list( self::runs(), self::MANY ),
			),
			'code'               => array( 'text' => Field::text( self::TEXT ) ),
			'table'              => array(
				'header' => Field::list( self::runs(), 200 )->nullable(),
				'rows'   => Field::list( Field::list( self::runs(), 200 ), self::MANY )->nullable(),
			),
			default              => null,
		};
	}

	private static function runs(): Field {
		return Field::list(
			Field::object(
				array(
					'text'   => Field::text( self::TEXT ),
					'bold'   => Field::bool()->optional(),
					'italic' => Field::bool()->optional(),
					'code'   => Field::bool()->optional(),
				)
			),
			self::MANY
		);
	}
}
