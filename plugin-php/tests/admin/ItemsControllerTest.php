<?php

declare( strict_types=1 );

namespace AIDoc\Tests\Admin;

use AIDoc\REST\ItemsController;
use WP_REST_Request;
use WP_REST_Response;

require_once __DIR__ . '/AdminTestCase.php';

final class ItemsControllerTest extends AdminTestCase {

	/** @param int[]|string $ids */
	private function ask( $ids ): WP_REST_Response {
		$request = new WP_REST_Request( 'GET', '/aidoc/v1/items' );
		$request->set_query_params( array( 'attachments' => is_array( $ids ) ? implode( ',', $ids ) : $ids ) );
		return rest_do_request( $request );
	}

	private function post( int $id, string $action ): WP_REST_Response {
		return rest_do_request( new WP_REST_Request( 'POST', "/aidoc/v1/items/$id/$action" ) );
	}

	public function test_visitors_and_subscribers_see_nothing(): void {
		$this->log_in( 'administrator' );
		$id = $this->attachment();
		wp_set_current_user( 0 );
		$this->assertSame( 401, $this->ask( array( $id ) )->get_status() );
		$this->assertSame( 401, $this->post( $id, 'enqueue' )->get_status() );
		$this->log_in( 'subscriber' );
		$this->assertSame( 403, $this->ask( array( $id ) )->get_status() );
		$this->assertSame( 403, $this->post( $id, 'enqueue' )->get_status() );
		$this->assertNull( $this->plugin->jobs()->latest_for_attachments( array( $id ) )[ $id ] ?? null, 'Nothing was enqueued.' );
	}

	public function test_one_answer_for_many_in_the_order_asked(): void {
		$this->log_in( 'author' );
		$a = $this->attachment( 'a.txt' );
		$b = $this->attachment( 'b.txt' );
		$this->job( $b );
		$answer = $this->ask( array( $b, $a, $b ) );
		$this->assertSame( 200, $answer->get_status() );
		$this->assertSame( array( $b, $a ), array_column( $answer->get_data()['items'], 'attachment' ) );
		$this->assertSame( array( 'queued', 'none' ), array_column( $answer->get_data()['items'], 'state' ) );
		$this->assertSame( 'no-store, private', $answer->get_headers()['Cache-Control'] );
	}

	public static function bad_ids(): array {
		return array(
			'none'            => array( '' ),
			'words'           => array( 'all' ),
			'zero'            => array( '0' ),
			'negative'        => array( '5,-3' ),
			'one too many'    => array( implode( ',', range( 1, ItemsController::MAX_IDS + 1 ) ) ),
			'the whole shelf' => array( implode( ',', range( 1, 5000 ) ) ),
		);
	}

	/** @dataProvider bad_ids */
	public function test_bad_ids_are_refused( string $ids ): void {
		$this->log_in( 'administrator' );
		$this->assertSame( 400, $this->ask( $ids )->get_status() );
	}

	public function test_a_hundred_are_answered(): void {
		$this->log_in( 'administrator' );
		$this->assertSame( 200, $this->ask( range( 900001, 900000 + ItemsController::MAX_IDS ) )->get_status() );
	}

	public function test_what_one_may_not_read_is_left_out(): void {
		$this->log_in( 'administrator' );
		$private = wp_insert_post( array( 'post_title' => 'Secret', 'post_status' => 'private', 'post_type' => 'post', 'post_content' => 'x' ) );
		$hidden  = $this->attachment( 'hidden.txt', array( 'post_parent' => $private ) );
		$page    = wp_insert_post( array( 'post_title' => 'Page', 'post_status' => 'publish', 'post_type' => 'page', 'post_content' => 'x' ) );
		$this->log_in( 'author' );
		$mine = $this->attachment( 'mine.txt' );
		$this->assertSame( array( $mine ), array_column( $this->ask( array( $hidden, $page, 999999, $mine ) )->get_data()['items'], 'attachment' ) );
	}

	public function test_only_leased_items_are_watched(): void {
		$this->log_in( 'editor' );
		$waiting = $this->job( $this->attachment( 'waiting.txt' ) );
		$leased  = $this->job( $this->attachment( 'leased.txt' ), array( 'state' => 'leased', 'lease_expires_at' => $this->now() + 60000 ) );
		$this->ask( array( $waiting->attachmentId, $leased->attachmentId ) );
		$this->assertSame( 0, $this->plugin->jobs()->find( $waiting->id )->watchedUntilMs );
		$this->assertGreaterThan( $this->now(), $this->plugin->jobs()->find( $leased->id )->watchedUntilMs );
	}

