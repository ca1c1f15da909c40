<?php
declare( strict_types=1 );

namespace AIDoc\Summaries;

/**
 * What each text of a summary was made from: which file, model and instruction. A text is known by its fingerprint, so that every copy
 * of it is known too: the post, revisions of WordPress' own making, and what was restored from one.
 *
 * @phpstan-type Origin array{at_ms:int,agent:string,provider:string,model:string,sha256:string,instruction:string}
 */
final class Origins {

	public const FIELD = Meta::ORIGINS;

	/** Older ones are forgotten: as many as somebody compares. */
	private const KEPT = 25;

	public static function fingerprint( \WP_Post $text ): string {
		return sha1( $text->post_title . "\0" . $text->post_content );
	}

	/**
	 * Notes the origin of a text down.
	 *
	 * @param \WP_Post            $text   As with() takes it.
	 * @param array<string,mixed> $fields Likewise.
	 */
	public static function record( int $summary_id, \WP_Post $text, array $fields ): void {
		update_post_meta( $summary_id, self::FIELD, wp_slash( self::with( $summary_id, $text, $fields ) ) );
	}

	/**
	 * The origins of a summary's texts with one more.
	 *
	 * @param \WP_Post            $text   The summary or one of its revisions, as it was stored.
	 * @param array<string,mixed> $fields By the names of Meta::FIELDS.
	 * @return array<string,array<string,mixed>> By fingerprint, the oldest first.
	 */
	public static function with( int $summary_id, \WP_Post $text, array $fields ): array {
		$print   = self::fingerprint( $text );
		$origins = array_diff_key( self::all( $summary_id ), array( $print => 1 ) );

		$origins[ $print ] = array(
			'at_ms'       => (int) ( $fields['summarised_ms'] ?? 0 ),
			'agent'       => (string) ( $fields['agent'] ?? '' ),
			'provider'    => (string) ( $fields['provider'] ?? '' ),
			'model'       => (string) ( $fields['model'] ?? '' ),
			'sha256'      => (string) ( $fields['source_sha256'] ?? '' ),
			'instruction' => empty( $fields['instructed'] ) ? '' : (string) ( $fields['instruction'] ?? '' ),
		);
		return array_slice( $origins, -self::KEPT, null, true );
	}

	/** @return array<string,mixed>|null An Origin; null for a text that a person has written or changed, and for one that was forgotten. */
	public static function of( int $summary_id, \WP_Post $text ): ?array {
		return self::all( $summary_id )[ self::fingerprint( $text ) ] ?? null;
	}

	/** @return array<string,array<string,mixed>> By fingerprint, the oldest first. */
	private static function all( int $summary_id ): array {
		$stored = get_post_meta( $summary_id, self::FIELD, true );
		return is_array( $stored ) ? $stored : array();
	}
}
