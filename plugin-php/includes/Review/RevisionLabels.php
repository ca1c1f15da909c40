<?php
declare( strict_types=1 );

namespace AIDoc\Review;

use AIDoc\Summaries\Origins;
use AIDoc\Summaries\PostType;

/** On WordPress' screen of revisions: what each version of a summary was made from. */
final class RevisionLabels {

	public function register(): void {
		add_filter( 'wp_prepare_revision_for_js', array( self::class, 'label' ), 10, 3 );
		add_filter( 'wp_get_revision_ui_diff', array( self::class, 'compare' ), 10, 3 );
	}

	/**
	 * The screen says "Revision by …" and escapes the name.
	 *
	 * @param array<string,mixed> $data
	 * @return array<string,mixed>
	 */
	public static function label( $data, \WP_Post $revision, \WP_Post $post ): array {
		if ( PostType::NAME !== $post->post_type || ! is_array( $data['author'] ?? null ) ) {
			return (array) $data;
		}
		$origin = Origins::of( $post->ID, $revision );
		if ( $origin ) {
			$data['author']['name'] = self::sentence( $origin );
		}
		return $data;
	}

	/**
	 * One more row, above title and text.
	 *
	 * @param list<array{id:string,name:string,diff:string}> $rows
	 * @param \WP_Post|false                                 $from False for the first version.
	 * @param \WP_Post|int                                   $to
	 * @return list<array{id:string,name:string,diff:string}>
	 */
	public static function compare( $rows, $from, $to ): array {
		$to = get_post( $to );
		if ( ! $to || PostType::NAME !== get_post_type( $to->post_parent ? $to->post_parent : $to->ID ) ) {
			return (array) $rows;
		}
		$diff = wp_text_diff( $from ? self::made_from( get_post( $from ) ) : '', self::made_from( $to ), array( 'show_split_view' => true ) );
		return '' === (string) $diff ? (array) $rows : array_merge(
			array(
				array(
					'id'   => 'aidoc_origin',
					'name' => __( 'Made from', 'ai-doc-pipeline' ),
					'diff' => $diff,
				),
			),
			(array) $rows
		);
	}

	private static function made_from( \WP_Post $text ): string {
		$parent = 'revision' === $text->post_type ? (int) $text->post_parent : $text->ID;
		$origin = Origins::of( $parent, $text );
		return $origin ? self::sentence( $origin ) : __( 'edited by a person', 'ai-doc-pipeline' );
	}

	/** @param array<string,mixed> $origin As Origins::of() gives it. */
	private static function sentence( array $origin ): string {
		$model = 'extractive' === $origin['provider'] ? __( 'without a model', 'ai-doc-pipeline' ) : implode( '/', array_filter( array( $origin['provider'], $origin['model'] ) ) );
		$parts = array(
			$origin['agent'],
			$model,
			Provenance::date( $origin['at_ms'] ),
			/* translators: %s: the first digits of a file's digest. */
			'' === $origin['sha256'] ? '' : sprintf( __( 'file %s', 'ai-doc-pipeline' ), Provenance::short( $origin['sha256'] ) ),
			'' === $origin['instruction'] ? '' : '“' . $origin['instruction'] . '”',
		);
		return implode( ' · ', array_filter( $parts, static fn( string $part ): bool => '' !== $part ) );
	}
}
