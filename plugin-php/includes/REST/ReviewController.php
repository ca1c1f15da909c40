<?php
declare( strict_types=1 );

namespace AIDoc\REST;

use AIDoc\Review\Panel;
use AIDoc\Review\Regeneration;
use AIDoc\Summaries\DocumentLinks;
use AIDoc\Summaries\Origins;
use AIDoc\Summaries\PostType;
use AIDoc\Summaries\Reviews;

/** The buttons beside a summary: approve it, take that back, have it made anew. Cookie and nonce, never an agent's key. */
final class ReviewController {

	public function __construct(
		private readonly DocumentLinks $links,
		private readonly Reviews $reviews,
		private readonly Regeneration $regeneration,
		private readonly Panel $panel,
	) {}

	public function register_routes(): void {
		$this->route(
			'review',
			'review',
			array(
				'reviewed' => array(
					'description' => __( 'False takes a review back.', 'ai-doc-pipeline' ),
					'type'        => 'boolean',
					'default'     => true,
				),
				'publish'  => array(
					'description' => __( 'Whether to publish the summary as well.', 'ai-doc-pipeline' ),
					'type'        => 'boolean',
					'default'     => false,
				),
				'print'    => array(
					'description' => __( 'Which text was reviewed, as the field aidoc_review tells it.', 'ai-doc-pipeline' ),
					'type'        => 'string',
					'maxLength'   => 40,
				),
			)
		);
		$this->route(
			'regenerate',
			'regenerate',
			array(
				'instruction' => array(
					'description' => __( 'What the new summary should do otherwise; empty for one as usual.', 'ai-doc-pipeline' ),
					'type'        => 'string',
					'maxLength'   => 10 * Regeneration::LENGTH,
					'default'     => '',
				),
			)
		);
	}

	/** @param \WP_REST_Request $request */
	public function may_edit( $request ): bool|\WP_Error {
		$id = (int) $request['id'];
		// Whether an id is a summary at all is told to nobody who may not edit it.
		return PostType::NAME === get_post_type( $id ) && current_user_can( 'edit_post', $id ) ? true : self::forbidden( __( 'You are not allowed to edit this summary.', 'ai-doc-pipeline' ) );
	}

	/** @param \WP_REST_Request $request */
	public function review( $request ): \WP_REST_Response|\WP_Error {
		$summary = get_post( (int) $request['id'] );
		if ( ! $request['reviewed'] ) {
			$this->reviews->take_back( $summary->ID );
			return $this->answer( $summary->ID );
		}
		if ( isset( $request['print'] ) && Origins::fingerprint( $summary ) !== $request['print'] ) {
			return new \WP_Error( 'aidoc_text_changed', __( 'The text has changed since you opened it. Reload the page and look at it again.', 'ai-doc-pipeline' ), array( 'status' => 409 ) );
		}
		return $request['publish'] ? $this->publish( $summary ) : $this->approve( $summary );
	}

	/** @param \WP_REST_Request $request */
	public function regenerate( $request ): \WP_REST_Response|\WP_Error {
		$id = (int) $request['id'];
		if ( ! current_user_can( 'edit_post', $this->links->document_of( $id ) ) ) {
			return self::forbidden( __( 'You are not allowed to edit the document of this summary.', 'ai-doc-pipeline' ) );
		}
		$asked = $this->regeneration->ask( $id, (string) $request['instruction'] );
		return is_wp_error( $asked ) ? $asked : $this->answer( $id );
	}

	private function approve( \WP_Post $summary ): \WP_REST_Response {
		$this->reviews->approve( $summary, get_current_user_id() );
		return $this->answer( $summary->ID );
	}

	/** That who publishes also approves is a rule of Reviews. */
	private function publish( \WP_Post $summary ): \WP_REST_Response|\WP_Error {
		if ( ! current_user_can( 'publish_post', $summary->ID ) ) {
			return self::forbidden( __( 'You are not allowed to publish this summary.', 'ai-doc-pipeline' ) );
		}
		$done = wp_update_post(
			array(
				'ID'          => $summary->ID,
				'post_status' => 'publish',
			),
			true
		);
		return is_wp_error( $done ) ? $done : $this->answer( $summary->ID );
	}

	/** @param array<string,array<string,mixed>> $fields */
	private function route( string $action, string $method, array $fields ): void {
		register_rest_route(
			'aidoc/v1',
			"/summaries/(?P<id>\\d+)/$action",
			array(
				'methods'             => \WP_REST_Server::CREATABLE,
				'callback'            => array( $this, $method ),
				'permission_callback' => array( $this, 'may_edit' ),
				'args'                => array(
					'id' => array(
						'description' => __( 'The summary.', 'ai-doc-pipeline' ),
						'type'        => 'integer',
						'minimum'     => 1,
						'required'    => true,
					),
				) + $fields,
			)
		);
	}

	private function answer( int $id ): \WP_REST_Response {
		$response = new \WP_REST_Response( array( 'panel' => $this->panel->of( get_post( $id ) ) ) );
		$response->header( 'Cache-Control', 'no-store, private' );
		return $response;
	}

	private static function forbidden( string $sentence ): \WP_Error {
		return new \WP_Error( 'aidoc_forbidden', $sentence, array( 'status' => rest_authorization_required_code() ) );
	}
}
