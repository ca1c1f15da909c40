<?php
declare( strict_types=1 );

namespace AIDoc\Summaries;

use AIDoc\Queue\Spent;
use AIDoc\REST\Agent\FieldError;
use AIDoc\Text;

/** What an agent found out about a document, in bounds. */
final class Summary {

	private const TITLE = 500;

	/**
	 * @param list<array<string,mixed>> $blocks   See Blocks.
	 * @param array<string,mixed>       $fields   By the names of Meta::FIELDS.
	 * @param Spent|null                $spent    What it has cost under its lease; null where the agent does not tell.
	 * @param string                    $adjusted What was changed or left out, one sentence or ''.
	 */
	private function __construct(
		public readonly int $attachmentId,
		public readonly string $sourceSha256,
		public readonly string $title,
		public readonly array $blocks,
		public readonly array $fields,
		public readonly ?Spent $spent,
		public readonly string $adjusted,
	) {}

	/**
	 * @param array<string,mixed> $body As it came but for what names job, lease and document.
	 * @return self|\WP_Error An error where there is no summary in it at all.
	 */
	public static function from_body( array $body, string $agent_name, ?Adjustments $adjusted = null ): self|\WP_Error {
		$adjusted = $adjusted ?? new Adjustments();
		$blocks   = self::blocks( $body, $adjusted );
		if ( null === $blocks ) {
			return ( new FieldError( 'aidoc_invalid_field', 'summary_markdown' ) )->wp_error();
		}
		$reader = new ResultFields( $adjusted );
		$fields = $reader->read( $body );
		$spent  = self::spent( $body['spent'] ?? null, $fields, $adjusted );

		$fields['spent_usd']     = $spent->usd ?? null;
		$fields['spent_tokens']  = $spent->tokens ?? null;
		$fields['source_sha256'] = is_string( $body['source_sha256'] ?? null ) ? $body['source_sha256'] : null;
		$fields['agent']         = Text::clip( $agent_name, 200 );
		return new self( (int) ( $body['attachment_id'] ?? 0 ), (string) $fields['source_sha256'], (string) $reader->text( $body['title'] ?? null, 'title', self::TITLE ), $blocks, $fields, $spent, $adjusted->sentence() );
	}

	/**
	 * The same with what the site knows of how it was made.
	 *
	 * @param array<string,mixed> $facts By the names of Meta::FIELDS.
	 */
	public function with( array $facts ): self {
		return new self( $this->attachmentId, $this->sourceSha256, $this->title, $this->blocks, $facts + $this->fields, $this->spent, $this->adjusted );
	}

	/** Whether pages of it were recognised with so little confidence that a person should compare them. */
	public function is_doubtful(): bool {
		$low = array_filter( $this->fields['pages_low'] ?? array(), static fn( array $page ): bool => $page['confidence'] < ResultFields::LOW );
		return array() !== $low || ( null !== $this->fields['confidence'] && $this->fields['confidence'] < ResultFields::LOW );
	}

	/** @return list<array<string,mixed>>|null Null where the body has neither blocks nor Markdown. */
	private static function blocks( array $body, Adjustments $adjusted ): ?array {
		$blocks   = $body['summary_blocks'] ?? null;
		$markdown = $body['summary_markdown'] ?? null;
		if ( is_array( $blocks ) ) {
			return Blocks::read( $blocks, $adjusted );
		}
		if ( null !== $blocks ) {
			$adjusted->add( 'summary_blocks' );
		}
		return is_string( $markdown ) ? MarkdownBlocks::parse( $markdown ) : null;
	}

	/**
	 * An agent that knows no budget tells the same in other fields.
	 *
	 * @param array<string,mixed> $fields As ResultFields reads them.
	 */
	private static function spent( mixed $given, array $fields, Adjustments $adjusted ): ?Spent {
		$spent = Spent::read( $given );
		if ( $spent ) {
			return $spent;
		}
		if ( null !== $given ) {
			$adjusted->add( 'spent' );
		}
		$tokens = (int) $fields['tokens_in'] + (int) $fields['tokens_out'];
		return $tokens > 0 || $fields['cost_usd'] > 0 ? new Spent( (float) $fields['cost_usd'], min( $tokens, Spent::MOST_TOKENS ) ) : null;
	}
}
