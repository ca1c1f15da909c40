<?php
declare( strict_types=1 );

namespace AIDoc\Review;

use AIDoc\Summaries\PostType;

/** The panel's data as a field of /wp/v2/aidoc-summaries, with context=edit only: the block editor gets them with the post, and anew with each save. */
final class EditorField {

	public const NAME = 'aidoc_review';

	/** @param \Closure():Panel $panel */
	public function __construct( private readonly \Closure $panel ) {}

	public function register(): void {
		register_rest_field(
			PostType::NAME,
			self::NAME,
			array(
				'get_callback' => array( $this, 'value' ),
				'schema'       => array(
					'description' => __( 'How the summary was made and who has reviewed it, for the screen on which it is edited.', 'ai-doc-pipeline' ),
					'type'        => array( 'object', 'null' ),
					'context'     => array( 'edit' ),
					'readonly'    => true,
				),
			)
		);
	}

	/**
	 * @param array<string,mixed> $post As the controller has prepared it.
	 * @return array<string,mixed>|null Null in every other context: core asks for the value before it throws it away.
	 */
	public function value( $post, string $name, \WP_REST_Request $request ): ?array {
		$summary = 'edit' === $request['context'] || 'GET' !== $request->get_method() ? PostType::post( (int) ( $post['id'] ?? 0 ) ) : null;
		return $summary && current_user_can( 'edit_post', $summary->ID ) ? ( $this->panel )()->of( $summary ) : null;
	}
}
