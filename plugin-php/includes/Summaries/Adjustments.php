<?php
declare( strict_types=1 );

namespace AIDoc\Summaries;

use AIDoc\Text;

/** Names what of a result was not as docs/protocol.md says and was changed or left out, for the log of events. */
final class Adjustments {

	/** So many are named; who wrote that agent needs no more. */
	private const NAMED = 6;

	/** @var array<string,true> Paths of fields. */
	private array $fields = array();

	/** @param string $field Its path, as in `summary_blocks[3].level`. */
	public function add( string $field ): void {
		if ( count( $this->fields ) <= self::NAMED ) {
			$this->fields[ Text::clip( $field, 45 ) ] = true;
		}
	}

	/** @return string One sentence; '' where all was as it should be. */
	public function sentence(): string {
		if ( ! $this->fields ) {
			return '';
		}
		$names = array_slice( array_keys( $this->fields ), 0, self::NAMED );
		$list  = implode( ', ', $names ) . ( count( $this->fields ) > self::NAMED ? ' …' : '' );
		/* translators: %s: names of fields */
		return sprintf( __( 'Parts of the result were not in the form of the protocol, and were changed or left out: %s. The agent may be newer than the plugin: update it.', 'ai-doc-pipeline' ), $list );
	}
}
