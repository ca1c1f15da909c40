<?php
declare( strict_types=1 );

namespace AIDoc\Summaries;

use AIDoc\DatabaseError;
use AIDoc\Jobs\Events;
use AIDoc\Settings;

/** Writes the one draft of a document. What a person has edited is theirs. */
final class Writer {

	public function __construct(
		private readonly Settings $settings,
		private readonly Events $events,
		private readonly DocumentLinks $links,
		private readonly WriterScope $scope,
	) {}

	/**
	 * @param int $recorded The post that the job's row named before, see DocumentLinks::summary_of().
	 * @throws DatabaseError When WordPress would not store the post.
	 */
	public function write( int $attachment_id, int $job_id, Summary $summary, int $recorded = 0 ): int {
		return $this->scope->run( fn(): int => $this->store( $attachment_id, $job_id, $summary, $recorded ) );
	}

	private function store( int $attachment_id, int $job_id, Summary $summary, int $recorded ): int {
		$title   = '' !== $summary->title ? $summary->title : (string) get_post_field( 'post_title', $attachment_id, 'raw' );
		$content = $this->content( $attachment_id, $summary );
		$post_id = $this->links->summary_of( $attachment_id, $recorded );
		$post_id = $post_id ? $this->update( $post_id, $title, $content, $job_id ) : $this->insert( $attachment_id, $title, $content );
		DocumentLinks::store( $post_id, $attachment_id );
		Meta::store(
			$post_id,
			array_merge(
				$summary->fields,
				array(
					'attachment_id' => $attachment_id,
					'job_id'        => $job_id,
				)
			)
		);
		return $post_id;
	}

	private function content( int $attachment_id, Summary $summary ): string {
		$url     = DocumentUrl::of( $attachment_id );
		$builder = new BlockBuilder( get_bloginfo( 'version' ), self::pages_of( $attachment_id, $url ) );
		$file    = wp_basename( (string) get_post_meta( $attachment_id, '_wp_attached_file', true ) );
		$source  = $builder->source( self::label( $summary->fields ), $file ? $file : (string) get_post_field( 'post_title', $attachment_id, 'raw' ), $url );
		return trim( $source . "\n\n" . $builder->render( $summary->blocks ) );
	}

	/** @param array<string,mixed> $fields */
	private static function label( array $fields ): string {
		return empty( $fields['pages_last'] )
			? __( 'Source document:', 'ai-doc-pipeline' )
			: sprintf(
				/* translators: 1: first page that was read, 2: last page that was read, 3: pages of the document. The name of the document follows. */
				__( 'Source document (pages %1$s to %2$s of %3$s):', 'ai-doc-pipeline' ),
				number_format_i18n( $fields['pages_first'] ),
				number_format_i18n( $fields['pages_last'] ),
				number_format_i18n( max( (int) ( $fields['pages'] ?? 0 ), $fields['pages_last'] ) )
			);
	}

	/** Browsers open a PDF at a page; of no other type is that known. */
	private static function pages_of( int $attachment_id, string $url ): string {
		return 'application/pdf' === get_post_mime_type( $attachment_id ) && ! str_contains( $url, '#' ) ? $url : '';
	}

	private function insert( int $attachment_id, string $title, string $content ): int {
		$chosen  = (int) $this->settings->get( 'author' );
		$author  = $chosen ? $chosen : (int) get_post_field( 'post_author', $attachment_id );
		$post_id = wp_insert_post(
			wp_slash(
				array(
					'post_type'      => PostType::NAME,
					'post_status'    => 'draft',
					'post_parent'    => $attachment_id,
					'post_author'    => $author,
					'post_title'     => self::title( $title ),
					'post_content'   => $content,
					'comment_status' => 'closed',
					'ping_status'    => 'closed',
				)
			),
			true
		);
		return $this->written( $post_id );
	}

	private function update( int $post_id, string $title, string $content, int $job_id ): int {
		$post = get_post( $post_id );
		if ( 'trash' === $post->post_status ) {
			wp_untrash_post( $post_id );
			clean_post_cache( $post_id );
			$post = get_post( $post_id );
		}
		if ( 'draft' === $post->post_status && self::fingerprint( $post ) === get_post_meta( $post_id, Meta::WRITTEN, true ) ) {
			return $this->written(
				wp_update_post(
					wp_slash(
						array(
							'ID'           => $post_id,
							'post_title'   => self::title( $title ),
							'post_content' => $content,
						)
					),
					true
				)
			);
		}
		$revision = _wp_put_post_revision(
			array(
				'post_title'   => self::title( $title ),
				'post_content' => $content,
			) + get_object_vars( $post )
		);
		if ( ! $revision || is_wp_error( $revision ) ) {
			throw new DatabaseError( 'The revision could not be stored.' );
		}
		$this->events->log( 'kept_edited_text', $job_id, 0, '', __( 'The summary was edited by a person and is kept; the new text is among its revisions.', 'ai-doc-pipeline' ) );
		return $post_id;
	}

	/** @param int|\WP_Error $post_id */
	private function written( $post_id ): int {
		if ( is_wp_error( $post_id ) || ! $post_id ) {
			throw new DatabaseError( is_wp_error( $post_id ) ? $post_id->get_error_message() : 'The post could not be stored.' ); // phpcs:ignore WordPress.Security.EscapeOutput.ExceptionNotEscaped -- is caught and logged, never shown.
		}
		clean_post_cache( $post_id );
		update_post_meta( $post_id, Meta::WRITTEN, self::fingerprint( get_post( $post_id ) ) );
		return $post_id;
	}

	private static function fingerprint( \WP_Post $post ): string {
		return sha1( $post->post_title . "\0" . $post->post_content );
	}

	/** A title is HTML to WordPress: the model's is text. */
	private static function title( string $title ): string {
		return BlockBuilder::escape( $title );
	}
}
