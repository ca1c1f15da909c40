<?php

declare( strict_types=1 );

namespace AIDoc\Admin;

use AIDoc\Media\SummaryFacts;

/** Rows of the spending report, added up in the ways in which the page shows them. Pure. */
final class SpendingSummary {

	private const NOTHING = array(
		'documents' => 0,
		'tokens'    => 0,
		'usd'       => 0.0,
	);

	/** @var array<string,array{documents:int,tokens:int,usd:float}> By period, those without spending among them. */
	public readonly array $periods;

	/** @var array<string,array{documents:int,tokens:int,usd:float}> By who wrote the summaries, the dearest first. */
	public readonly array $models;

	/** @var array<string,array{documents:int,tokens:int,usd:float}> By name of the agent, the dearest first. */
	public readonly array $agents;

	/** @var array{documents:int,tokens:int,usd:float} */
	public readonly array $total;

	/** Documents that were summarised without a model, because the agent has none. */
	public readonly int $without;

	/** Documents that were summarised without a model, because it could not be paid or asked. */
	public readonly int $fallback;

	/**
	 * @param list<array<string,mixed>> $rows  See Queue\SpendingReport::rows().
	 * @param array<int,string>         $names Agent → name.
	 */
	public function __construct( array $rows, SpendingRange $range, array $names ) {
		$periods = array_map( static fn(): array => self::NOTHING, $range->periods );
		$models  = array();
		$agents  = array();
		$total   = self::NOTHING;
		foreach ( $rows as $row ) {
			$period             = $range->period( $row['day'] );
			$model              = self::writer( $row );
			$agent              = self::agent( $row['agent_id'], $names );
			$periods[ $period ] = self::add( $periods[ $period ] ?? self::NOTHING, $row );
			$models[ $model ]   = self::add( $models[ $model ] ?? self::NOTHING, $row );
			$agents[ $agent ]   = self::add( $agents[ $agent ] ?? self::NOTHING, $row );
			$total              = self::add( $total, $row );
		}
		$this->periods  = $periods;
		$this->models   = self::dearest( $models );
		$this->agents   = self::dearest( $agents );
		$this->total    = $total;
		$this->fallback = self::count( $rows, static fn( array $row ): bool => '' !== $row['fallback'] );
		$this->without  = self::count( $rows, static fn( array $row ): bool => '' === $row['fallback'] && 'extractive' === $row['provider'] );
	}

	/** @param array<string,mixed> $row */
	public static function writer( array $row ): string {
		if ( ! $row['result'] ) {
			return __( 'No summary: failed, given back, or still held', 'ai-doc-pipeline' );
		}
		$writer = SummaryFacts::writer( $row['provider'], $row['model'], $row['fallback'] );
		return '' === $writer ? __( 'Not told by the agent', 'ai-doc-pipeline' ) : $writer;
	}

	/** @param array<int,string> $names */
	public static function agent( int $id, array $names ): string {
		/* translators: %d: number of an agent. */
		return $names[ $id ] ?? sprintf( __( 'Deleted agent %d', 'ai-doc-pipeline' ), $id );
	}

	/** A document whose first lease failed and whose second one succeeded is one document. */
	private static function add( array $sum, array $row ): array {
		return array(
			'documents' => $sum['documents'] + ( $row['result'] ? $row['documents'] : 0 ),
			'tokens'    => $sum['tokens'] + $row['tokens'],
			'usd'       => $sum['usd'] + $row['usd'],
		);
	}

	private static function dearest( array $sums ): array {
		uasort( $sums, static fn( array $a, array $b ): int => array( $b['usd'], $b['documents'] ) <=> array( $a['usd'], $a['documents'] ) );
		return $sums;
	}

	private static function count( array $rows, callable $fits ): int {
		return array_sum( array_map( static fn( array $row ): int => $row['result'] && $fits( $row ) ? $row['documents'] : 0, $rows ) );
	}
}
