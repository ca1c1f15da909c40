<?php
declare( strict_types=1 );

namespace AIDoc\Summaries;

use AIDoc\Text;

/** What an agent found out about a document, checked. */
final class Summary {

	/**
	 * @param list<array<string,mixed>> $blocks See Blocks.
	 * @param array<string,mixed>       $fields By the names of Meta::FIELDS.
	 */
	private function __construct(
		public readonly int $attachmentId,
		public readonly string $sourceSha256,
		public readonly string $title,
		public readonly array $blocks,
		public readonly array $fields,
	) {}

	/** @param array<string,mixed> $body As ResultRoute reads it. */
	public static function from_body( array $body, string $agent_name ): self|\WP_Error {
		$blocks = isset( $body['summary_blocks'] )
			? Blocks::read( $body['summary_blocks'] )
			: MarkdownBlocks::parse( (string) ( $body['summary_markdown'] ?? '' ) );
		if ( is_wp_error( $blocks ) ) {
			return $blocks;
		}
		$fields = array();
		foreach ( Meta::FIELDS as $name => $type ) {
			$value           = $body[ $name ] ?? null;
			$fields[ $name ] = match ( true ) {
				null === $value     => 'array' === $type ? array() : null,
				'string' === $type  => Text::clip( $value, 1024 ),
				'number' === $type  => (float) $value,
				default             => $value,
			};
		}
		$fields['agent'] = Text::clip( $agent_name, 200 );
		return new self( (int) ( $body['attachment_id'] ?? 0 ), (string) ( $body['source_sha256'] ?? '' ), Text::clip( (string) ( $body['title'] ?? '' ), 500 ), $blocks, $fields );
	}
}