	public function test_enqueue_cancel_retry(): void {
		$this->log_in( 'author' );
		$id = $this->attachment();
		foreach ( array( 'enqueue' => 'queued', 'cancel' => 'cancelled', 'retry' => 'queued' ) as $action => $state ) {
			$answer = $this->post( $id, $action );
			$this->assertSame( 200, $answer->get_status(), $action . ': ' . wp_json_encode( $answer->get_data() ) );
			$this->assertSame( $state, $answer->get_data()['item']['state'], $action );
		}
	}

	public function test_an_author_may_look_at_but_not_touch_a_colleagues_document(): void {
		$this->log_in( 'editor' );
		$job = $this->job( $this->attachment( 'theirs.txt' ), array( 'state' => 'failed', 'error_message' => 'No.' ) );
		$this->log_in( 'author' );
		$item = $this->ask( array( $job->attachmentId ) )->get_data()['items'][0];
		$this->assertSame( 'failed', $item['state'] );
		$this->assertSame( array(), $item['actions'] );
		foreach ( array( 'enqueue', 'retry', 'cancel' ) as $action ) {
			$this->assertSame( 403, $this->post( $job->attachmentId, $action )->get_status(), $action );
		}
		$this->assertSame( 'failed', $this->plugin->jobs()->find( $job->id )->state->value );
	}

	public function test_refusals_say_what_is_wrong(): void {
		$this->log_in( 'author' );
		$id = $this->attachment();
		$this->assertSame( 404, $this->post( $id, 'retry' )->get_status() );
		$this->job( $id );
		$twice = $this->post( $id, 'retry' );
		$this->assertSame( 409, $twice->get_status() );
		$this->assertNotSame( '', $twice->get_data()['message'] );
		$this->job( $id, array( 'state' => 'done' ) );
		$this->assertSame( 409, $this->post( $id, 'cancel' )->get_status() );
	}

	public function test_a_type_that_is_not_chosen_is_refused_with_its_reason(): void {
		$this->log_in( 'administrator' );
		$id = $this->attachment( 'notes.txt' );
		$this->plugin->settings()->update( array( 'types' => array( 'pdf' ) ) );
		$this->assertSame( 'unsupported', $this->ask( array( $id ) )->get_data()['items'][0]['state'] );
		$answer = $this->post( $id, 'enqueue' );
		$this->assertSame( 422, $answer->get_status() );
		$this->assertStringContainsString( 'text/plain', $answer->get_data()['message'] );
	}

	public function test_actions_need_post_and_a_known_name(): void {
		$this->log_in( 'administrator' );
		$id = $this->attachment();
		$this->assertSame( 404, rest_do_request( new WP_REST_Request( 'GET', "/aidoc/v1/items/$id/enqueue" ) )->get_status() );
		$this->assertSame( 404, $this->post( $id, 'delete' )->get_status() );
	}

	public function test_counts_are_for_editors(): void {
		$this->log_in( 'author' );
		$this->job( $this->attachment() );
		$request = new WP_REST_Request( 'GET', '/aidoc/v1/items/counts' );
		$this->assertSame( 403, rest_do_request( $request )->get_status() );
		$this->log_in( 'editor' );
		$counts = (array) rest_do_request( $request )->get_data()['counts'];
		$this->assertSame( 1, $counts['queued'] );
		$this->assertSame( 0, $counts['failed'] );
	}

	public function test_the_schema_describes_the_answer(): void {
		$this->log_in( 'author' );
		$id     = $this->attachment();
		$schema = $this->items()->get_item_schema();
		$items  = array( $this->ask( array( $id ) )->get_data()['items'][0] );
		$this->job( $id, array( 'state' => 'leased', 'phase' => 'ocr', 'done' => 1, 'total' => 2 ) );
		$items[] = $this->ask( array( $id ) )->get_data()['items'][0];
		foreach ( $items as $item ) {
			$this->assertEqualsCanonicalizing( array_keys( $schema['properties'] ), array_keys( $item ) );
			foreach ( $schema['properties'] as $name => $property ) {
				$this->assertTrue( rest_validate_value_from_schema( $item[ $name ], $property, $name ), $name );
			}
		}
	}

	public function test_the_media_library_opens_with_broken_tables(): void {
		global $wpdb;
		$this->log_in( 'author' );
		$id    = $this->attachment();
		$hide  = static fn ( string $query ): string => str_replace( 'aidoc_jobs', 'aidoc_gone', $query );
		$quiet = $wpdb->suppress_errors();
		add_filter( 'query', $hide );
		$item = $this->ask( array( $id ) )->get_data()['items'][0];
		remove_filter( 'query', $hide );
		$wpdb->suppress_errors( $quiet );
		$this->assertSame( array( 'Unknown', array() ), array( $item['label'], $item['actions'] ) );
	}
}
