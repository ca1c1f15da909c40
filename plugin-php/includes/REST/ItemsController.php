<?php

declare( strict_types=1 );

namespace AIDoc\REST;

use AIDoc\Jobs\Batch;
use AIDoc\Jobs\Manager;
use AIDoc\Jobs\Repository as Jobs;
use AIDoc\Media\Statuses;
use AIDoc\Rights;
use WP_Error;
use WP_REST_Controller;
use WP_REST_Request;
use WP_REST_Response;
use WP_REST_Server;

/**
 * What people see of the queue: the status of attachments, and the buttons beside it. Cookie and nonce, never an agent's key.
 */
final class ItemsController extends WP_REST_Controller {

	/** One screen of the list or grid; more is a script that wants the whole library. */
	public const MAX_IDS = 100;

	private const ACTIONS = array( 'enqueue', 'retry', 'redo', 'cancel' );

	public function __construct(
		private readonly Jobs $jobs,
		private readonly Manager $manager,
		private readonly Statuses $statuses,
		private readonly Batch $batch,
	) {
		$this->namespace = 'aidoc/v1';
		$this->rest_base = 'items';
	}

	public function register_routes(): void {
		register_rest_route(
			$this->namespace,
			'/' . $this->rest_base,
			array(
				array(
					'methods'             => WP_REST_Server::READABLE,
					'callback'            => array( $this, 'get_items' ),
					'permission_callback' => array( $this, 'get_items_permissions_check' ),
					'args'                => $this->get_collection_params(),
				),
				'schema' => array( $this, 'get_public_item_schema' ),
			)
		);
		register_rest_route(
			$this->namespace,
			'/' . $this->rest_base . '/counts',
			array(
				'methods'             => WP_REST_Server::READABLE,
				'callback'            => array( $this, 'get_counts' ),
				'permission_callback' => array( $this, 'get_counts_permissions_check' ),
			)
		);
		register_rest_route(
			$this->namespace,
			'/' . $this->rest_base . '/batch',
			array(
				'methods'             => WP_REST_Server::CREATABLE,
				'callback'            => array( $this, 'act_on_many' ),
				'permission_callback' => array( $this, 'get_items_permissions_check' ),
				'args'                => $this->get_collection_params() + array(
					'action' => array(
						'description' => __( 'What is done with each of them.', 'ai-doc-pipeline' ),
						'type'        => 'string',
						'enum'        => Batch::ACTIONS,
						'required'    => true,
					),
				),
			)
		);
		register_rest_route(
			$this->namespace,
			'/' . $this->rest_base . '/(?P<attachment>\d+)/(?P<action>' . implode( '|', self::ACTIONS ) . ')',
			array(
				'args'   => array(
					'attachment' => array(
						'description' => __( 'Attachment the action is for.', 'ai-doc-pipeline' ),
						'type'        => 'integer',
						'minimum'     => 1,
						'required'    => true,
					),
					'action'     => array(
						'type'     => 'string',
						'enum'     => self::ACTIONS,
						'required' => true,
					),
				),
				array(
					'methods'             => WP_REST_Server::CREATABLE,
					'callback'            => array( $this, 'act' ),
					'permission_callback' => array( $this, 'act_permissions_check' ),
				),
				'schema' => array( $this, 'get_public_item_schema' ),
			)
		);
	}

	public function get_collection_params(): array {
		return array(
			'attachments' => array(
				'description' => __( 'Attachments to report on, separated by commas.', 'ai-doc-pipeline' ),
				'type'        => 'array',
				'items'       => array(
					'type'    => 'integer',
					'minimum' => 1,
				),
				'minItems'    => 1,
				'maxItems'    => self::MAX_IDS,
				'required'    => true,
			),
		);
	}

	/** @param WP_REST_Request $request */
	public function get_items_permissions_check( $request ) {
		return current_user_can( 'upload_files' ) ? true : $this->forbidden( __( 'You are not allowed to see the state of documents.', 'ai-doc-pipeline' ) );
	}

