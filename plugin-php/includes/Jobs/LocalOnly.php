<?php
declare( strict_types=1 );

namespace AIDoc\Jobs;

use AIDoc\Settings;

/** Which documents no model outside the agents' own machines may read. Asked when a lease is given: nothing older counts. */
final class LocalOnly {

	/** The field of an attachment by which a person marks it. */
	public const FIELD = '_aidoc_local_only';

	public function __construct( private readonly Settings $settings ) {}

	public function is( int $attachment_id, string $mime ): bool {
		/**
		 * Whether a document may be read on the agents' own machines only.
		 *
		 * @param bool $local_only    By the settings, or because somebody marked the document.
		 * @param int  $attachment_id The document.
		 */
		return (bool) apply_filters( 'aidoc_local_only', $this->is_by_setting( $mime ) || $this->is_marked( $attachment_id ), $attachment_id );
	}

	public function is_marked( int $attachment_id ): bool {
		return '1' === get_post_meta( $attachment_id, self::FIELD, true );
	}

	/** The settings mark all documents of this type. */
	public function is_by_setting( string $mime ): bool {
		$mimes = $this->mimes();
		return null === $mimes || in_array( $mime, $mimes, true );
	}

	/** @return string[]|null The types that the settings mark; null for every type. */
	public function mimes(): ?array {
		return match ( $this->settings->get( 'local_only' ) ) {
			'all'   => null,
			'types' => Settings::mimes_of( $this->settings->get( 'local_only_types' ) ),
			default => array(),
		};
	}
}
