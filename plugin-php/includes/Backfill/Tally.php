<?php
declare( strict_types=1 );

namespace AIDoc\Backfill;

/** What a backfill has found so far. A value: adding makes another. */
final class Tally {

	/**
	 * @param int                                        $seen    Documents looked at.
	 * @param int                                        $queued  Of them queued; in a dry run, those that would be.
	 * @param int                                        $skipped Of another size, photographs, or queued by somebody else meanwhile.
	 * @param array<string,array{n:int,sentence:string}> $refused By error code: what cannot be read. The sentence is that of the first.
	 * @param int                                        $bytes   Of what is queued.
	 * @param int                                        $pages   Of what is queued, as far as earlier readings have told.
	 * @param int                                        $paged   How many documents that is known of.
	 * @param array<string,int>                          $mimes   Number queued by type.
	 */
	public function __construct(
		public readonly int $seen = 0,
		public readonly int $queued = 0,
		public readonly int $skipped = 0,
		public readonly array $refused = array(),
		public readonly int $bytes = 0,
		public readonly int $pages = 0,
		public readonly int $paged = 0,
		public readonly array $mimes = array(),
	) {}

	public static function from_json( string $json ): self {
		$read = json_decode( $json, true );
		$read = is_array( $read ) ? $read : array();
		$int  = static fn( string $name ): int => (int) ( $read[ $name ] ?? 0 );
		return new self( $int( 'seen' ), $int( 'queued' ), $int( 'skipped' ), (array) ( $read['refused'] ?? array() ), $int( 'bytes' ), $int( 'pages' ), $int( 'paged' ), array_map( 'intval', (array) ( $read['mimes'] ?? array() ) ) );
	}

	public function json(): string {
		return (string) wp_json_encode( get_object_vars( $this ) );
	}

	public function plus( self $other ): self {
		$refused = $this->refused;
		foreach ( $other->refused as $code => $one ) {
			$refused[ $code ] = array(
				'n'        => ( $refused[ $code ]['n'] ?? 0 ) + $one['n'],
				'sentence' => $refused[ $code ]['sentence'] ?? $one['sentence'],
			);
		}
		$mimes = $this->mimes;
		foreach ( $other->mimes as $mime => $number ) {
			$mimes[ $mime ] = ( $mimes[ $mime ] ?? 0 ) + $number;
		}
		return new self( $this->seen + $other->seen, $this->queued + $other->queued, $this->skipped + $other->skipped, $refused, $this->bytes + $other->bytes, $this->pages + $other->pages, $this->paged + $other->paged, $mimes );
	}

	public function refusals(): int {
		return array_sum( array_column( $this->refused, 'n' ) );
	}
}
