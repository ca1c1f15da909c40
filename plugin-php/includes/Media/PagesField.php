<?php

declare( strict_types=1 );

namespace AIDoc\Media;

use AIDoc\Jobs\Copies;
use AIDoc\Jobs\Pages;
use AIDoc\Settings;

/** The field by which a person says which pages of a document are read: on its edit screen and in the details of every media modal. */
final class PagesField {

	private const NAME = 'aidoc_pages';

	public function __construct(
		private readonly Pages $pages,
		private readonly Settings $settings,
		private readonly Copies $copies,
	) {}

	public function register(): void {
		add_filter( 'attachment_fields_to_edit', array( $this, 'add' ), 11, 2 );
		add_filter( 'attachment_fields_to_save', array( $this, 'save' ), 11, 2 );
	}

	/**
	 * Only for what has pages: of a picture or a text file the field would make people wonder.
	 *
	 * @param array<string,mixed> $fields
	 * @return array<string,mixed>
	 */
	public function add( $fields, \WP_Post $post ): array {
		$fields = (array) $fields;
		if ( ! $this->has_pages( $post->post_mime_type ) || ! $this->may_edit( $post->ID ) ) {
			return $fields;
		}
		$fields[ self::NAME ] = array(
			'label' => __( 'Pages to read', 'ai-doc-pipeline' ),
			'input' => 'html',
			'html'  => sprintf(
				'<input type="text" class="text" id="%1$s" name="%2$s" value="%3$s" placeholder="%4$s" maxlength="20">',
				esc_attr( "attachments-{$post->ID}-" . self::NAME ),
				esc_attr( "attachments[{$post->ID}][" . self::NAME . ']' ),
				esc_attr( $this->pages->marked( $this->copies->original( $post->ID ) ) ),
				esc_attr( $this->usual() )
			),
			'helps' => __( '20 for the first twenty, 5-12, or 5- from page 5 on; “all” for the whole document. It counts from the next reading.', 'ai-doc-pipeline' ),
		);
		return $fields;
	}

	/** The pages are those of the document, not of its copies. */
	private function may_edit( int $id ): bool {
		return current_user_can( 'edit_post', $id ) && current_user_can( 'edit_post', $this->copies->original( $id ) );
	}

	private function usual(): string {
		$first = (int) $this->settings->get( 'first_pages' );
		return $first > 0
			/* translators: %s: number of pages. What is read where nothing is typed. */
			? sprintf( _n( 'the first %s page', 'the first %s pages', $first, 'ai-doc-pipeline' ), number_format_i18n( $first ) )
			/* translators: All pages; what is read where nothing is typed. */
			: __( 'all', 'ai-doc-pipeline' );
	}

	private function has_pages( string $mime ): bool {
		return in_array( $mime, $this->settings->mimes(), true ) && ! str_starts_with( $mime, 'text/' ) && ( ! str_starts_with( $mime, 'image/' ) || 'image/tiff' === $mime );
	}

	/**
	 * Core has checked the nonce of the form that this comes with. What cannot be read changes nothing, and the field says why.
	 *
	 * @param array<string,mixed> $post
	 * @param array<string,mixed> $sent The fields of this attachment.
	 * @return array<string,mixed>
	 */
	public function save( $post, $sent ) {
		$id = (int) ( $post['ID'] ?? 0 );
		if ( is_string( $sent[ self::NAME ] ?? null ) && $this->may_edit( $id ) ) {
			$marked = $this->pages->mark( $this->copies->original( $id ), $sent[ self::NAME ] );
			if ( is_wp_error( $marked ) ) {
				$post['errors'][ self::NAME ]['errors'][] = $marked->get_error_message();
			}
		}
		return $post;
	}
}
