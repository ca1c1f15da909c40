<?php
declare( strict_types=1 );

namespace AIDoc\Jobs;

use AIDoc\Database;
use AIDoc\Settings;

/** Repository of one condition: which attachments are in a state as people see it. It is put into WordPress' own query of a media list. */
final class LatestState {

	public const NOT_READ = 'none';
	public const NO_TEXT  = 'notext';

	/** State for people → states of the job that counts. */
	private const STATES = array(
		'queued'     => array( 'queued' ),
		'processing' => array( 'leased' ),
		'done'       => array( 'done' ),
		'failed'     => array( 'failed' ),
		'notext'     => array( 'failed' ),
		'cancelled'  => array( 'cancelled' ),
	);

	public function __construct( private readonly Settings $settings ) {}

	/** @return string[] What condition() knows. */
	public static function names(): array {
		return array( self::NOT_READ, ...array_keys( self::STATES ) );
	}

	/** @return string SQL that begins with AND; '' for a state that is not known. */
	public function condition( string $state ): string {
		$posts = Database::wpdb()->posts;
		$jobs  = Database::table( 'jobs' );
		if ( self::NOT_READ === $state ) {
			$mimes = $this->settings->mimes();
			$marks = implode( ',', array_fill( 0, max( 1, count( $mimes ) ), '%s' ) );
			return $this->prepared( " AND $posts.post_mime_type IN ($marks) AND NOT EXISTS (SELECT 1 FROM $jobs aidoc_j WHERE aidoc_j.attachment_id = $posts.ID)", $mimes ? $mimes : array( '' ) );
		}
		if ( ! isset( self::STATES[ $state ] ) ) {
			return '';
		}
		$text = match ( $state ) {
			self::NO_TEXT => " AND aidoc_j.error_code = 'no_text'",
			'failed'      => " AND aidoc_j.error_code <> 'no_text'",
			default       => '',
		};
		// A job counts until a later one of the same attachment; as in Repository::latest_for_attachments().
		return $this->prepared(
			" AND $posts.ID IN (SELECT aidoc_j.attachment_id FROM $jobs aidoc_j WHERE aidoc_j.state = %s$text AND NOT EXISTS (SELECT 1 FROM $jobs aidoc_k WHERE aidoc_k.attachment_id = aidoc_j.attachment_id
			AND (aidoc_k.enqueued_at > aidoc_j.enqueued_at OR (aidoc_k.enqueued_at = aidoc_j.enqueued_at AND aidoc_k.id > aidoc_j.id))))",
			self::STATES[ $state ]
		);
	}

	/** @param string[] $values */
	private function prepared( string $sql, array $values ): string {
		return (string) Database::wpdb()->prepare( $sql, ...$values ); // phpcs:ignore WordPress.DB.PreparedSQL.NotPrepared -- names of tables and constants; the values are prepared here.
	}
}
