<?php
declare( strict_types=1 );

namespace AIDoc\Tests;

use AIDoc\Jobs\Pages;

/** The plugin speaks German where the site or the person does, from the file that it comes with; WordPress' own German is not needed. */
final class TranslationTest extends TestCase {

	private const DOMAIN = 'ai-doc-pipeline';
	private const LOCALE = 'de_DE';

	private \WP_Locale_Switcher $core;

	protected function setUp(): void {
		parent::setUp();
		$this->core = $GLOBALS['wp_locale_switcher'];
		// A locale is switched to only where WordPress has it, and what it has is looked up once.
		add_filter( 'get_available_languages', array( $this, 'with_german' ) );
		$GLOBALS['wp_locale_switcher'] = new \WP_Locale_Switcher();
		$GLOBALS['wp_locale_switcher']->init();
		self::assertTrue( switch_to_locale( self::LOCALE ) );
	}

	protected function tearDown(): void {
		restore_previous_locale();
		foreach ( array( 'locale', 'determine_locale' ) as $filter ) {
			remove_filter( $filter, array( $GLOBALS['wp_locale_switcher'], 'filter_locale' ) );
		}
		$GLOBALS['wp_locale_switcher'] = $this->core;
		remove_filter( 'get_available_languages', array( $this, 'with_german' ) );
		self::assertSame( 'Queued', __( 'Queued', 'ai-doc-pipeline' ), 'the tests after this one are English again' );
		parent::tearDown();
	}

	/**
	 * @param string[] $languages
	 * @return string[]
	 */
	public function with_german( array $languages ): array {
		return array( ...$languages, self::LOCALE );
	}

	private static function path(): string {
		return dirname( AIDOC_FILE ) . '/languages/' . self::DOMAIN . '-' . self::LOCALE . '.mo';
	}

	public function test_the_folder_of_the_header_has_the_file(): void {
		$header = get_file_data( AIDOC_FILE, array( 'path' => 'Domain Path', 'domain' => 'Text Domain' ) );
		self::assertSame( array( 'path' => '/languages', 'domain' => self::DOMAIN ), $header );
		self::assertFileExists( self::path() );
	}

	public function test_sentences_are_german(): void {
		self::assertSame( self::LOCALE, determine_locale() );
		self::assertSame( 'Dokument-Zusammenfassung', __( 'Document Summary', 'ai-doc-pipeline' ) );
		self::assertSame( 'Eingereiht', __( 'Queued', 'ai-doc-pipeline' ) );
		self::assertSame( 'Du bist nicht berechtigt, die Warteschlange zu sehen.', __( 'You are not allowed to see the queue.', 'ai-doc-pipeline' ) );
		self::assertSame( '1 Dokument', self::documents( 1 ) );
		self::assertSame( '0 Dokumente', self::documents( 0 ) );
		self::assertSame( '7 Dokumente', self::documents( 7 ) );
	}

	private static function documents( int $number ): string {
		/* translators: %s: number of documents. */
		return sprintf( _n( '%s document', '%s documents', $number, 'ai-doc-pipeline' ), $number );
	}

	public function test_an_answer_of_rest_is_german(): void {
		wp_set_current_user( 1 );
		$id     = $this->upload();
		$answer = rest_do_request( new \WP_REST_Request( 'POST', "/aidoc/v1/items/{$id}/cancel" ) );
		self::assertSame( 200, $answer->get_status() );
		$answer = rest_do_request( new \WP_REST_Request( 'POST', "/aidoc/v1/items/{$id}/cancel" ) );
		self::assertSame( 409, $answer->get_status() );
		self::assertStringStartsWith( 'Dieses Dokument wartet nicht', $answer->get_data()['message'] );

		$request = new \WP_REST_Request( 'GET', '/aidoc/v1/items' );
		$request->set_param( 'attachments', (string) $id );
		self::assertSame( 'Abgebrochen', rest_do_request( $request )->get_data()['items'][0]['label'] );
	}

	public function test_the_word_for_all_pages_is_understood_in_both_languages(): void {
		$pages = $this->plugin()->pages();
		$id    = $this->upload();
		foreach ( array( 'alle', 'Alle', 'all' ) as $typed ) {
			self::assertTrue( $pages->mark( $id, $typed ) );
			self::assertSame( Pages::ALL, $pages->marked( $id ) );
		}
		self::assertStringContainsString( 'ersten zwanzig', $pages->mark( $id, 'keine' )->get_error_message() );
	}

	/** sprintf() of PHP 8 ends the request where a translation asks for more than it is given. */
	public function test_each_text_keeps_its_placeholders_its_html_and_its_ends(): void {
		$mo = new \MO();
		self::assertTrue( $mo->import_from_file( self::path() ) );
		self::assertGreaterThan( 900, count( $mo->entries ) );
		foreach ( $mo->entries as $entry ) {
			$originals = $entry->is_plural ? array( $entry->singular, $entry->plural ) : array( $entry->singular );
			self::assertCount( count( $originals ), $entry->translations, $entry->singular );
			foreach ( $originals as $i => $original ) {
				self::assertSame( self::shape( $original ), self::shape( $entry->translations[ $i ] ), $original );
			}
		}
	}

	/** @return array{0:string[],1:string[],2:string,3:string} Placeholders and tags in an order of their own, white space at both ends. */
	private static function shape( string $text ): array {
		preg_match_all( '/%(?:\d+\$)?[bcdeEfFgGosuxX%]/', str_replace( '% ', '', $text ), $placeholders );
		preg_match_all( '/<[^>]+>/', $text, $tags );
		sort( $placeholders[0] );
		return array( $placeholders[0], $tags[0], substr( $text, 0, strspn( $text, " \n\t" ) ), substr( $text, strlen( rtrim( $text, " \n\t" ) ) ) );
	}
}
