<?php
declare( strict_types=1 );

namespace AIDoc\Front;

/** One thing that the reader of a list can choose: a select of the form. */
final class Choice {

	/**
	 * @param string                   $what    Of ListRequest.
	 * @param array<int|string,string> $options Value → label with how many there are.
	 */
	public function __construct(
		public readonly string $what,
		public readonly string $label,
		public readonly string $any,
		public readonly string $chosen,
		public readonly array $options,
	) {}

	/** Nobody needs to choose from one. */
	public function is_worth_it(): bool {
		return count( $this->options ) > 1 || '' !== $this->chosen;
	}

	/** @param array<int|string,string> $labels */
	public static function counted( array $labels, array $counts ): array {
		$options = array();
		foreach ( $labels as $value => $label ) {
			if ( ( $counts[ $value ] ?? 0 ) > 0 ) {
				/* translators: 1: a type of file, a year or a folder, 2: how many documents there are of it. */
				$options[ $value ] = sprintf( _x( '%1$s (%2$s)', 'choice with its number of documents', 'ai-doc-pipeline' ), $label, number_format_i18n( $counts[ $value ] ) );
			}
		}
		return $options;
	}
}
