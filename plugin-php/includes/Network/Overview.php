<?php
declare( strict_types=1 );

namespace AIDoc\Network;

use AIDoc\Clock;
use AIDoc\Database;

/**
 * Repository of how the sites of a network do: two queries for a page of sites, whatever the number of sites, and no switching to any of them.
 */
final class Overview {

	/** As AgentBlock counts an agent as online. */
	private const ONLINE_MS = 180_000;

	public function __construct( private readonly Clock $clock ) {}

	/**
	 * @param int[] $blogs    At most a page of them.
	 * @param int   $since_ms From when on spending counts.
	 * @return array<int,array{queued:int,leased:int,failed:int,agents:int,online:int,usd:float}> By blog; a site that has no tables of the plugin is missing.
	 */
	public function of( array $blogs, int $since_ms ): array {
		$blogs = array_values( array_filter( $blogs, $this->has_tables( $blogs ) ) );
		if ( ! $blogs ) {
			return array();
		}
		$facts = array();
		foreach ( Database::rows( implode( ' UNION ALL ', array_map( fn( int $blog ): string => $this->select( $blog, $since_ms ), $blogs ) ) ) as $row ) {
			$facts[ (int) $row['blog'] ] = array(
				'queued' => (int) $row['queued'],
				'leased' => (int) $row['leased'],
				'failed' => (int) $row['failed'],
				'agents' => (int) $row['agents'],
				'online' => (int) $row['present'],
				'usd'    => (int) $row['nano'] / 1e9,
			);
		}
		return $facts;
	}

	private function select( int $blog, int $since_ms ): string {
		$jobs   = $this->table( $blog, 'jobs' );
		$agents = $this->table( $blog, 'agents' );
		$spent  = $this->table( $blog, 'spending' );
		$online = $this->clock->sql() . ' - ' . self::ONLINE_MS;
		return "SELECT $blog AS blog, (SELECT COUNT(*) FROM $jobs WHERE state = 'queued') AS queued, (SELECT COUNT(*) FROM $jobs WHERE state = 'leased') AS leased, (SELECT COUNT(*) FROM $jobs WHERE state = 'failed') AS failed,
			(SELECT COUNT(*) FROM $agents WHERE state = 'active') AS agents, (SELECT COUNT(*) FROM $agents WHERE state = 'active' AND stopped_at = 0 AND last_seen_at > $online) AS present,
			(SELECT COALESCE(SUM(usd_nano), 0) FROM $spent WHERE at_ms >= $since_ms) AS nano";
	}

	/**
	 * @param int[] $blogs
	 * @return \Closure(int):bool
	 */
	private function has_tables( array $blogs ): \Closure {
		$names  = array_map( fn( int $blog ): string => $this->table( $blog, 'spending' ), $blogs );
		$tables = array();
		foreach ( $names ? Database::rows( 'SHOW TABLES LIKE %s', Database::wpdb()->esc_like( Database::wpdb()->base_prefix ) . '%' . Database::wpdb()->esc_like( 'aidoc_spending' ) ) : array() as $row ) {
			$tables[ (string) current( $row ) ] = true;
		}
		return fn( int $blog ): bool => isset( $tables[ $this->table( $blog, 'spending' ) ] );
	}

	private function table( int $blog, string $name ): string {
		return Database::wpdb()->get_blog_prefix( $blog ) . 'aidoc_' . $name;
	}
}
