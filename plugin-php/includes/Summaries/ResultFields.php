<?php
declare( strict_types=1 );

namespace AIDoc\Summaries;

use AIDoc\Queue\Spent;
use AIDoc\Text;

/**
 * Reads what a result says beside its text (docs/protocol.md, section 7). A summary was paid for when it comes: a value that is out of
 * bounds is brought into them, one of another type is left out, and both are named.
 */
final class ResultFields {

	private const COUNT = 2_000_000_000;

	private const LARGE = 1_000_000_000_000_000;

	/** Text fields and their length in characters. */
	private const TEXTS = array(
		'language'       => 40,
		'provider'       => 100,
		'model'          => 200,
		'prompt_version' => 100,
		'fallback'       => 64,
		's3_text_key'    => 1024,
		'agent_version'  => 200,
	);

	/** Whole numbers and the highest. */
	private const COUNTS = array(
		'word_count'    => self::COUNT,
		'pages'         => self::COUNT,
		'pages_ocr'     => self::COUNT,
		'chunks'        => self::COUNT,
		'processing_ms' => self::LARGE,
		'tokens_in'     => self::LARGE,
		'tokens_out'    => self::LARGE,
		'tokens_cached' => self::LARGE,
		'claims'        => self::COUNT,
		'checked'       => self::COUNT,
		'hidden'        => self::COUNT,
	);

	/** Other numbers and the highest. */
	private const NUMBERS = array(
		'confidence' => 1,
		'cost_usd'   => Spent::MOST_USD,
	);

	private const FAILED_PAGES = 100_000;

	private const LOW_PAGES = 100;

	/** Pages and documents recognised with less confidence are to be checked; the agent names pages below the same figure. */
	public const LOW = 0.7;

	/** What a result names beside text and fields of Meta. */
	private const OTHERS = array( 'job_id', 'epoch', 'lease_token', 'result_id', 'attachment_id', 'source_sha256', 'title', 'summary_markdown', 'summary_blocks', 'pages_failed', 'pages_read', 'pages_low', 'pages_vision', 'warnings', 'instructed', 'spent', 'artifacts', 'checkpoint', 'timings', 'agent' );

	public function __construct( private readonly Adjustments $adjusted ) {}

	/** @return string[] Every field that a result may have. */
	public static function names(): array {
		return array_merge( self::OTHERS, array_keys( self::TEXTS ), array_keys( self::COUNTS ), array_keys( self::NUMBERS ) );
	}

	/**
	 * @param array<string,mixed> $body
	 * @return array<string,mixed> By the names of Meta::FIELDS; null where nothing was said.
	 */
	public function read( array $body ): array {
		$fields = array();
		foreach ( self::TEXTS as $name => $max ) {
			$fields[ $name ] = $this->text( $body[ $name ] ?? null, $name, $max );
		}
		foreach ( self::COUNTS as $name => $max ) {
			$number          = $this->number( $body[ $name ] ?? null, $name, $max, true );
			$fields[ $name ] = null === $number ? null : (int) $number;
		}
		foreach ( self::NUMBERS as $name => $max ) {
			$fields[ $name ] = $this->number( $body[ $name ] ?? null, $name, $max );
		}
		list( $fields['pages_first'], $fields['pages_last'] ) = $this->part( $body['pages_read'] ?? null );

		$fields['pages_failed'] = $this->pages( $body['pages_failed'] ?? null, 'pages_failed' );
		$seen                   = $this->pages( $body['pages_vision'] ?? null, 'pages_vision' );
		$fields['pages_vision'] = $seen ? $seen : null;
		$fields['pages_low']    = $this->low_pages( $body['pages_low'] ?? null );
		$fields['warnings']     = Warnings::read( $body['warnings'] ?? null, $this->adjusted );
		$fields['instructed']   = true === ( $body['instructed'] ?? null ) ? true : null;
		return $fields;
	}

	/** @return string|null Null where it is no text. */
	public function text( mixed $given, string $name, int $max ): ?string {
		if ( ! is_string( $given ) ) {
			if ( null !== $given ) {
				$this->adjusted->add( $name );
			}
			return null;
		}
		if ( mb_strlen( $given, 'UTF-8' ) > $max ) {
			$this->adjusted->add( $name );
		}
		return Text::clip( $given, $max );
	}

	private function number( mixed $given, string $name, int|float $max, bool $whole = false ): ?float {
		if ( null === $given ) {
			return null;
		}
		$number = is_numeric( $given ) ? (float) $given : null;
		$fitted = null === $number ? null : max( 0.0, min( (float) $max, $whole ? round( $number ) : $number ) );
		if ( is_string( $given ) || $fitted !== $number ) {
			$this->adjusted->add( $name );
		}
		return $fitted;
	}

	/** @return array{0:int|null,1:int|null} First and last page, where a part of the document was read. */
	private function part( mixed $given ): array {
		$given = $given instanceof \stdClass ? (array) $given : $given;
		$first = is_array( $given ) ? $given['first'] ?? null : null;
		$last  = is_array( $given ) ? $given['last'] ?? null : null;
		$sound = is_int( $first ) && is_int( $last ) && $first >= 1 && $last >= $first && $last <= self::COUNT;
		if ( null !== $given && ! $sound ) {
			$this->adjusted->add( 'pages_read' );
		}
		return $sound ? array( $first, $last ) : array( null, null );
	}

	/** @return int[] */
	private function pages( mixed $given, string $name ): array {
		$listed = is_array( $given ) ? $given : array();
		$pages  = array_filter( $listed, static fn( $page ): bool => is_int( $page ) && $page >= 0 && $page <= self::COUNT );
		if ( ( null !== $given && ! is_array( $given ) ) || count( $pages ) < count( $listed ) || count( $pages ) > self::FAILED_PAGES ) {
			$this->adjusted->add( $name );
		}
		return array_slice( array_values( $pages ), 0, self::FAILED_PAGES );
	}

	/** @return list<array{page:int,confidence:float}>|null Null where no page is named. */
	private function low_pages( mixed $given ): ?array {
		$listed = is_array( $given ) ? $given : array();
		$pages  = array_values( array_filter( array_map( array( self::class, 'low_page' ), $listed ) ) );
		if ( ( null !== $given && ! is_array( $given ) ) || count( $pages ) < count( $listed ) || count( $pages ) > self::LOW_PAGES ) {
			$this->adjusted->add( 'pages_low' );
		}
		return $pages ? array_slice( $pages, 0, self::LOW_PAGES ) : null;
	}

	/** @return array{page:int,confidence:float}|null */
	private static function low_page( mixed $given ): ?array {
		$page       = $given instanceof \stdClass ? $given->page ?? null : null;
		$confidence = $given instanceof \stdClass ? $given->confidence ?? null : null;
		$sound      = is_int( $page ) && $page >= 1 && $page <= self::COUNT && ( is_int( $confidence ) || is_float( $confidence ) ) && $confidence >= 0 && $confidence <= 1;
		return $sound ? array(
			'page'       => $page,
			'confidence' => (float) $confidence,
		) : null;
	}
}
