<?php
declare( strict_types=1 );

namespace AIDoc\Tests;

/** Text of people goes into a lease without what steers a terminal: an agent would not take the lease. */
final class LeaseTextTest extends TestCase {

	public function test_a_title_is_one_readable_line(): void {
		global $wpdb;
		$id = $this->upload();
		$wpdb->update( $wpdb->posts, array( 'post_title' => "Bericht\x1b]0;x\x07 &#8211; \u{202E}fdp\u{009B}31m\n" . str_repeat( 'ß', 1000 ) ), array( 'ID' => $id ) );
		clean_post_cache( $id );
		$title = $this->agent()->lease()[0]['title'];
		self::assertStringStartsWith( 'Bericht ]0;x  – fdp 31m ßß', $title );
		self::assertDoesNotMatchRegularExpression( '/[\p{Cc}\x{202D}\x{202E}\p{Zl}\p{Zp}]/u', $title );
		self::assertLessThanOrEqual( 500, mb_strlen( $title ) );
	}

	public function test_the_marks_of_arabic_and_hebrew_stay(): void {
		global $wpdb;
		$id    = $this->upload();
		$title = "تقرير \u{200F}عن \u{202B}الجسر\u{202C}";
		$wpdb->update( $wpdb->posts, array( 'post_title' => $title ), array( 'ID' => $id ) );
		clean_post_cache( $id );
		self::assertSame( $title, $this->agent()->lease()[0]['title'] );
	}
}
