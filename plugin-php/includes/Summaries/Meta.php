<?php
declare( strict_types=1 );

namespace AIDoc\Summaries;

use AIDoc\PostRepository;

/** The structured fields of a summary, as registered post meta. */
final class Meta {

	/** Name → type. Each is stored as `aidoc_<name>`. */
	public const FIELDS = array(
		'attachment_id'  => 'integer',
		'job_id'         => 'integer',
		'word_count'     => 'integer',
		'pages'          => 'integer',
		'pages_ocr'      => 'integer',
		'pages_failed'   => 'array',
		'pages_first'    => 'integer',
		'pages_last'     => 'integer',
		'confidence'     => 'number',
		'pages_low'      => 'array',
		'pages_vision'   => 'array',
		'warnings'       => 'array',
		'chunks'         => 'integer',
		'processing_ms'  => 'integer',
		'provider'       => 'string',
		'model'          => 'string',
		'prompt_version' => 'string',
		'tokens_in'      => 'integer',
		'tokens_out'     => 'integer',
		'tokens_cached'  => 'integer',
		'cost_usd'       => 'number',
		'spent_usd'      => 'number',
		'spent_tokens'   => 'integer',
		'fallback'       => 'string',
		'claims'         => 'integer',
		'checked'        => 'integer',
		'hidden'         => 'integer',
		'instruction'    => 'string',
		'instructed'     => 'boolean',
		'trace_id'       => 'string',
		'summarised_ms'  => 'integer',
		'language'       => 'string',
		's3_text_key'    => 'string',
		'source_sha256'  => 'string',
		'agent'          => 'string',
		'agent_version'  => 'string',
	);

	/** What this plugin wrote last, as a hash: while it fits, nobody has edited the text. */
	public const WRITTEN = '_aidoc_written';

	/** The revision that holds the newest reading's text, where the post was kept as a person left it. */
	public const ASIDE = '_aidoc_aside';

	/** '1' where recognised pages are to be checked, for lists; else missing. */
	public const DOUBTFUL = '_aidoc_doubtful';

	/** See Origins and Reviews, which few requests load. */
	public const ORIGINS      = '_aidoc_origins';
	public const REVIEW       = '_aidoc_review';
	public const REVIEW_STATE = '_aidoc_review_state';

	private const HIDDEN = array( self::WRITTEN, self::ASIDE, self::DOUBTFUL, DocumentLinks::FIELD, self::ORIGINS, self::REVIEW, self::REVIEW_STATE );

	public function register(): void {
		add_action( 'init', array( self::class, 'register_fields' ), 11 );
	}

	public static function register_fields(): void {
		foreach ( self::FIELDS as $name => $type ) {
			$schema = array( 'context' => array( 'edit' ) ) + self::schema( $name, $type );
			register_post_meta(
				PostType::NAME,
				'aidoc_' . $name,
				array(
					'type'          => $type,
					'single'        => true,
					'show_in_rest'  => array( 'schema' => $schema ),
					'auth_callback' => '__return_false', // Facts of the machine: shown to who edits, written by Writer only.
				)
			);
		}
	}

	/** @return array<string,mixed> */
	private static function schema( string $name, string $type ): array {
		$items = match ( $name ) {
			'pages_low' => array(
				'type'       => 'object',
				'properties' => array(
					'page'       => array( 'type' => 'integer' ),
					'confidence' => array( 'type' => 'number' ),
				),
			),
			'warnings'  => array( 'type' => 'string' ),
			default     => array( 'type' => 'integer' ),
		};
		return array( 'type' => $type ) + ( 'array' === $type ? array( 'items' => $items ) : array() );
	}

	/** Whether a field is one that only the writer writes. */
	public static function is_ours( string $key ): bool {
		return in_array( $key, self::HIDDEN, true ) || ( str_starts_with( $key, 'aidoc_' ) && isset( self::FIELDS[ substr( $key, 6 ) ] ) );
	}

	/** @param array<string,mixed> $values By name without prefix; null removes. */
	public static function store( int $post_id, array $values ): void {
		self::write( $post_id, self::keyed( $values ) );
	}

	/**
	 * @param array<string,mixed> $values By name without prefix.
	 * @return array<string,mixed> By key.
	 */
	public static function keyed( array $values ): array {
		return array_combine( array_map( static fn( string $name ): string => "aidoc_$name", array_keys( $values ) ), $values );
	}

	/**
	 * A result has thirty fields: what is new is written in one statement, what has changed and what goes as WordPress does it.
	 *
	 * @param array<string,mixed> $values By key; null removes.
	 */
	public static function write( int $post_id, array $values ): void {
		$before = get_post_meta( $post_id );
		$new    = array();
		foreach ( $values as $key => $value ) {
			if ( null === $value ) {
				isset( $before[ $key ] ) && delete_post_meta( $post_id, $key );
			} elseif ( isset( $before[ $key ] ) ) {
				update_post_meta( $post_id, $key, wp_slash( $value ) );
			} else {
				$new[ $key ] = sanitize_meta( $key, $value, 'post', PostType::NAME );
			}
		}
		PostRepository::add_fields( $post_id, $new );
	}
}
