<?php
declare( strict_types=1 );

namespace AIDoc\Health;

use AIDoc\Queue\Cron;

/** Whether WP-Cron comes by. Agents' requests do its work too, so a site without it works while agents ask. */
final class CronCheck extends Check {

	/** Three rounds of five minutes, and what a site without visitors may be late. */
	private const LATE_S = HOUR_IN_SECONDS;

	public function name(): string {
		return 'aidoc_cron';
	}

	public function label(): string {
		return __( 'Document queue housekeeping', 'ai-doc-pipeline' );
	}

	public function run(): array {
		$next = wp_next_scheduled( Cron::HOOK );
		$also = __( 'While agents ask for work their requests tidy up as well; without either, documents of lost agents stay where they are and backfills stand still.', 'ai-doc-pipeline' );
		if ( false === $next ) {
			return $this->found( self::RECOMMENDED, __( 'Housekeeping of the document queue is not scheduled', 'ai-doc-pipeline' ), __( 'Deactivate and activate the plugin once to schedule it again. If it goes missing once more, another plugin removes it.', 'ai-doc-pipeline' ), $also );
		}
		if ( $next < time() - self::LATE_S ) {
			/* translators: %s: a length of time such as "3 hours" */
			$late = sprintf( __( 'Housekeeping was due %s ago: WP-Cron does not run.', 'ai-doc-pipeline' ), human_time_diff( $next ) );
			$how  = defined( 'DISABLE_WP_CRON' ) && DISABLE_WP_CRON ? __( 'DISABLE_WP_CRON is set in wp-config.php: have the server’s scheduler call wp-cron.php every five minutes.', 'ai-doc-pipeline' ) : __( 'Have the server’s scheduler call wp-cron.php every five minutes, or find out what blocks requests of this site to itself.', 'ai-doc-pipeline' );
			return $this->found( self::RECOMMENDED, __( 'Scheduled events of this site do not run', 'ai-doc-pipeline' ), $late, $how, $also );
		}
		return $this->found( self::GOOD, __( 'Housekeeping of the document queue runs', 'ai-doc-pipeline' ), $also );
	}
}
