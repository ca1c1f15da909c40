<?php
declare( strict_types=1 );

namespace AIDoc\Summaries;

/** Keeps of an agent's blocks what a post takes, in their order; the first that is too much ends it. */
final class Abridger {

	private function __construct( private readonly Allowance $allowance ) {}

	/**
	 * @param list<array<string,mixed>> $blocks As Blocks::read() checks them.
	 * @return list<array<string,mixed>>
	 */
	public static function abridge( array $blocks ): array {
		$abridger = new self( new Allowance() );
		$kept     = array();
		foreach ( $blocks as $block ) {
			if ( $abridger->allowance->block() ) {
				$kept[] = $abridger->block( $block );
			}
		}
		if ( $abridger->allowance->is_spent() ) {
			$kept[] = Allowance::rest_left_out();
		}
		return $kept;
	}

	private function block( array $block ): array {
		return match ( $block['type'] ) {
			'list'  => array( 'items' => $this->items( $block['items'] ) ) + $block,
			'code'  => array( 'text' => $this->allowance->text( $block['text'] ) ) + $block,
			'table' => $this->table( $block['header'] ?? array(), $block['rows'] ?? array() ) + $block,
			default => array( 'runs' => $this->runs( $block['runs'] ) ) + $block,
		};
	}

	private function items( array $items ): array {
		$kept = array();
		foreach ( $items as $runs ) {
			if ( ! $this->allowance->pieces() ) {
				break;
			}
			$kept[] = $this->runs( $runs );
		}
		return $kept;
	}

	private function table( array $header, array $rows ): array {
		$grid = new Grid( $this->allowance );
		$kept = array(
			'header' => array(),
			'rows'   => array(),
		);
		if ( $grid->row( count( $header ) ) ) {
			$kept['header'] = array_map( array( $this, 'runs' ), $header );
		}
		foreach ( $rows as $row ) {
			if ( ! $grid->row( count( $row ) ) ) {
				break;
			}
			$kept['rows'][] = array_map( array( $this, 'runs' ), $row );
		}
		return $kept;
	}

	private function runs( array $runs ): array {
		$kept = array();
		foreach ( $runs as $run ) {
			// Each line break becomes a tag.
			if ( ! $this->allowance->pieces( 1 + substr_count( $run['text'], "\n" ) ) ) {
				break;
			}
			$run['text'] = $this->allowance->text( $run['text'] );
			$kept[]      = $run;
		}
		return $kept;
	}
}
