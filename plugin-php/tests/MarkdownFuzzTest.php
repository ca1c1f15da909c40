<?php
declare( strict_types=1 );

namespace AIDoc\Tests;

use AIDoc\Tests\Fuzz\MarkdownFuzz;

require_once __DIR__ . '/fuzz/MarkdownMutator.php';
require_once __DIR__ . '/fuzz/MarkdownOracle.php';
require_once __DIR__ . '/fuzz/MarkdownFuzz.php';

/** The short form of `make fuzz-markdown`. */
final class MarkdownFuzzTest extends TestCase {

	public function test_10_000_mutants_of_markdown_break_nothing(): void {
		self::assertSame( array(), iterator_to_array( ( new MarkdownFuzz( 1 ) )->findings( 0, 10_000 ), false ) );
	}
}
