<?php
declare( strict_types=1 );

namespace AIDoc\Tests\Fuzz;

/** Runs the corpus, mutants of it, and some of these blown up, through the reader. */
final class MarkdownFuzz {

	private const PUMP_EACH = 500;
	private const SHORT     = 32_768;
	private const LONG      = 262_144;

	/** @var list<string> */
	private array $corpus;
	private MarkdownMutator $mutator;

	public function __construct( int $seed ) {
		$this->corpus  = array_map( 'file_get_contents', glob( __DIR__ . '/corpus/*.md' ) );
		$this->mutator = new MarkdownMutator( $this->corpus, $seed );
	}

	/** @return \Generator<array{string,string,string}> Name, what is broken, and the text. */
	public function findings( int $from, int $count ): \Generator {
		foreach ( $this->corpus as $i => $markdown ) {
			yield from self::finding( "corpus $i", MarkdownOracle::objection( $markdown ), $markdown );
		}
		for ( $number = $from; $number < $from + $count; ++$number ) {
			if ( 0 === $number % self::PUMP_EACH ) {
				$long = $this->mutator->pumped( $number, self::LONG );
				yield from self::finding( "pumped $number", MarkdownOracle::growth( $this->mutator->pumped( $number, self::SHORT ), $long ), $long );
				continue;
			}
			$markdown = $this->mutator->mutant( $number );
			yield from self::finding( "mutant $number", MarkdownOracle::objection( $markdown ), $markdown );
		}
	}

	private static function finding( string $name, string $objection, string $markdown ): \Generator {
		if ( '' !== $objection ) {
			yield array( $name, $objection, $markdown );
		}
	}
}
