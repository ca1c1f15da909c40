<?php

declare( strict_types=1 );

namespace AIDoc\Media;

use AIDoc\Jobs\Copies;
use AIDoc\Jobs\LocalOnly;
use AIDoc\Jobs\Manager;
use AIDoc\Settings;

/** The box by which a person marks a document as local only: on its edit screen and in the details of every media modal. */
final class LocalOnlyField {

	private const NAME = 'aidoc_local_only';

	/** @param \Closure():Manager $manager */
	public function __construct(
		private readonly LocalOnly $local,
		private readonly Settings $settings,
		private readonly \Closure $manager,
		private readonly Copies $copies,
	) {}

	public function register(): void {
		add_filter( 'attachment_fields_to_edit', array( $this, 'add' ), 10, 2 );
		add_filter( 'attachment_fields_to_save', array( $this, 'save' ), 10, 2 );
	}

	/**
	 * @param array<string,mixed> $fields
	 * @return array<string,mixed>
	 */
	public function add( $fields, \WP_Post $post ): array {
		$fields = (array) $fields;
		if ( ! in_array( $post->post_mime_type, $this->settings->mimes(), true ) || ! $this->may_edit( $post->ID ) ) {
			return $fields;
		}
		$fields[ self::NAME ] = array(
			'label' => __( 'Privacy', 'ai-doc-pipeline' ),
			'input' => 'html',
			'html'  => $this->box( $post ),
			'helps' => __( 'Agents then summarise it on their own machines, and send its text to no model elsewhere.', 'ai-doc-pipeline' ),
		);
		return $fields;
	}

	/** The mark is one of the document, not of its copies. */
	private function may_edit( int $id ): bool {
		return current_user_can( 'edit_post', $id ) && current_user_can( 'edit_post', $this->copies->original( $id ) );
	}

	/** A hidden field before the box: what is not ticked is not sent. */
	private function box( \WP_Post $post ): string {
		$name  = "attachments[{$post->ID}][" . self::NAME . ']';
		$fixed = $this->local->is_by_setting( $post->post_mime_type );
		$label = $fixed ? __( 'Local only (set for this type in Document Summaries → Settings)', 'ai-doc-pipeline' ) : __( 'Local only', 'ai-doc-pipeline' );
		return sprintf(
			'%1$s<label><input type="checkbox" id="%2$s" name="%3$s" value="1"%4$s%5$s> %6$s</label>',
			$fixed ? '' : sprintf( '<input type="hidden" name="%s" value="0">', esc_attr( $name ) ),
			esc_attr( "attachments-{$post->ID}-" . self::NAME ),
			esc_attr( $name ),
			checked( $fixed || $this->local->is_marked( $this->copies->original( $post->ID ) ), true, false ),
			disabled( $fixed, true, false ),
			esc_html( $label )
		);
	}

	/**
	 * Core has checked the nonce of the form that this comes with.
	 *
	 * @param array<string,mixed> $post
	 * @param array<string,mixed> $sent The fields of this attachment.
	 * @return array<string,mixed>
	 */
	public function save( $post, $sent ) {
		$id = (int) ( $post['ID'] ?? 0 );
		if ( isset( $sent[ self::NAME ] ) && $this->may_edit( $id ) ) {
			( $this->manager )()->mark_local_only( $id, '1' === (string) $sent[ self::NAME ] );
		}
		return $post;
	}
}
