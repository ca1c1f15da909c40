<?php
declare( strict_types=1 );

namespace AIDoc\Tests;

use AIDoc\Jobs\PageRange;
use AIDoc\Jobs\Pages;
use AIDoc\Media\PagesField;

/** A person, or the settings, say which pages of a document are read. */
final class PagesTest extends TestCase {

	/** @return list<array{0:string,1:?array}> */
	public static function typed(): array {
		return array(
			array( '20', array( 1, 20, '20' ) ),
			array( ' 5 - 12 ', array( 5, 12, '5-12' ) ),
			array( '5–12', array( 5, 12, '5-12' ) ),
			array( '5-', array( 5, 0, '5-' ) ),
			array( 'p. 3-4', array( 3, 4, '3-4' ) ),
			array( '1-20', array( 1, 20, '20' ) ),
			array( '7-7', array( 7, 7, '7-7' ) ),
			array( '0', null ),
			array( '0-4', null ),
			array( '5-0', null ),
			array( '9-4', null ),
			array( '-4', null ),
			array( '1,3', null ),
			array( '1000001', null ),
			array( '99999999999', null ),
			array( 'first', null ),
			array( "5\n<b>", null ),
		);
	}

	/** @dataProvider typed */
	public function test_what_is_typed_is_a_range_or_refused( string $typed, ?array $want ): void {
		$range = PageRange::parse( $typed );
		self::assertSame( $want, $range instanceof PageRange ? array( $range->first, $range->last, $range->typed() ) : null );
		self::assertTrue( $range instanceof PageRange || str_contains( $range->get_error_message(), '5-12' ) );
	}

	public function test_the_lease_names_the_pages_of_the_person_else_of_the_settings(): void {
		$agent    = $this->agent();
		$document = $this->upload();
		$lease    = function () use ( $agent, $document ): ?array {
			$this->plugin()->job_manager()->enqueue( $document, true );
			$given = $agent->lease()[0];
			$agent->result( $given );
			return $given['pages'] ?? null;
		};
		self::assertNull( $lease() );
		$this->plugin()->settings()->update( array( 'first_pages' => '20' ) );
		self::assertSame( array( 'first' => 1, 'last' => 20 ), $lease() );
		$pages = new Pages( $this->plugin()->settings() );
		self::assertTrue( $pages->mark( $document, '5-12' ) );
		self::assertSame( array( 'first' => 5, 'last' => 12 ), $lease() );
		self::assertWPError( $pages->mark( $document, 'some' ) );
		self::assertSame( '5-12', $pages->marked( $document ) );
		self::assertTrue( $pages->mark( $document, ' All ' ) );
		self::assertNull( $lease() );
		self::assertTrue( $pages->mark( $document, '' ) );
		self::assertSame( array( 'first' => 1, 'last' => 20 ), $lease() );
	}

	private static function assertWPError( mixed $value ): void {
		self::assertInstanceOf( \WP_Error::class, $value );
	}

	public function test_a_summary_of_a_part_says_so(): void {
		$agent    = $this->agent();
		$document = $this->upload( 'long.pdf' );
		$answer   = $agent->result( $agent->lease()[0], array( 'pages' => 117, 'pages_failed' => array( 30 ), 'pages_read' => array( 'first' => 11, 'last' => 30 ) ) )->get_data();
		self::assertSame( array(), $answer['adjusted'] ?? array() );
		$content = get_post( $answer['post_id'] )->post_content;
		self::assertStringContainsString( 'Source document (pages 11 to 30 of 117):', $content );
		wp_set_current_user( 1 );
		$statuses = $this->plugin()->statuses();
		$statuses->forget();
		$status = $statuses->status( $document );
		self::assertStringContainsString( 'pages 11 to 30 of 117', $status['facts'] );
		self::assertSame( '19 of 20 pages were read; page 30 could not be.', $status['detail'] );
	}

	/** @dataProvider nonsense */
	public function test_a_part_that_cannot_be_is_left_out_and_named( mixed $part ): void {
		$agent    = $this->agent( 'odd-' . wp_rand() );
		$document = $this->upload();
		$answer   = $agent->result( $agent->lease()[0], array( 'pages_read' => $part ) )->get_data();
		self::assertStringContainsString( 'Source document:', get_post( $answer['post_id'] )->post_content );
		$adjusted = $this->plugin()->events()->recent( array( 'kind' => 'adjusted', 'job_id' => $this->job_of( $document )->id ) );
		self::assertStringContainsString( 'pages_read', $adjusted[0]['message'] );
	}

	public static function nonsense(): array {
		return array( array( '1-20' ), array( array( 'first' => 5 ) ), array( array( 'first' => 5, 'last' => 4 ) ), array( array( 'first' => '1', 'last' => '2' ) ) );
	}

	public function test_the_field_is_for_what_has_pages_and_whoever_may_edit_it(): void {
		$field = new PagesField( $this->plugin()->pages(), $this->plugin()->settings(), $this->plugin()->copies() );
		$pdf   = $this->upload();
		$text  = $this->upload( 'a.txt', 'a', 'text/plain' );
		self::assertSame( array(), $field->add( array(), get_post( $pdf ) ), 'Nobody.' );
		$field->save( array( 'ID' => $pdf ), array( 'aidoc_pages' => '5' ) );
		self::assertSame( '', $this->plugin()->pages()->marked( $pdf ) );
		wp_set_current_user( 1 );
		self::assertArrayHasKey( 'aidoc_pages', $field->add( array(), get_post( $pdf ) ) );
		self::assertSame( array(), $field->add( array(), get_post( $text ) ) );
		$field->save( array( 'ID' => $pdf ), array( 'aidoc_pages' => '5' ) );
		self::assertStringContainsString( 'value="5"', $field->add( array(), get_post( $pdf ) )['aidoc_pages']['html'] );
		$back = $field->save( array( 'ID' => $pdf ), array( 'aidoc_pages' => '"><script>' ) );
		self::assertStringContainsString( '5-12', $back['errors']['aidoc_pages']['errors'][0] );
		self::assertSame( '5', $this->plugin()->pages()->marked( $pdf ) );
	}
}
