<?php
declare( strict_types=1 );

namespace AIDoc\Jobs;

use AIDoc\Offload\Places;
use AIDoc\Settings;
use AIDoc\Text;

/** Looks at an attachment and says what there is to process, and why not. */
final class Inspector {

	public function __construct(
		private readonly Settings $settings,
		private readonly LocalOnly $local,
		private readonly Places $places,
	) {}

	/** For inspect(): the file is not opened. */
	public const UNOPENED = 0.0;

	/**
	 * @param Job|null $known Its hash is taken over while the file's fingerprint is the same.
	 * @param float    $until When the digest has to be known, in seconds as of microtime(): else it is left out. UNOPENED goes by what
	 *                        WordPress has noted of the file; digest and fingerprint are then left for later.
	 * @return Facts|\WP_Error An error where the attachment is no document the user would expect to be read.
	 */
	public function inspect( int $attachment_id, ?Job $known = null, float $until = INF ): Facts|\WP_Error {
		$post = get_post( $attachment_id );
		if ( ! $post || 'attachment' !== $post->post_type ) {
			return new \WP_Error( 'aidoc_no_attachment', __( 'There is no such attachment.', 'ai-doc-pipeline' ), array( 'status' => 404 ) );
		}
		if ( 'trash' === $post->post_status ) {
			return new \WP_Error( 'aidoc_trashed', __( 'This attachment is in the trash. Restore it first.', 'ai-doc-pipeline' ), array( 'status' => 409 ) );
		}
		$mime = (string) $post->post_mime_type;
		if ( ! in_array( $mime, $this->settings->mimes(), true ) ) {
			return new \WP_Error( 'aidoc_type_not_accepted', self::not_chosen( $mime ), array( 'status' => 422 ) );
		}
		/**
		 * Decides whether an attachment is queued at all.
		 *
		 * @param bool $should        Default true.
		 * @param int  $attachment_id The attachment.
		 */
		if ( ! apply_filters( 'aidoc_should_enqueue', true, $attachment_id ) ) {
			return new \WP_Error( 'aidoc_not_wanted', __( 'This document is excluded by another plugin or the theme.', 'ai-doc-pipeline' ), array( 'status' => 422 ) );
		}
		/**
		 * Names another place of the document's bytes, for media that were moved off this server in a way that the plugin does not know
		 * by itself (aidoc_offloaders).
		 *
		 * @param array{kind:string,url?:string,bucket?:string,key?:string,region?:string,bytes?:int} $source
		 *        Default `array( 'kind' => 'site' )`; or kind `url` with `url`, or kind `s3` with `bucket`, `key` and `region`.
		 * @param int $attachment_id The attachment.
		 */
		$source = (array) apply_filters( 'aidoc_job_source', array( 'kind' => 'site' ), $attachment_id );
		$kind   = $source['kind'] ?? '';
		if ( 'url' === $kind || 's3' === $kind ) {
			return $this->offloaded( $post, $source );
		}
		return self::UNOPENED === $until ? $this->unopened( $post ) : $this->local( $post, UploadedFile::of( $attachment_id ), $known, $until );
	}

	/** Said of a type that the settings do not name. */
	public static function not_chosen( string $mime ): string {
		/* translators: %s: a MIME type */
		return sprintf( __( 'Files of type %s are not among the document types chosen in Document Summaries → Settings.', 'ai-doc-pipeline' ), '' === $mime ? '?' : $mime );
	}

	/** What an editor can do is the same whether the file is gone, unreadable or somewhere it must not be read from. */
	public static function missing(): string {
		return __( 'The file of this attachment cannot be read in this site’s uploads folder. Upload it again.', 'ai-doc-pipeline' );
	}

	private function local( \WP_Post $post, ?UploadedFile $file, ?Job $known, float $until ): Facts|\WP_Error {
		if ( ! $file ) {
			return $this->elsewhere( $post, $known );
		}
		list( $code, $refusal ) = $this->size_refused( $file->bytes() );
		if ( '' !== $code ) {
			return $this->facts( $post, $file, $code, $refusal );
		}
		$same = $known && '' !== $known->sourceSha256 && $known->fingerprint === $file->fingerprint();
		return $this->facts( $post, $file, '', '', $same ? $known->sourceSha256 : $file->sha256( $until ) );
	}

