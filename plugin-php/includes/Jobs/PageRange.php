<?php
declare( strict_types=1 );

namespace AIDoc\Jobs;

/** Which pages of a document are read, both ends in it and counted from 1; a last page of 0 is the document's end. */
final class PageRange {

	public const MOST = 1_000_000;

	public function __construct(
		public readonly int $first,
		public readonly int $last = 0,
	) {}

	/**
	 * Reads what a person types: "20" (the first 20), "5-12", "5-" (from page 5 on).
	 *
	 * @return self|\WP_Error One sentence where it is neither.
	 */
	public static function parse( string $typed ): self|\WP_Error {
		$typed = (string) preg_replace( '/\s+|^p+\.?/i', '', $typed );
		if ( preg_match( '/^(\d{1,7})$/D', $typed, $part ) ) {
			$range = new self( 1, (int) $part[1] );
		} elseif ( preg_match( '/^(\d{1,7})[-–—](\d{0,7})$/Du', $typed, $part ) ) {
			$range = new self( (int) $part[1], (int) $part[2] );
		} else {
			$range = null;
		}
		$open = null !== $range && str_contains( $typed, '-' ) && '' === ( $part[2] ?? '' );
		return null !== $range && $range->first >= 1 && max( $range->first, $range->last ) <= self::MOST && ( $open || $range->last >= $range->first )
			? $range
			: new \WP_Error( 'aidoc_invalid_pages', __( 'Type the pages to read as 20 (the first twenty), 5-12, or 5- (from page 5 on); leave the field empty for the usual.', 'ai-doc-pipeline' ), array( 'status' => 400 ) );
	}

	/** As a person would type it. */
	public function typed(): string {
		return match ( true ) {
			0 === $this->last                             => $this->first . '-',
			1 === $this->first                            => (string) $this->last,
			default                                       => $this->first . '-' . $this->last,
		};
	}

	/** @return array{first:int,last:int} As a lease names it. */
	public function wire(): array {
		return array(
			'first' => $this->first,
			'last'  => $this->last,
		);
	}
}
