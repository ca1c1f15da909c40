<?php
declare( strict_types=1 );

namespace AIDoc\Summaries;

/**
 * Keeps the text of a summary harmless for any user who saves it. What the writer escaped, the block editor unescapes when a person
 * saves: so each save is cleaned, of the post, its autosaves and its revisions, and what was stored otherwise is cleaned
 * once more when it is shown.
 */
final class SavedText {

	/** The fields of a post that hold text, each with the method of Sanitizer for it. */
	private const CLEANED = array(
		'post_content' => 'content',
		'post_title'   => 'line',
		'post_excerpt' => 'line',
	);

	public function register(): void {
		add_filter( 'wp_insert_post_data', array( self::class, 'clean' ), PHP_INT_MAX );
		add_filter( 'allowed_block_types_all', array( self::class, 'offer' ), PHP_INT_MAX, 2 );
		add_filter( 'the_content', array( self::class, 'show' ), 1 );
		add_filter( 'pre_do_shortcode_tag', array( self::class, 'keep_brackets' ), 10, 4 );
		add_filter( 'embed_cache_oembed_types', array( self::class, 'embed_nothing' ) );
		add_filter( 'enclosure_links', array( self::class, 'enclose_nothing' ), 10, 2 );
		add_action( 'pre_ping', array( self::class, 'ping_nothing' ), 10, 3 );
	}

	/**
	 * @param array<string,mixed> $data Slashed, as it is about to be stored.
	 * @return array<string,mixed>
	 */
	public static function clean( $data ) {
		if ( ! self::is_summary( (string) ( $data['post_type'] ?? '' ), (int) ( $data['post_parent'] ?? 0 ) ) ) {
			return $data;
		}
		foreach ( self::CLEANED as $field => $how ) {
			if ( isset( $data[ $field ] ) && '' !== $data[ $field ] ) {
				$data[ $field ] = wp_slash( Sanitizer::$how( wp_unslash( $data[ $field ] ) ) );
			}
		}
		return $data;
	}

	/**
	 * The editor offers only what a save keeps.
	 *
	 * @param bool|string[] $allowed
	 * @return bool|string[]
	 */
	public static function offer( $allowed, \WP_Block_Editor_Context $context ) {
		if ( PostType::NAME !== ( $context->post->post_type ?? '' ) || false === $allowed ) {
			return $allowed;
		}
		return is_array( $allowed ) ? array_values( array_intersect( $allowed, Sanitizer::blocks() ) ) : Sanitizer::blocks();
	}

	/** @param string $content */
	public static function show( $content ): string {
		return self::is_shown() ? Sanitizer::text( (string) $content ) : (string) $content;
	}

	/**
	 * @param string|false      $output
	 * @param string            $tag
	 * @param array|string      $attributes
	 * @param array<int,string> $found
	 * @return string|false
	 */
	public static function keep_brackets( $output, $tag, $attributes, $found ) {
		return self::is_shown() ? $found[0] : $output;
	}

	/**
	 * Types for which WordPress fetches embeds when a post is opened for editing.
	 *
	 * @param string[] $types
	 * @return string[]
	 */
	public static function embed_nothing( $types ): array {
		return array_diff( (array) $types, array( PostType::NAME ) );
	}

	/**
	 * Addresses that WordPress would ask whether they are sound or video. Core does so for posts only; plugins may for others.
	 *
	 * @param string[] $links
	 * @return string[]
	 */
	public static function enclose_nothing( $links, $post_id ): array {
		return self::is_summary( (string) get_post_type( $post_id ), (int) get_post_field( 'post_parent', $post_id ) ) ? array() : (array) $links;
	}

	/** @param string[] $links Addresses that WordPress would tell that they are mentioned. */
	public static function ping_nothing( &$links, &$pinged, $post_id ): void {
		$links = self::enclose_nothing( $links, $post_id );
	}

	private static function is_shown(): bool {
		$post = get_post();
		return $post && self::is_summary( $post->post_type, (int) $post->post_parent );
	}

	private static function is_summary( string $type, int $parent_id ): bool {
		return PostType::NAME === $type || ( 'revision' === $type && $parent_id > 0 && PostType::NAME === get_post_type( $parent_id ) );
	}
}
