<?php
declare( strict_types=1 );

namespace AIDoc\Summaries;

/** The lines of a text one after the other, with one ahead: no list of them is made, which would cost many times the text. */
final class Lines {

	private ?string $line;
	private ?string $ahead;
	private int $at = 0;

	public function __construct( private readonly string $text ) {
		$this->line  = $this->cut();
		$this->ahead = $this->cut();
	}

	/** Null after the last. */
	public function line(): ?string {
		return $this->line;
	}

	public function ahead(): ?string {
		return $this->ahead;
	}

	public function advance(): void {
		$this->line  = $this->ahead;
		$this->ahead = $this->cut();
	}

	private function cut(): ?string {
		$length = strlen( $this->text );
		if ( $this->at > $length ) {
			return null;
		}
		$start    = $this->at;
		$end      = strpos( $this->text, "\n", $start );
		$end      = false === $end ? $length : $end;
		$this->at = $end + 1;
		return substr( $this->text, $start, $end - $start );
	}
}
