<?php
declare( strict_types=1 );

namespace AIDoc\Front;

/** Which summaries a list holds: what its author has fixed, and what its reader has chosen. */
final class Wanted {

	/**
	 * @param string[]      $words  What the reader searches for, each of them.
	 * @param string[]|null $only   MIME types that the author has fixed; null for all.
	 * @param string[]|null $mimes  Those that the reader has chosen.
	 * @param int           $year   Of the upload, 0 for any.
	 * @param int           $attachedTo The post that documents must be attached to, 0 for any.
	 * @param int[]|null    $within Terms that the author has fixed.
	 * @param int[]|null    $terms  Those that the reader has chosen.
	 * @param string        $taxonomy Of the folders that the reader may choose from, '' for none.
	 * @param string        $order  'date' (newest first) or 'title'.
	 */
	public function __construct(
		public readonly array $words = array(),
		public readonly ?array $only = null,
		public readonly ?array $mimes = null,
		public readonly int $year = 0,
		public readonly int $attachedTo = 0,
		public readonly ?array $within = null,
		public readonly ?array $terms = null,
		public readonly string $taxonomy = '',
		public readonly string $order = 'date',
		public readonly int $perPage = 10,
		public readonly int $page = 1,
	) {}

	/** Without what the reader has chosen. */
	public function unfiltered(): self {
		return new self( only: $this->only, attachedTo: $this->attachedTo, within: $this->within, taxonomy: $this->taxonomy, order: $this->order, perPage: $this->perPage );
	}

	public function on_page( int $page ): self {
		return new self( $this->words, $this->only, $this->mimes, $this->year, $this->attachedTo, $this->within, $this->terms, $this->taxonomy, $this->order, $this->perPage, $page );
	}
}