	/**
	 * Attachments that do not exist or that this user may not read are left out, without saying which of the two.
	 *
	 * @param WP_REST_Request $request
	 */
	public function get_items( $request ): WP_REST_Response {
		$ids = array_values( array_filter( array_unique( $request['attachments'] ), array( $this, 'may_read' ) ) );
		$this->statuses->forget();
		$this->statuses->prime( $ids );

		$items = array_map( array( $this->statuses, 'status' ), $ids );
		$this->watch( $items );
		return $this->answer( array( 'items' => $items ) );
	}

	public function get_counts_permissions_check() {
		return Rights::has( Rights::QUEUE ) ? true : $this->forbidden( __( 'You are not allowed to see the queue.', 'ai-doc-pipeline' ) );
	}

	public function get_counts(): WP_REST_Response {
		return $this->answer( array( 'counts' => (object) $this->jobs->counts() ) );
	}

	/** @param WP_REST_Request $request */
	public function act_permissions_check( $request ) {
		$id = (int) $request['attachment'];
		if ( ! current_user_can( 'upload_files' ) || ! $this->may_read( $id ) ) {
			return $this->forbidden( __( 'You are not allowed to do this with this document.', 'ai-doc-pipeline' ) );
		}
		return Rights::document( $this->statuses->document( $id ) ) ? true : $this->forbidden( __( 'You are not allowed to edit this document.', 'ai-doc-pipeline' ) );
	}

	/** @param WP_REST_Request $request */
	public function act( $request ) {
		$id     = (int) $request['attachment'];
		$result = $this->perform( (string) $request['action'], $id );
		if ( is_wp_error( $result ) ) {
			return $this->with_status( $result );
		}
		$this->statuses->forget();
		return $this->answer( array( 'item' => $this->statuses->status( $id ) ) );
	}

	/**
	 * The same for many. Of each the rights are checked where it is done; what this user may not even read is refused without a word about it.
	 *
	 * @param WP_REST_Request $request
	 */
	public function act_on_many( $request ): WP_REST_Response {
		$report = $this->batch->run( (string) $request['action'], $request['attachments'] );
		$ids    = array_values( array_filter( array_unique( $request['attachments'] ), array( $this, 'may_read' ) ) );
		$this->statuses->forget();
		$this->statuses->prime( $ids );
		return $this->answer(
			array(
				'counts'    => $report->counts(),
				'sentences' => $report->sentences(),
				'items'     => array_map( array( $this->statuses, 'status' ), $ids ),
			)
		);
	}

	public function get_item_schema(): array {
		if ( $this->schema ) {
			return $this->add_additional_fields_schema( $this->schema );
		}
		$this->schema = array(
			'$schema'    => 'http://json-schema.org/draft-04/schema#',
			'title'      => 'aidoc-item',
			'type'       => 'object',
			'properties' => self::properties(),
		);
		return $this->add_additional_fields_schema( $this->schema );
	}

	private function perform( string $action, int $attachment_id ) {
		$this->statuses->forget();
		$job = $this->statuses->job( $attachment_id );
		if ( 'enqueue' === $action ) {
			// A finished document is only read again when somebody asked: that is what this button is.
			return $this->manager->enqueue( $attachment_id, null !== $job );
		}
		if ( null === $job ) {
			return new WP_Error( 'aidoc_job_unknown', __( 'This document was never queued.', 'ai-doc-pipeline' ), array( 'status' => 404 ) );
		}
		return 'cancel' === $action ? $this->manager->cancel( $job->id ) : $this->manager->retry( $job->id );
	}

	/** Agents report more often on what somebody looks at. */
	private function watch( array $items ): void {
		$jobs = array_column( array_filter( $items, static fn ( array $item ): bool => $item['leased'] ), 'job' );
		if ( array() !== $jobs ) {
			$this->manager->watch( array_map( 'intval', $jobs ) );
		}
	}

	private function may_read( int $attachment_id ): bool {
		return 'attachment' === get_post_type( $attachment_id )
			&& ( current_user_can( 'edit_post', $attachment_id ) || current_user_can( 'read_post', $attachment_id ) );
	}

