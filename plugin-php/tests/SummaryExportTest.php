<?php
declare( strict_types=1 );

namespace AIDoc\Tests;

use AIDoc\Summaries\PostType;

/** What an export (Tools → Export) takes along. */
final class SummaryExportTest extends SummaryTestCase {

	/** Through the web server, because the export ends its request with headers and functions of its own. */
	private function export( string $role, string $content ): string {
		$id = $this->user( $role );
		get_userdata( $id )->add_cap( 'export' );
		$cookie = array( new \WP_Http_Cookie( array( 'name' => SECURE_AUTH_COOKIE, 'value' => wp_generate_auth_cookie( $id, time() + 600, 'secure_auth' ) ) ), new \WP_Http_Cookie( array( 'name' => AUTH_COOKIE, 'value' => wp_generate_auth_cookie( $id, time() + 600, 'auth' ) ) ), new \WP_Http_Cookie( array( 'name' => LOGGED_IN_COOKIE, 'value' => wp_generate_auth_cookie( $id, time() + 600, 'logged_in' ) ) ) );
		$answer = wp_remote_get( admin_url( "export.php?download=true&content=$content" ), array( 'cookies' => $cookie, 'timeout' => 30 ) );
		$xml    = wp_remote_retrieve_body( $answer );
		self::assertStringContainsString( '<wp:wxr_version>', $xml, "$role may export." );
		return $xml;
	}

	public function test_the_text_goes_along_and_the_machines_fields_do_not(): void {
		$this->summarised( 'private', 'publish' );
		foreach ( array( 'all', PostType::NAME ) as $content ) {
			$xml = $this->export( 'administrator', $content );
			self::assertStringContainsString( 'The word is zanzibar-private-publish', $xml );
			foreach ( array( 'aidoc_s3_text_key', 'processed/', 'aidoc_source_sha256', 'clerical-reader', '_aidoc_' ) as $secret ) {
				self::assertStringNotContainsString( $secret, $xml, $content );
			}
		}
	}

	public function test_who_may_not_read_every_summary_exports_none(): void {
		$this->summarised( 'private', 'publish' );
		foreach ( array( 'clerk', 'contributor' ) as $role ) {
			foreach ( array( 'all', PostType::NAME ) as $content ) {
				self::assertStringNotContainsString( 'The word is', $this->export( $role, $content ), "$role, $content" );
			}
		}
	}
}
