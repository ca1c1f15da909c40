<?php
declare( strict_types=1 );

namespace AIDoc\Front;

use AIDoc\Search\Words;
use AIDoc\Settings;

/** What the reader of a list has chosen: it stands in the address, works without scripts and can be shared. */
final class ListRequest {

	private const PARAMETERS = array( 'q', 'type', 'year', 'folder', 'page' );
	private const LONGEST    = 200;

	public readonly string $typed;
	public readonly string $type;
	public readonly int $year;
	public readonly int $folder;
	public readonly int $page;

	/** @param int $number Which list of the page: the first is 1. */
	public function __construct( private readonly int $number ) {
		$this->typed  = mb_substr( $this->asked( 'q' ), 0, self::LONGEST );
		$type         = $this->asked( 'type' );
		$this->type   = isset( Settings::type_groups()[ $type ] ) ? $type : '';
		$year         = absint( $this->asked( 'year' ) );
		$this->year   = $year >= 1900 && $year <= 9999 ? $year : 0;
		$this->folder = absint( $this->asked( 'folder' ) );
		$this->page   = max( 1, min( 100_000, absint( $this->asked( 'page' ) ) ) );
	}

	/** The name of a parameter in the address. */
	public function name( string $what ): string {
		return 'aidoc_' . $what . ( $this->number > 1 ? $this->number : '' );
	}

	/** @return string[] */
	public function words(): array {
		return Words::of( $this->typed );
	}

	/** @return string[]|null MIME types, null for all. */
	public function mimes(): ?array {
		return '' === $this->type ? null : Settings::mimes_of( array( $this->type ) );
	}

	public function is_narrowed(): bool {
		return '' !== $this->typed || '' !== $this->type || $this->year > 0 || $this->folder > 0;
	}

	/** The address of another page of the same choice. */
	public function url( string $base, int $page ): string {
		$all = array(
			'q'      => rawurlencode( $this->typed ),
			'type'   => $this->type,
			'year'   => $this->year > 0 ? $this->year : '',
			'folder' => $this->folder > 0 ? $this->folder : '',
			'page'   => $page > 1 ? $page : '',
		);
		$set = array();
		foreach ( self::PARAMETERS as $what ) {
			$set[ $this->name( $what ) ] = '' === $all[ $what ] ? false : $all[ $what ];
		}
		return add_query_arg( $set, $base );
	}

	private function asked( string $what ): string {
		// phpcs:disable WordPress.Security.NonceVerification.Recommended -- a search that can be bookmarked and shared: it chooses what is shown and changes nothing.
		$name = $this->name( $what );
		return isset( $_GET[ $name ] ) && is_string( $_GET[ $name ] ) ? sanitize_text_field( wp_unslash( $_GET[ $name ] ) ) : '';
		// phpcs:enable WordPress.Security.NonceVerification.Recommended
	}
}
