<?php
declare( strict_types=1 );

namespace AIDoc\Summaries;

/**
 * The budget of one summary. Each part is taken from it before it is built, so that memory stays bounded whatever an agent
 * sends. What is beyond is left out, and the last block says so.
 */
final class Allowance {

	public const BLOCKS = 500;

	/** Runs of text, lines of quotes, items of lists, and cells of tables, those included that only fill a row up. */
	public const PIECES = 20_000;

	/** Of text; the agent reads no more of a model's answer either. */
	public const BYTES = 1_048_576;

	private int $blocks = 0;
	private int $pieces = 0;
	private int $bytes  = 0;
	private bool $spent = false;

	public function block(): bool {
		return $this->take( $this->blocks, 1, self::BLOCKS );
	}

	public function pieces( int $count = 1 ): bool {
		return $this->take( $this->pieces, $count, self::PIECES );
	}

	/** As much of a text as is still taken. */
	public function text( string $text ): string {
		if ( $this->take( $this->bytes, strlen( $text ), self::BYTES ) ) {
			return $text;
		}
		$start       = mb_strcut( $text, 0, self::BYTES - $this->bytes, 'UTF-8' );
		$this->bytes = self::BYTES;
		return $start;
	}

	/** Once something was refused, what comes after it would stand out of its place. */
	public function is_spent(): bool {
		return $this->spent;
	}

	/** @return array<string,mixed> The block that says it. */
	public static function rest_left_out(): array {
		return array(
			'type' => 'paragraph',
			'runs' => array(
				array(
					'text'   => __( '… The rest is left out here: this summary is longer than a post takes.', 'ai-doc-pipeline' ),
					'italic' => true,
				),
			),
		);
	}

	private function take( int &$used, int $amount, int $limit ): bool {
		if ( $this->spent || $used + $amount > $limit ) {
			$this->spent = true;
			return false;
		}
		$used += $amount;
		return true;
	}
}
