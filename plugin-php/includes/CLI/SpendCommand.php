<?php
declare( strict_types=1 );

namespace AIDoc\CLI;

use AIDoc\Agents\Repository as Agents;
use AIDoc\Clock;
use AIDoc\Queue\Budgets;
use AIDoc\Queue\SpendingReport;
use AIDoc\Schema;

/** What models have cost. */
final class SpendCommand {

	private const FIELDS = array( 'period', 'agent', 'documents', 'tokens', 'usd' );

	public function __construct(
		private readonly SpendingReport $report,
		private readonly Budgets $budgets,
		private readonly Agents $agents,
		private readonly Clock $clock,
	) {}

	/**
	 * Says what models have cost, as agents have told it.
	 *
	 * ## OPTIONS
	 *
	 * [--by=<what>]
	 * : day, month or agent.
	 * ---
	 * default: day
	 * ---
	 *
	 * [--days=<number>]
	 * : How far back, in days, from 1 to 400.
	 * ---
	 * default: 30
	 * ---
	 *
	 * [--fields=<fields>]
	 * : Of period, agent, documents, tokens, usd.
	 *
	 * [--format=<format>]
	 * : table, json, csv, yaml, count or ids (periods, or agents).
	 *
	 * ## EXAMPLES
	 *
	 *     $ wp aidoc spend --by=month --days=365
	 *     $ wp aidoc spend --by=agent --format=csv
	 *
	 * @param string[]             $args
	 * @param array<string,string> $options
	 */
	public function __invoke( array $args, array $options = array() ): void {
		Schema::maybe_upgrade();
		$by   = (string) ( $options['by'] ?? 'day' );
		$days = (string) ( $options['days'] ?? '30' );
		if ( ! in_array( $by, array( 'day', 'month', 'agent' ), true ) ) {
			\WP_CLI::error( __( 'Spending is listed by day, month or agent.', 'ai-doc-pipeline' ) );
			return;
		}
		if ( ! ctype_digit( $days ) || (int) $days < 1 || (int) $days > 400 ) {
			\WP_CLI::error( __( 'The number of days is from 1 to 400.', 'ai-doc-pipeline' ) );
			return;
		}
		$fields = 'agent' === $by ? array( 'agent', 'documents', 'tokens', 'usd' ) : array( 'period', 'documents', 'tokens', 'usd' );
		Output::rows( $this->rows( $by, (int) $days ), $fields, $options );
		$reached = $this->budgets->reached();
		if ( null !== $reached && Output::is_for_people( $options ) ) {
			\WP_CLI::warning( $reached );
		}
	}

	/** @return list<array{period:string,agent:string,documents:int,tokens:int,usd:float}> */
	private function rows( string $by, int $days ): array {
		$names = array();
		foreach ( $this->agents->all() as $agent ) {
			$names[ $agent->id ] = $agent->name;
		}
		$now  = $this->clock->now_ms();
		$rows = array();
		foreach ( $this->report->by_day_and_agent( $now - $days * DAY_IN_SECONDS * 1000, $now + 1 ) as $one ) {
			$period = match ( $by ) {
				'day'   => $one['day'],
				'month' => substr( $one['day'], 0, 7 ),
				'agent' => '',
			};
			$agent = 'agent' === $by ? $names[ $one['agent_id'] ] ?? '#' . $one['agent_id'] : '';
			$row   = $rows[ "$period|$agent" ] ?? array_combine( self::FIELDS, array( $period, $agent, 0, 0, 0.0 ) );

			$row['documents']        += $one['documents'];
			$row['tokens']           += $one['tokens'];
			$row['usd']               = round( $row['usd'] + $one['usd'], 6 );
			$rows[ "$period|$agent" ] = $row;
		}
		ksort( $rows );
		return array_values( $rows );
	}
}
