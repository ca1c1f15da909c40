<?php
declare( strict_types=1 );

namespace AIDoc\Tests\Beside;

require_once __DIR__ . '/BesideTestCase.php';

/** Media with a copy for each language. */
final class PolylangTest extends BesideTestCase {

	public static function setUpBeforeClass(): void {
		parent::setUpBeforeClass();
		$languages = PLL()->model->languages;
		foreach ( array( 'en' => 'en_US', 'de' => 'de_DE' ) as $slug => $locale ) {
			if ( ! $languages->get( $slug ) ) {
				$languages->add( array( 'name' => $slug, 'slug' => $slug, 'locale' => $locale, 'rtl' => false, 'term_group' => 0, 'no_default_cat' => true ) );
			}
		}
		PLL()->options->set( 'media_support', true );
		$languages->clean_cache();
		PLL()->model->languages->get_list(); // As at the beginning of a request.
	}

	/** @return array{0:int,1:int} A document and its German copy, made as the language column of the media library makes it. */
	private function both(): array {
		$id = $this->upload( 'minutes.pdf', '%PDF minutes' );
		PLL()->model->post->set_language( $id, 'en' );
		$this->end_request();
		$copy = PLL()->model->post->create_media_translation( $id, 'de' );
		self::assertEqualsCanonicalizing( array( $id, $copy ), pll_get_post_translations( $copy ) );
		$this->end_request();
		return array( $id, $copy );
	}

	public function test_one_document_one_reading(): void {
		list( $id, $copy ) = $this->both();
		self::assertSame( 1, $this->jobs() );
		$agent = $this->agent();
		$lease = $agent->lease( 5 );
		self::assertSame( array( $id ), array_column( $lease, 'attachment_id' ) );
		self::assertSame( 200, $agent->result( $lease[0] )->get_status() );
		wp_set_current_user( 1 );
		$this->plugin()->copies()->forget();
		$statuses = $this->plugin()->statuses();
		$of       = static fn( int $one ) => array_intersect_key( $statuses->status( $one ), array( 'state' => 1, 'job' => 1, 'link' => 1 ) );
		self::assertSame( 'done', $of( $copy )['state'] );
		self::assertSame( $of( $id ), $of( $copy ) );
		wp_delete_attachment( $copy, true );
	}

	public function test_the_copy_may_be_removed(): void {
		list( $id, $copy ) = $this->both();
		$agent             = $this->agent();
		$agent->result( $agent->lease()[0] );
		wp_set_current_user( 1 );
		wp_delete_attachment( $copy, true );
		$this->end_request();
		self::assertSame( 'done', $this->plugin()->statuses()->status( $id )['state'] );
	}
}
