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
		$title   = $this->title_of( $attachment_id, $summary );
		$content = $this->content( $attachment_id, $summary );
		$post_id = $this->links->summary_of( $attachment_id, $recorded );
		$is_new  = 0 === $post_id;
		if ( $is_new ) {
			$post_id = $this->insert( $attachment_id, $title, $content );
			wp_cache_delete( $post_id, 'posts' ); // What plugins wrote past WordPress counts too; its fields are none of theirs.
			$origin = $this->origin( get_post( $post_id ), $summary->fields ) + $this->links->of_new( $post_id, $attachment_id );
		} else {
			$origin = $this->update( $post_id, $title, $content, $job_id, $summary->fields );
			DocumentLinks::store( $post_id, $attachment_id );
		}
		Meta::write(
			$post_id,
			$origin + self::marks( $post_id, $summary ) + Meta::keyed(
				array(
					'attachment_id' => $attachment_id,
					'job_id'        => $job_id,
				) + $summary->fields
			)
		);
		if ( $is_new ) {
			/**
			 * A summary has been written for a document that had none.
			 *
			 * @param int $post_id       The summary, a draft.
			 * @param int $attachment_id The document.
			 */
			do_action( 'aidoc_summary_created', $post_id, $attachment_id );
		}
		return $post_id;
	}

	/** @return array<string,string|null> What lists are filtered by. */
	private static function marks( int $post_id, Summary $summary ): array {
		$doubtful = array( Meta::DOUBTFUL => $summary->is_doubtful() ? '1' : null );
		return metadata_exists( 'post', $post_id, Reviews::STATE ) ? $doubtful : $doubtful + array( Reviews::STATE => Reviews::OPEN );
	}

	private function title_of( int $attachment_id, Summary $summary ): string {
		$own = html_entity_decode( (string) get_post_field( 'post_title', $attachment_id, 'raw' ), ENT_QUOTES | ENT_HTML5, 'UTF-8' );
		return TitleChoice::choose( $summary->title, $own, wp_basename( (string) get_post_meta( $attachment_id, '_wp_attached_file', true ) ) );
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

	/** Where the document's pages can be opened by `#page=`, '' where none can: browsers do so with a PDF, scanned or not; of no other type is that known. */
	public static function pages_of( int $attachment_id, string $url ): string {
		return 'application/pdf' === get_post_mime_type( $attachment_id ) && ! str_contains( $url, '#' ) ? $url : '';
	}

	private function insert( int $attachment_id, string $title, string $content ): int {
		$chosen  = (int) $this->settings->get( 'author' );
		$author  = $chosen ? $chosen : (int) get_post_field( 'post_author', $attachment_id );
		return self::stored(
			wp_insert_post(
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
						'guid'           => 'urn:uuid:' . wp_generate_uuid4(), // WordPress' own is the address, for which it writes the row once more.
					)
				),
				true
			)
		);
	}

	/**
	 * @param array<string,mixed> $fields By the names of Meta::FIELDS.
	 * @return array<string,mixed> What to note of the text; nothing where a person's stays.
	 */
	private function update( int $post_id, string $title, string $content, int $job_id, array $fields ): array {
		$post = get_post( $post_id );
		if ( 'trash' === $post->post_status ) {
			wp_untrash_post( $post_id );
			clean_post_cache( $post_id );
			$post = get_post( $post_id );
		}
		if ( self::may_overwrite( $post ) ) {
			wp_save_post_revision( $post_id ); // Before 6.4 WordPress keeps no revision of what was inserted.
			self::stored(
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
			clean_post_cache( $post_id );
			return $this->origin( get_post( $post_id ), $fields );
		}
		$this->keep_aside( $post, $title, $content, $fields );
		$this->events->log( 'kept_edited_text', $job_id, 0, '', __( 'The summary was edited or approved by a person and is kept; the new text is among its revisions.', 'ai-doc-pipeline' ) );
		return array();
	}

	/** What a person has edited, approved or published is theirs. */
	public static function may_overwrite( \WP_Post $post ): bool {
		return 'draft' === $post->post_status && Origins::fingerprint( $post ) === get_post_meta( $post->ID, Meta::WRITTEN, true ) && ! Reviews::stands( $post );
	}

	/** @param array<string,mixed> $fields By the names of Meta::FIELDS. */
	private function keep_aside( \WP_Post $post, string $title, string $content, array $fields ): void {
		wp_save_post_revision( $post->ID ); // The text that stays, to compare with.
		// WordPress takes a revision of the post's own time for the post's own text, and does not offer to restore it.
		$later    = gmdate( 'Y-m-d H:i:s', max( time(), 1 + (int) strtotime( $post->post_modified_gmt . ' UTC' ) ) );
		$revision = _wp_put_post_revision(
			array(
				'post_title'        => self::title( $title ),
				'post_content'      => $content,
				'post_modified'     => get_date_from_gmt( $later ),
				'post_modified_gmt' => $later,
			) + get_object_vars( $post )
		);
		if ( ! $revision || is_wp_error( $revision ) ) {
			throw new DatabaseError( 'The revision could not be stored.' );
		}
		Origins::record( $post->ID, get_post( $revision ), $fields );
		update_post_meta( $post->ID, Meta::ASIDE, $revision );
	}

	/** @param int|\WP_Error $post_id */
	private static function stored( $post_id ): int {
		if ( is_wp_error( $post_id ) || ! $post_id ) {
			throw new DatabaseError( is_wp_error( $post_id ) ? $post_id->get_error_message() : 'The post could not be stored.' ); // phpcs:ignore WordPress.Security.EscapeOutput.ExceptionNotEscaped -- is caught and logged, never shown.
		}
		return $post_id;
	}

	/**
	 * Whose text a post has, as WordPress has stored it.
	 *
	 * @param array<string,mixed> $fields By the names of Meta::FIELDS.
	 * @return array<string,mixed> As Meta::write() takes it.
	 */
	private function origin( \WP_Post $post, array $fields ): array {
		return array(
			Meta::WRITTEN  => Origins::fingerprint( $post ),
			Meta::ASIDE    => null,
			Origins::FIELD => Origins::with( $post->ID, $post, $fields ),
		);
	}

	/** A title is HTML to WordPress: the model's is text. */
	private static function title( string $title ): string {
		return BlockBuilder::escape( $title );
	}
}