	/**
	 * Where the file is not in the uploads folder, a plugin may keep it elsewhere.
	 *
	 * @param Job|null $known Its digest stands as long as the place does, and where its file of the same size was moved there.
	 */
	private function elsewhere( \WP_Post $post, ?Job $known ): Facts {
		$spec = $this->places->of( $post->ID );
		if ( ! $spec ) {
			return $this->facts( $post, null, 'aidoc_file_missing', self::missing() );
		}
		$bytes                  = self::noted_bytes( $post->ID );
		$place                  = Places::fingerprint( $spec );
		list( $code, $refusal ) = null === $bytes ? array( '', '' ) : $this->size_refused( $bytes );
		$same                   = $known && ( $known->fingerprint === $place || ( 'site' === $known->source_spec()['kind'] && $known->bytes === $bytes ) );
		return new Facts( $post->ID, $same ? $known->sourceSha256 : '', $this->filename( $post, '' ), $post->post_mime_type, (int) $bytes, $this->language( $post ), $spec, $place, $code, $refusal, $this->local->is( $post->ID, $post->post_mime_type ) );
	}

	/** The size that WordPress has noted since 6.0. */
	private static function noted_bytes( int $attachment_id ): ?int {
		$noted = wp_get_attachment_metadata( $attachment_id, true );
		return is_array( $noted ) && ! empty( $noted['filesize'] ) ? (int) $noted['filesize'] : null;
	}

	/** By the noted size; of older uploads the folder is asked. */
	private function unopened( \WP_Post $post ): Facts {
		$bytes = self::noted_bytes( $post->ID ) ?? UploadedFile::bytes_of( $post->ID );
		if ( null === $bytes ) {
			return $this->elsewhere( $post, null );
		}
		list( $code, $refusal ) = $this->size_refused( $bytes );
		return new Facts( $post->ID, '', $this->filename( $post, '' ), $post->post_mime_type, $bytes, $this->language( $post ), array( 'kind' => 'site' ), '', $code, $refusal, $this->local->is( $post->ID, $post->post_mime_type ) );
	}

	/** @return array{0:string,1:string} Code and sentence, both '' for a file that is neither empty nor too large. */
	private function size_refused( int $bytes ): array {
		$limit = (int) $this->settings->get( 'max_bytes' );
		if ( 0 === $bytes ) {
			return array( 'aidoc_file_empty', __( 'This file is empty (0 bytes). Upload it again.', 'ai-doc-pipeline' ) );
		}
		if ( $bytes > $limit ) {
			$sentence = sprintf(
				/* translators: 1: size of the file, 2: size limit */
				__( 'This file has %1$s, and the limit is %2$s. Upload a smaller file, or raise the limit in Document Summaries → Settings.', 'ai-doc-pipeline' ),
				size_format( $bytes, 1 ),
				size_format( $limit, 1 )
			);
			return array( 'aidoc_file_too_large', $sentence );
		}
		return array( '', '' );
	}

	private function offloaded( \WP_Post $post, array $source ): Facts|\WP_Error {
		$wanted = 'url' === $source['kind'] ? array( 'url' ) : array( 'bucket', 'key', 'region' );
		foreach ( $wanted as $name ) {
			if ( ! is_string( $source[ $name ] ?? null ) ) {
				/* translators: 1: filter name, 2: field name */
				return new \WP_Error( 'aidoc_bad_source', sprintf( __( 'The filter %1$s returned no “%2$s”. Correct the plugin that uses it.', 'ai-doc-pipeline' ), 'aidoc_job_source', $name ), array( 'status' => 500 ) );
			}
		}
		$bytes = max( 0, (int) ( $source['bytes'] ?? 0 ) );
		$spec  = array_intersect_key( $source, array_flip( array( 'kind', ...$wanted ) ) );
		return new Facts( $post->ID, '', $this->filename( $post, '' ), $post->post_mime_type, $bytes, $this->language( $post ), $spec, sha1( (string) wp_json_encode( $spec ) ), localOnly: $this->local->is( $post->ID, $post->post_mime_type ) );
	}

	private function facts( \WP_Post $post, ?UploadedFile $file, string $code, string $refusal, string $sha256 = '' ): Facts {
		return new Facts( $post->ID, $sha256, $this->filename( $post, $file->path ?? '' ), $post->post_mime_type, $file?->bytes() ?? 0, $this->language( $post ), array( 'kind' => 'site' ), $file?->fingerprint() ?? '', $code, $refusal, $this->local->is( $post->ID, $post->post_mime_type ) );
	}

	private function filename( \WP_Post $post, string $path ): string {
		return Text::clip( wp_basename( '' !== $path ? $path : (string) get_post_meta( $post->ID, '_wp_attached_file', true ) ), 255 );
	}

	private function language( \WP_Post $post ): string {
		/**
		 * The language of one document, as a locale or BCP 47 tag; '' for unknown.
		 *
		 * @param string $locale        Default the site's.
		 * @param int    $attachment_id The attachment.
		 */
		return Text::bcp47( (string) apply_filters( 'aidoc_document_language', get_locale(), $post->ID ) );
	}
}
