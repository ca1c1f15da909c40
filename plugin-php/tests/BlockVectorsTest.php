<?php
declare( strict_types=1 );

namespace AIDoc\Tests;

use AIDoc\Summaries\Adjustments;
use AIDoc\Summaries\BlockBuilder;
use AIDoc\Summaries\Blocks;

/** The blocks that an agent can send, written by the agent's own code (test/vectors/README.md): all are taken as they are. */
final class BlockVectorsTest extends TestCase {

	public function test_every_block_of_the_agent_is_taken_and_shown_as_expected(): void {
		$file = dirname( getenv( 'AIDOC_VECTORS' ) ?: dirname( __DIR__, 2 ) . '/test/vectors/signing.json' ) . '/blocks.json';
		self::assertFileExists( $file, 'The shared vectors are missing: they are no option.' );
		$vectors = json_decode( (string) file_get_contents( $file ), false, 32, JSON_THROW_ON_ERROR );
		self::assertSame( 1, $vectors->format );
		self::assertGreaterThan( 20, count( $vectors->cases ) );
		$builder = new BlockBuilder( $vectors->wordpress, $vectors->document );
		foreach ( $vectors->cases as $case ) {
			$adjusted = new Adjustments();
			self::assertSame( $case->html, $builder->render( Blocks::read( $case->blocks, $adjusted ) ), $case->name );
			self::assertSame( '', $adjusted->sentence(), $case->name );
		}
	}
}
