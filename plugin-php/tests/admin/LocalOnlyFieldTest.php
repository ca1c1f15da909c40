<?php

declare( strict_types=1 );

namespace AIDoc\Tests\Admin;

use AIDoc\Jobs\LocalOnly;
use AIDoc\Media\LocalOnlyField;

require_once __DIR__ . '/AdminTestCase.php';

final class LocalOnlyFieldTest extends AdminTestCase {

	private int $id;

	protected function setUp(): void {
		parent::setUp();
		( new LocalOnlyField( $this->plugin->local_only(), $this->plugin->settings(), $this->plugin->job_manager( ... ), $this->plugin->copies() ) )->register();
		$this->id = $this->document();
	}

	protected function tearDown(): void {
		remove_all_filters( 'attachment_fields_to_edit' );
		remove_all_filters( 'attachment_fields_to_save' );
		parent::tearDown();
	}

	private function document( string $mime = 'application/pdf' ): int {
		return wp_insert_attachment( array( 'post_mime_type' => $mime, 'post_title' => 'Minutes', 'post_status' => 'inherit', 'post_author' => 1 ), 'minutes.pdf' );
	}

	/** As core builds the details of the modal and the edit screen. */
	private function form( int $id ): string {
		return get_compat_media_markup( $id )['item'];
	}

	/** As core saves what the modal sends. */
	private function save( array $fields ): void {
		$post = get_post( $this->id, ARRAY_A );
		apply_filters( 'attachment_fields_to_save', $post, $fields );
	}

	private function is_marked(): bool {
		return '1' === get_post_meta( $this->id, LocalOnly::FIELD, true );
	}

	public function test_the_box_is_in_the_form_of_the_attachment_and_is_saved(): void {
		$this->log_in( 'administrator' );
		$form = $this->form( $this->id );
		$this->assertStringContainsString( "name=\"attachments[{$this->id}][aidoc_local_only]\" value=\"1\">", $form );
		$this->assertLessThan( strpos( $form, 'type="checkbox"' ), strpos( $form, 'type="hidden" name="attachments[' . $this->id . '][aidoc_local_only]" value="0"' ), 'A box that is not ticked is sent as 0.' );
		$this->save( array( 'aidoc_local_only' => '1' ) );
		$this->assertTrue( $this->is_marked() );
		$this->assertStringContainsString( 'value="1" checked=', str_replace( "'", '"', $this->form( $this->id ) ) );
		$this->save( array() );
		$this->assertTrue( $this->is_marked(), 'A form without the box says nothing about it.' );
		$this->save( array( 'aidoc_local_only' => '0' ) );
		$this->assertFalse( $this->is_marked() );
	}

	public function test_who_may_not_edit_the_document_neither_sees_nor_saves_it(): void {
		$this->log_in( 'author' );
		$this->assertStringNotContainsString( 'aidoc_local_only', $this->form( $this->id ) );
		$this->save( array( 'aidoc_local_only' => '1' ) );
		$this->assertFalse( $this->is_marked() );
	}

	public function test_types_that_are_not_read_have_no_box(): void {
		$this->log_in( 'administrator' );
		$this->assertStringNotContainsString( 'aidoc_local_only', $this->form( $this->document( 'video/mp4' ) ) );
	}

	public function test_what_the_settings_mark_is_shown_and_cannot_be_unticked(): void {
		$this->log_in( 'administrator' );
		$this->plugin->settings()->update( array( 'local_only' => 'all' ) );
		$form = str_replace( "'", '"', $this->form( $this->id ) );
		$this->assertMatchesRegularExpression( '/value="1" checked="checked" disabled="disabled">/', $form );
		$this->assertStringNotContainsString( 'aidoc_local_only]" value="0"', $form );
	}
}
