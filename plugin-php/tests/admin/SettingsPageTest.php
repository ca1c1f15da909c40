<?php

declare( strict_types=1 );

namespace AIDoc\Tests\Admin;

use AIDoc\Admin\SettingsPage;

require_once __DIR__ . '/AdminTestCase.php';

final class SettingsPageTest extends AdminTestCase {

	private const GOOD = array( 'enqueue_on_upload' => '1', 'types' => array( 'pdf', 'text' ), 'max_mb' => '25', 'max_attempts' => '3', 'author' => '0', 'doorbell' => '1' );

	private function save( array $post ): array {
		return $this->screens()->settings_page()->save( $post + self::GOOD );
	}

	private function page(): string {
		ob_start();
		$this->screens()->settings_page()->render();
		return (string) ob_get_clean();
	}

	private function submit( array $post, ?string $nonce = null ): void {
		$_POST    = wp_slash( $post + self::GOOD ) + array( '_wpnonce' => $nonce ?? wp_create_nonce( SettingsPage::ACTION ) );
		$_REQUEST = $_POST;
		try {
			$this->screens()->settings_page()->handle();
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

	public function test_what_the_site_shows_is_off_until_it_is_ticked(): void {
		$this->log_in( 'administrator' );
		$all = $this->plugin->settings()->all();
		$this->assertSame( array( false, false ), array( $all['show_on_attachment_page'], $all['search_summaries'] ) );
		$this->assertSame( array(), $this->save( array( 'show_on_attachment_page' => '1', 'search_summaries' => '1' ) ) );
		$all = $this->plugin->settings()->all();
		$this->assertSame( array( true, true ), array( $all['show_on_attachment_page'], $all['search_summaries'] ) );
		foreach ( array( '0' => true, '1' => false ) as $pages => $warned ) {
			update_option( 'wp_attachment_pages_enabled', (string) $pages );
			$page = $this->page();
			$this->assertMatchesRegularExpression( '~name="show_on_attachment_page" value="1"\s+checked~', $page );
			$this->assertSame( $warned, str_contains( $page, 'This site has no such pages' ) );
		}
		update_option( 'wp_attachment_pages_enabled', '0' );
		$this->assertSame( array(), $this->save( array() ) );
		$this->assertFalse( $this->plugin->settings()->get( 'show_on_attachment_page' ), 'What is not ticked is off.' );
	}

	public function test_caps_and_local_only_are_saved_shown_and_refused_by_their_names(): void {
		$this->log_in( 'administrator' );
		$this->assertSame( array(), $this->save( array( 'max_usd_day' => '2,5', 'max_usd_month' => '20', 'max_tokens_month' => '2000000', 'local_only' => 'types', 'local_only_types' => array( 'pdf' ), 'images' => 'none', 'first_pages' => ' 20 ' ) ) );
		$all = $this->plugin->settings()->all();
		$this->assertSame( array( 2.5, 20.0, 0, 2000000, 'types', array( 'pdf' ) ), array( $all['max_usd_day'], $all['max_usd_month'], $all['max_tokens_day'], $all['max_tokens_month'], $all['local_only'], $all['local_only_types'] ) );
		$page = preg_replace( '/\s+/', ' ', $this->page() );
		$this->assertStringContainsString( 'name="max_usd_month" value="20"', $page );
		$this->assertStringContainsString( 'name="max_tokens_day" value=""', $page );
		$this->assertStringContainsString( 'So far today $0.00, this month $0.00.', $page );
		$this->assertMatchesRegularExpression( '/name="local_only" value="types"\s+checked/', $page );
		$this->assertSame( array( 'max_usd_day', 'max_tokens_day', 'local_only' ), array_keys( $this->save( array( 'max_usd_day' => 'much', 'max_tokens_day' => '5', 'local_only' => 'x' ) ) ) );
		$this->assertSame( $all, $this->plugin->settings()->all() );
	}

	public function test_a_box_that_is_not_ticked_is_off(): void {
		$post = self::GOOD;
		unset( $post['enqueue_on_upload'], $post['doorbell'], $post['types'] );
		$this->assertSame( array(), $this->screens()->settings_page()->save( $post ) );
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
			array( '0x10', null ), // phpcs:ignore PHPCompatibility.Numbers.RemovedHexadecimalNumericStrings.Found -- that it is no number is what is tested.
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

	public function test_the_legacy_callback_needs_a_secret(): void {
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

	private function seen_agent(): \AIDoc\Agents\Agent {
		$this->log_in( 'administrator' );
		$agent = $this->plugin->agent_manager()->create( 'office-01' )['agent'];
		$this->plugin->agents()->set_state( $agent->id, 'active' );
		$this->plugin->agents()->set_last_ip( $agent->id, '192.0.2.7' );
		return $agent;
	}

	public function test_addresses_are_typed_a_line_each_and_shown_again(): void {
		$agent = $this->seen_agent();
		$this->assertSame( array(), $this->save( array( 'allowed_ips' => "192.0.2.0/24\r\n2001:db8::/32\r\n", 'trusted_proxies' => '10.0.0.1', 'leases_per_agent' => '12', "agent_ips_{$agent->id}" => '192.0.2.7' ) ) );
		$this->assertSame( array( array( '192.0.2.0/24', '2001:db8::/32' ), array( '10.0.0.1' ), 12 ), array( $this->plugin->settings()->get( 'allowed_ips' ), $this->plugin->settings()->get( 'trusted_proxies' ), $this->plugin->settings()->get( 'leases_per_agent' ) ) );
		$this->assertSame( array( '192.0.2.7' ), $this->plugin->agents()->find( $agent->id )->allowed_ips() );
		$page = $this->page();
		foreach ( array( "192.0.2.0/24\n2001:db8::/32</textarea>", 'Last seen from 192.0.2.7.', 'office-01', 'value="192.0.2.7"', 'value="12"' ) as $shown ) {
			$this->assertStringContainsString( $shown, $page );
		}
		$this->assertSame( array(), $this->save( array( 'allowed_ips' => '', "agent_ips_{$agent->id}" => '' ) ) );
		$this->assertSame( array( array(), array() ), array( $this->plugin->settings()->get( 'allowed_ips' ), $this->plugin->agents()->find( $agent->id )->allowed_ips() ) );
	}

	public function test_each_wrong_address_is_named_beside_its_field_and_nothing_is_saved(): void {
		$agent  = $this->seen_agent();
		$field  = "agent_ips_{$agent->id}";
		$errors = $this->save( array( 'max_attempts' => '9', 'allowed_ips' => '192.0.2.0/24 office', 'trusted_proxies' => '10.0.0.0/40', 'leases_per_agent' => '0', $field => '192.0.2.7, <b>' ) );
		$this->assertSame( array( 'allowed_ips', 'trusted_proxies', 'leases_per_agent', $field ), array_keys( $errors ) );
		$this->assertStringContainsString( '“office”', $errors['allowed_ips'] );
		$this->assertStringContainsString( '“10.0.0.0/40”', $errors['trusted_proxies'] );
		$this->assertStringContainsString( '“<b>”', $errors[ $field ] );
		$this->assertNotSame( 9, $this->plugin->settings()->get( 'max_attempts' ) );
		$this->submit( array( 'allowed_ips' => 'office', $field => '<b>' ) );
		$page = $this->page();
		$this->assertStringContainsString( 'office</textarea>', $page );
		$this->assertStringContainsString( 'value="&lt;b&gt;"', $page );
		$this->assertStringNotContainsString( '<b>', $page );
	}

	public function test_an_excluded_agent_is_reported_at_once(): void {
		$this->seen_agent();
		$this->submit( array( 'allowed_ips' => '198.51.100.0/24' ) );
		$page = $this->page();
		$this->assertStringContainsString( 'notice-warning', $page );
		$this->assertStringContainsString( 'office-01 (192.0.2.7)', $page );
		$this->submit( array( 'allowed_ips' => '192.0.2.0/24' ) );
		$this->assertStringContainsString( 'notice-success', $this->page() );
	}
}
