<?php
declare( strict_types=1 );

namespace AIDoc\Health;

use AIDoc\Agents\Agent;
use AIDoc\Agents\Repository as Agents;
use AIDoc\Auth\KeyRing;
use AIDoc\Clock;
use AIDoc\Jobs\Repository as Jobs;
use AIDoc\Media\AgentBlock;
use AIDoc\Queue\Line;

/** The plugin's section of Site Health's information, for people who help: no secret, no name of a document. */
final class Information {

	public function __construct(
		private readonly KeyRing $keys,
		private readonly Jobs $jobs,
		private readonly Agents $agents,
		private readonly Line $line,
		private readonly Clock $clock,
	) {}

	/** @param array<string,array> $info */
	public function add( array $info ): array {
		$counts  = $this->jobs->counts();
		$keys    = $this->keys->readability();
		$fields  = array(
			'version'  => array(
				'label' => __( 'Version', 'ai-doc-pipeline' ),
				'value' => AIDOC_VERSION,
			),
			'schema'   => array(
				'label' => __( 'Schema version', 'ai-doc-pipeline' ),
				'value' => (int) get_option( \AIDoc\Schema::OPTION ),
			),
			'database' => array(
				'label' => __( 'Database', 'ai-doc-pipeline' ),
				'value' => \AIDoc\Database::is_sqlite() ? 'SQLite' : 'MySQL',
			),
			'site'     => array(
				'label' => __( 'Address that agents sign for', 'ai-doc-pipeline' ),
				'value' => \AIDoc\Auth\SiteUrl::canonical(),
			),
			'agents'   => array(
				'label' => __( 'Active agents', 'ai-doc-pipeline' ),
				'value' => $this->agents->count_active(),
			),
			'keys'     => array(
				'label' => __( 'Keys (unreadable)', 'ai-doc-pipeline' ),
				'value' => "{$keys['total']} ({$keys['unreadable']})",
			),
			'cron'     => array(
				'label' => __( 'Next housekeeping', 'ai-doc-pipeline' ),
				'value' => (string) wp_next_scheduled( \AIDoc\Queue\Cron::HOOK ),
			),
		);
		$fields += $this->lately();
		foreach ( $counts as $state => $number ) {
			$fields[ "jobs_$state" ] = array(
				'label' => $state,
				'value' => $number,
			);
		}
		$info['ai-doc-pipeline'] = array(
			'label'  => 'AI Document Pipeline',
			'fields' => $fields,
		);
		return $info;
	}

	/** @return array<string,array{label:string,value:int|string}> */
	private function lately(): array {
		$now    = $this->clock->now_ms();
		$oldest = $this->line->oldest_ms();
		$online = array_filter( $this->agents->all(), static fn( Agent $agent ): bool => 'active' === $agent->state && AgentBlock::is_online( $agent, $now ) );
		return array(
			'online'       => array(
				'label' => __( 'Agents online', 'ai-doc-pipeline' ),
				'value' => count( $online ),
			),
			'versions'     => array(
				'label' => __( 'Versions of agents', 'ai-doc-pipeline' ),
				'value' => implode( ', ', array_unique( array_filter( array_map( static fn( Agent $agent ): string => $agent->version, $this->agents->all() ) ) ) ),
			),
			'oldest'       => array(
				'label' => __( 'Longest wait in seconds', 'ai-doc-pipeline' ),
				'value' => $oldest > 0 ? intdiv( max( 0, $now - $oldest ), 1000 ) : 0,
			),
			'finished_day' => array(
				'label' => __( 'Finished in the last 24 hours', 'ai-doc-pipeline' ),
				'value' => $this->line->finished_in( DAY_IN_SECONDS * 1000 ),
			),
			'clocks'       => array(
				'label' => __( 'Clock of the database minus this server’s, in milliseconds', 'ai-doc-pipeline' ),
				'value' => $now - $this->clock->wall_ms(),
			),
		);
	}
}
