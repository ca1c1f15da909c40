<?php

declare( strict_types=1 );

namespace AIDoc\Tests\Admin;

use AIDoc\Admin\SettingsPage;

require_once __DIR__ . '/AdminTestCase.php';

final class SettingsPageTest extends AdminTestCase {

	private const GOOD = array( 'enqueue_on_upload' => '1', 'types' => array( 'pdf', 'text' ), 'max_mb' => '25', 'max_attempts' => '3', 'author' => '0', 'doorbell' => '1' );

	private function save( array $post ): array {
		return ( new SettingsPage( $this->plugin ) )->save( $post + self::GOOD );
	}

	private function page(): string {
		ob_start();
		( new SettingsPage( $this->plugin ) )->render();
		return (string) ob_get_clean();
	}

	private function submit( array $post, ?string $nonce = null ): void {
		$_POST    = wp_slash( $post + self::GOOD ) + array( '_wpnonce' => $nonce ?? wp_create_nonce( SettingsPage::ACTION ) );
		$_REQUEST = $_POST;
		try {
			( new SettingsPage( $this->plugin ) )->handle();
			$this->fail( 'The handler must end in a redirect.' );
		} catch ( Redirected $redirected ) {
			$this->assertStringContainsString( 'page=aidoc-settings', $redirected->getMessage() );
		}
	}

	public function test_a_good_form_is_saved(): void {
		$this->assertSame( array(), $this->save( array() ) );
		$all = $this->plugin->settings()->all();
		$this->assertSame( array( true, array( 'pdf', 'text' ), 25 * MB_IN_BYTES, 3, false, true ), array( $all['enqueue_on_upload'], $all['types'], $all['max_bytes'], $all['max_attempts'], $all['legacy_enabled'], $all['doorbell'] ) );
	}

	public function test_a_box_that_is_not_ticked_is_off(): void {
		$post = self::GOOD;
		unset( $post['enqueue_on_upload'], $post['doorbell'], $post['types'] );
		$this->assertSame( array(), ( new SettingsPage( $this->plugin ) )->save( $post ) );
		$all = $this->plugin->settings()->all();
		$this->assertSame( array( false, false, array() ), array( $all['enqueue_on_upload'], $all['doorbell'], $all['types'] ) );
	}

	public static function sizes(): array {
		return array(
			array( '25', 25 * MB_IN_BYTES ),
			array( ' 2.5 ', (int) ( 2.5 * MB_IN_BYTES ) ),
			array( '2,5', (int) ( 2.5 * MB_IN_BYTES ) ),
			array( '1000000', 1000000 * MB_IN_BYTES ),
			array( '', null ),
			array( '0', null ),
			array( '-5', null ),
			array( 'lots', null ),
			array( '10 MB', null ),
			array( '1e12', null ),
			array( '0x10', null ),
		);
	}

	/** @dataProvider sizes */
	public function test_size_limit( string $typed, ?int $bytes ): void {
		$errors = $this->save( array( 'max_mb' => $typed ) );
		if ( null === $bytes ) {
			$this->assertSame( array( 'max_mb' ), array_keys( $errors ) );
			$this->assertStringContainsString( 'megabytes', $errors['max_mb'] );
			$this->assertSame( $this->plugin->settings()->defaults(), $this->plugin->settings()->all() );
			return;
		}
		$this->assertSame( array(), $errors );
		$this->assertSame( $bytes, $this->plugin->settings()->get( 'max_bytes' ) );
	}

	public function test_every_bad_field_gets_its_sentence_and_nothing_is_saved(): void {
		$errors = $this->save( array( 'max_mb' => 'x', 'max_attempts' => '0', 'types' => array( 'exe' ), 'legacy_enabled' => '1', 'enqueue_on_upload' => '' ) );
		$this->assertSame( array( 'types', 'max_mb', 'max_attempts', 'legacy_secret' ), array_keys( $errors ), 'In the order of the form.' );
		$this->assertSame( $this->plugin->settings()->defaults(), $this->plugin->settings()->all() );
	}

	public function test_a_bad_secret_alone_saves_nothing_either(): void {
		$this->assertSame( array( 'legacy_secret' ), array_keys( $this->save( array( 'legacy_secret' => 'short' ) ) ) );
		$this->assertSame( $this->plugin->settings()->defaults(), $this->plugin->settings()->all() );
		$this->assertFalse( $this->plugin->settings()->has_legacy_secret() );
	}

	public function test_the_older_scheme_needs_a_secret(): void {
		$this->assertArrayHasKey( 'legacy_secret', $this->save( array( 'legacy_enabled' => '1' ) ) );
		$this->assertSame( array(), $this->save( array( 'legacy_enabled' => '1', 'legacy_secret' => 'a-good-long-shared-secret' ) ) );
		$this->assertTrue( $this->plugin->settings()->get( 'legacy_enabled' ) );
		$this->assertSame( array(), $this->save( array( 'legacy_enabled' => '1' ) ), 'An empty field leaves the secret that is set.' );
		$this->assertSame( 'a-good-long-shared-secret', $this->plugin->settings()->legacy_secret() );
	}

	public function test_the_secret_can_be_removed(): void {
		$this->save( array( 'legacy_enabled' => '1', 'legacy_secret' => 'a-good-long-shared-secret' ) );
		$this->assertSame( array(), $this->save( array( 'legacy_enabled' => '1', 'legacy_secret_remove' => '1' ) ) );
		$this->assertFalse( $this->plugin->settings()->has_legacy_secret() );
		$this->assertFalse( $this->plugin->settings()->get( 'legacy_enabled' ) );
	}

	public function test_the_page_keeps_what_was_typed_but_never_the_secret(): void {
		$this->log_in( 'administrator' );
		$this->submit( array( 'max_mb' => '"><b>lots', 'max_attempts' => '99', 'legacy_secret' => 'a-good-long-shared-secret' ) );
		global $wpdb;
		$stored = implode( ' ', $wpdb->get_col( "SELECT option_value FROM $wpdb->options WHERE option_name LIKE '%aidoc%'" ) );
		$this->assertStringNotContainsString( 'a-good-long-shared-secret', $stored );
		$page = $this->page();
		$this->assertStringContainsString( 'value="&quot;&gt;&lt;b&gt;lots"', $page );
		$this->assertStringContainsString( 'value="99"', $page );
		$this->assertStringNotContainsString( 'a-good-long-shared-secret', $page );
		$this->assertSame( 2, substr_count( $page, 'aria-invalid="true"' ) );
		$this->assertStringNotContainsString( 'aria-invalid', $this->page(), 'The next visit starts clean.' );
	}

	public function test_the_saved_secret_is_never_shown(): void {
		$this->log_in( 'administrator' );
		$this->submit( array( 'legacy_enabled' => '1', 'legacy_secret' => 'a-good-long-shared-secret' ) );
		$this->assertTrue( $this->plugin->settings()->has_legacy_secret() );
		$this->assertStringNotContainsString( 'a-good-long-shared-secret', $this->page() );
	}

	public function test_nonce_and_capability(): void {
		$this->log_in( 'administrator' );
		try {
			$this->submit( array(), 'x' );
			$this->fail( 'Accepted a wrong nonce.' );
		} catch ( Died $died ) {
			$this->assertSame( 403, $died->getCode() );
		}
		$this->log_in( 'editor' );
		try {
			$this->submit( array() );
			$this->fail( 'A nonce is not a permission.' );
		} catch ( Died $died ) {
			$this->assertSame( 403, $died->getCode() );
		}
		$this->assertSame( $this->plugin->settings()->defaults(), $this->plugin->settings()->all() );
	}
}
