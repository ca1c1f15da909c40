<?php
declare( strict_types=1 );

namespace AIDoc\Tests;

use AIDoc\Requirements;
use AIDoc\Schema;
use AIDoc\Settings;

final class SettingsTest extends TestCase {

	public function test_defaults(): void {
		self::assertSame( array( true, 104_857_600, 4, false, true, false, 0 ), array_map( array( $this->plugin()->settings(), 'get' ), array( 'enqueue_on_upload', 'max_bytes', 'max_attempts', 'legacy_enabled', 'doorbell', 'delete_data_on_uninstall', 'author' ) ) );
		self::assertSame( array_keys( Settings::type_groups() ), $this->plugin()->settings()->get( 'types' ) );
		self::assertNull( $this->plugin()->settings()->get( 'nothing' ) );
	}

	public function test_good_values_are_kept_and_others_left_alone(): void {
		$all = $this->plugin()->settings()->update( array( 'max_bytes' => '2048', 'doorbell' => '0', 'types' => array( 'text', 'pdf' ) ) );
		self::assertSame( array( 2048, false, array( 'pdf', 'text' ), 4 ), array( $all['max_bytes'], $all['doorbell'], $all['types'], $all['max_attempts'] ) );
		self::assertSame( $all, $this->plugin()->settings()->all() );
	}

	public function test_caps_are_amounts_and_nothing_is_no_cap(): void {
		$caps = fn( array $values ): array => array_intersect_key( (array) $this->plugin()->settings()->update( $values ), array( 'max_usd_day' => 1, 'max_usd_month' => 1, 'max_tokens_day' => 1, 'max_tokens_month' => 1 ) );
		self::assertSame( array( 'max_usd_day' => 2.5, 'max_usd_month' => 20.0, 'max_tokens_day' => 0, 'max_tokens_month' => 2_000_000 ), $caps( array( 'max_usd_day' => ' 2,50 ', 'max_usd_month' => 20, 'max_tokens_day' => '', 'max_tokens_month' => ' 2000000' ) ) );
		self::assertSame( array( 'max_usd_day' => 0.0, 'max_usd_month' => 0.0, 'max_tokens_day' => 0, 'max_tokens_month' => 0 ), $caps( array( 'max_usd_day' => '', 'max_usd_month' => '0', 'max_tokens_month' => '0' ) ) );
	}

	/** @dataProvider bad_values */
	public function test_bad_values_get_one_sentence_each_and_change_nothing( string $key, mixed $value ): void {
		$before = $this->plugin()->settings()->all();
		$error  = $this->plugin()->settings()->update( array( $key => $value, 'enqueue_on_upload' => false ) );
		self::assertInstanceOf( \WP_Error::class, $error );
		self::assertCount( 1, $error->get_error_messages() );
		self::assertStringEndsWith( '.', $error->get_error_message() );
		self::assertSame( $key, $error->get_error_data()['field'] );
		self::assertSame( $before, $this->plugin()->settings()->all() );
	}

	public function bad_values(): array {
		return array(
			'unknown'           => array( 'evil', 1 ),
			'bytes negative'    => array( 'max_bytes', -1 ),
			'bytes words'       => array( 'max_bytes', '10 MB' ),
			'bytes list'        => array( 'max_bytes', array( 1 ) ),
			'attempts zero'     => array( 'max_attempts', 0 ),
			'attempts true'     => array( 'max_attempts', true ),
			'types unknown'     => array( 'types', array( 'pdf', 'exe' ) ),
			'types no list'     => array( 'types', 'pdf' ),
			'types nested'      => array( 'types', array( array( 'pdf' ) ) ),
			'author nobody'     => array( 'author', 999_999 ),
			'author negative'   => array( 'author', -1 ),
			'flag maybe'        => array( 'legacy_enabled', 'maybe' ),
			'dollars negative'  => array( 'max_usd_day', '-1' ),
			'dollars as words'  => array( 'max_usd_month', '20 USD' ),
			'too few dollars'   => array( 'max_usd_month', '0.001' ),
			'dollars true'      => array( 'max_usd_month', true ),
			'dollars list'      => array( 'max_usd_month', array( 1 ) ),
			'dollars infinite'  => array( 'max_usd_month', INF ),
			'tokens a fraction' => array( 'max_tokens_day', '1000.5' ),
			'too few tokens'    => array( 'max_tokens_day', 999 ),
			'tokens negative'   => array( 'max_tokens_month', -1 ),
			'images some'       => array( 'images', 'some' ),
			'images a list'     => array( 'images', array( 'all' ) ),
			'pages below none'  => array( 'first_pages', -1 ),
			'pages in words'    => array( 'first_pages', 'twenty' ),
			'pages by halves'   => array( 'first_pages', '2.5' ),
			'local only maybe'  => array( 'local_only', 'some' ),
			'local only list'   => array( 'local_only', array( 'all' ) ),
			'local only types'  => array( 'local_only_types', array( 'exe' ) ),
			'flag list'         => array( 'doorbell', array() ),
		);
	}

	public function test_a_garbled_option_means_defaults(): void {
		update_option( Settings::OPTION, 'garbage' );
		self::assertSame( $this->plugin()->settings()->defaults(), $this->plugin()->settings()->all() );
	}

	public function test_no_secret_is_autoloaded(): void {
		$this->plugin()->settings()->update( array( 'doorbell' => true, 'max_bytes' => 5000 ) );
		$this->plugin()->settings()->set_legacy_secret( 'a-long-shared-secret' );
		$this->plugin()->doorbell()->url();
		wp_cache_delete( 'alloptions', 'options' );
		// But the settings and the number of the schema, which each request of wp-admin asks for: among the others they cost no query.
		$loaded = array_filter( wp_load_alloptions(), static fn( $name ) => str_starts_with( $name, 'aidoc_' ), ARRAY_FILTER_USE_KEY );
		ksort( $loaded );
		self::assertSame( array( Schema::OPTION, Settings::OPTION ), array_keys( $loaded ) );
		self::assertStringNotContainsString( 'a-long-shared-secret', implode( ' ', $loaded ) );
	}

	public function test_the_shared_secret(): void {
		$settings = $this->plugin()->settings();
		self::assertFalse( $settings->has_legacy_secret() );
		self::assertInstanceOf( \WP_Error::class, $settings->set_legacy_secret( 'short' ) );
		self::assertTrue( $settings->set_legacy_secret( 'a-long-shared-secret' ) );
		self::assertSame( array( true, 'a-long-shared-secret' ), array( $settings->has_legacy_secret(), $settings->legacy_secret() ) );
		$settings->set_legacy_secret( '' );
		self::assertFalse( $settings->has_legacy_secret() );
	}

	public function test_requirements(): void {
		self::assertSame( array(), Requirements::missing() );
		self::assertStringContainsString( '8.0.30', Requirements::missing( '8.0.30', '6.1' )[0]() );
		self::assertStringContainsString( '6.0.9', Requirements::missing( '8.1.0', '6.0.9' )[0]() );
		self::assertSame( array(), Requirements::missing( '8.1.0', '6.1' ) );
	}
}