	private function answer( array $data ): WP_REST_Response {
		$response = new WP_REST_Response( $data );
		$response->header( 'Cache-Control', 'no-store, private' );
		return $response;
	}

	private function forbidden( string $message ): WP_Error {
		return new WP_Error( 'aidoc_forbidden', $message, array( 'status' => rest_authorization_required_code() ) );
	}

	/** The manager speaks to many callers and need not know HTTP: what it refuses is a conflict unless it says otherwise. */
	private function with_status( WP_Error $error ): WP_Error {
		$data = $error->get_error_data();
		if ( ! is_array( $data ) || ! isset( $data['status'] ) ) {
			$error->add_data( array( 'status' => 409 ) + (array) $data );
		}
		return $error;
	}

	private static function properties(): array {
		$text = static fn ( string $description ): array => array(
			'description' => $description,
			'type'        => 'string',
			'readonly'    => true,
		);
		return array(
			'attachment' => array(
				'description' => __( 'Attachment id.', 'ai-doc-pipeline' ),
				'type'        => 'integer',
				'readonly'    => true,
			),
			'job'        => array(
				'description' => __( 'Its newest job, or null.', 'ai-doc-pipeline' ),
				'type'        => array( 'integer', 'null' ),
				'readonly'    => true,
			),
			'title'      => $text( __( 'Title of the attachment.', 'ai-doc-pipeline' ) ),
			'state'      => array(
				'description' => __( 'State for people; "processing" is a leased job.', 'ai-doc-pipeline' ),
				'type'        => 'string',
				'enum'        => array( 'unsupported', 'none', 'queued', 'processing', 'done', 'failed', 'notext', 'cancelled' ),
				'readonly'    => true,
			),
			'label'      => $text( __( 'The state in words.', 'ai-doc-pipeline' ) ),
			'badge'      => $text( __( 'The state in a word, for a tile.', 'ai-doc-pipeline' ) ),
			'detail'     => $text( __( 'Progress or reason, one sentence.', 'ai-doc-pipeline' ) ),
			'flag'       => $text( __( 'That the file is newer than its summary, one sentence.', 'ai-doc-pipeline' ) ),
			'facts'      => $text( __( 'Who wrote the summary, what of it was found in the document, what it cost; for who may edit the summary.', 'ai-doc-pipeline' ) ),
			'text'       => $text( __( 'Label and detail in one line.', 'ai-doc-pipeline' ) ),
			'progress'   => array(
				'description' => __( 'Pages or parts done, or null where nothing is counted.', 'ai-doc-pipeline' ),
				'type'        => array( 'object', 'null' ),
				'properties'  => array_fill_keys( array( 'done', 'total', 'percent' ), array( 'type' => 'integer' ) ),
				'readonly'    => true,
			),
			'link'       => array(
				'description' => __( 'The summary, where there is one that this user may edit.', 'ai-doc-pipeline' ),
				'type'        => array( 'object', 'null' ),
				'properties'  => array_fill_keys( array( 'url', 'label' ), array( 'type' => 'string' ) ),
				'readonly'    => true,
			),
			'actions'    => array(
				'description' => __( 'What this user may do now.', 'ai-doc-pipeline' ),
				'type'        => 'array',
				'items'       => array(
					'type'       => 'object',
					'properties' => array_fill_keys( array( 'name', 'label' ), array( 'type' => 'string' ) ),
				),
				'readonly'    => true,
			),
			'pending'    => array(
				'description' => __( 'Whether it will change by itself.', 'ai-doc-pipeline' ),
				'type'        => 'boolean',
				'readonly'    => true,
			),
			'leased'     => array(
				'description' => __( 'Whether an agent holds it now.', 'ai-doc-pipeline' ),
				'type'        => 'boolean',
				'readonly'    => true,
			),
			'updated_ms' => array(
				'description' => __( 'When its job last changed, Unix time in milliseconds; 0 without a job.', 'ai-doc-pipeline' ),
				'type'        => 'integer',
				'readonly'    => true,
			),
		);
	}
}
