<?php
declare( strict_types=1 );

namespace AIDoc\Tests;

use AIDoc\Front\Blocks;

/** What pages of the site show of summaries. */
abstract class FrontTestCase extends SummaryTestCase {

	protected const TEXT = "The word is zanzibar.\n\nIt comes twice.\n\n## Key points\n\n- A **point**.\n\n### Detail\n\nMore of it.";

	protected function document_of( int $summary ): int {
		return $this->plugin()->links()->document_of( $summary );
	}

	/** The block as a page draws it for the current user. */
	protected static function block( int $attachment, array $attributes = array(), string $name = Blocks::SUMMARY ): string {
		$attributes = 0 === $attachment ? $attributes : array( 'attachmentId' => $attachment ) + $attributes;
		return trim( do_blocks( '<!-- wp:' . $name . ' ' . wp_json_encode( (object) $attributes ) . ' /-->' ) );
	}

	protected static function list_block( array $attributes = array() ): string {
		return self::block( 0, $attributes, Blocks::LIST );
	}

	/** @param array<string,string> $parameters */
	protected static function asking( array $parameters, callable $work ): mixed {
		$before = $_GET;
		$_GET   = array_combine( array_map( static fn( string $name ): string => "aidoc_$name", array_keys( $parameters ) ), $parameters );
		try {
			return $work();
		} finally {
			$_GET = $before;
		}
	}

	/** A published post with that content, as a visitor's browser gets it. */
	protected function visited_page( string $content ): string {
		$id = $this->page( 'publish' );
		wp_update_post( array( 'ID' => $id, 'post_content' => wp_slash( $content ) ) );
		return self::visit( "/?p=$id" );
	}

	/** Statements that were sent to the database meanwhile. */
	protected static function queries( callable $work ): array {
		$seen = array();
		$spy  = static function ( $sql ) use ( &$seen ) {
			$seen[] = $sql;
			return $sql;
		};
		add_filter( 'query', $spy );
		try {
			$work();
		} finally {
			remove_filter( 'query', $spy );
		}
		return $seen;
	}
}
