<?php
declare( strict_types=1 );

namespace AIDoc\Tests;

use AIDoc\Media\ReasonName;
use AIDoc\Media\TypeName;
use AIDoc\Settings;
use PHPUnit\Framework\TestCase;

/** People read words, not MIME types and codes. */
final class NamesTest extends TestCase {

	public function test_types_are_words_or_endings(): void {
		$named = array_map( array( TypeName::class, 'of' ), array( 'application/vnd.openxmlformats-officedocument.wordprocessingml.document', 'application/vnd.oasis.opendocument.text', 'application/pdf', 'image/jpeg', 'application/x-unheard-of' ) );
		self::assertSame( array( 'Word document', 'OpenDocument file', 'PDF', 'JPG', 'application/x-unheard-of' ), $named );
		foreach ( Settings::mimes_of( array( 'office' ) ) as $mime ) {
			self::assertLessThan( 40, strlen( TypeName::of( $mime ) ), $mime );
		}
	}

	public function test_reasons_are_words_and_a_code_that_nobody_named_stays(): void {
		self::assertSame( array( 'Needs a password', 'No agent reads this type', 'llm_overloaded' ), array_map( array( ReasonName::class, 'of' ), array( 'encrypted', 'aidoc_no_reader', 'llm_overloaded' ) ) );
	}
}
