<?php
declare( strict_types=1 );

namespace AIDoc;

use AIDoc\Queue\Cron;
use AIDoc\Queue\Doorbell;

/** Activation, deactivation, and blogs that come and go in a network. */
final class Lifecycle {

	/** The blog that this request came to. */
	private static int $home = 0;

	public static function activate( bool $network_wide = false ): void {
		self::each_site( $network_wide, array( self::class, 'set_up_site' ) );
	}

	public static function deactivate( bool $network_wide = false ): void {
		self::each_site( $network_wide, array( self::class, 'clear_schedules' ) );
	}

	public static function register(): void {
		self::$home = get_current_blog_id();
		// After core's own 10: only then has the new blog its options table.
		add_action( 'wp_initialize_site', array( self::class, 'on_new_site' ), 20 );
		add_filter( 'wpmu_drop_tables', array( self::class, 'on_drop_tables' ) );
	}

	public static function set_up_site(): void {
		Schema::maybe_upgrade();
		Settings::make_room();
		Cron::schedule();
	}

	private static function clear_schedules(): void {
		wp_clear_scheduled_hook( Cron::HOOK );
		wp_clear_scheduled_hook( Cron::INDEX_TEXTS );
		Backfill\Schedule::clear();
	}

	public static function on_new_site( \WP_Site $site ): void {
		require_once ABSPATH . 'wp-admin/includes/plugin.php';
		if ( is_plugin_active_for_network( plugin_basename( AIDOC_FILE ) ) ) {
			self::on_site( (int) $site->blog_id, array( self::class, 'set_up_site' ) );
		}
	}

	/**
	 * @param string[] $tables
	 * @return string[]
	 */
	public static function on_drop_tables( array $tables ): array {
		return array_merge( $tables, Database::tables() );
	}

	/** Removes what the plugin made on one blog. Summaries are people's text: they stay unless the setting says otherwise. */
	public static function remove_site( Settings $settings ): void {
		if ( $settings->get( 'delete_data_on_uninstall' ) ) {
			Summaries\Cleanup::delete_all();
			delete_post_meta_by_key( Jobs\LocalOnly::FIELD );
		}
		( new Doorbell() )->remove();
		self::clear_schedules();
		delete_post_meta_by_key( Search\Holders::FIELD );
		Schema::drop();
		foreach ( array( Settings::OPTION, Settings::LEGACY_SECRET, Doorbell::OPTION, Queue\Unclaimable::OPTION, REST\Agent\LeanStart::OPTION ) as $option ) {
			delete_option( $option );
		}
		Schema::delete_transients();
		Schema::delete_user_options();
	}

	/** @param callable():void $work */
	public static function each_site( bool $network_wide, callable $work ): void {
		if ( ! is_multisite() || ! $network_wide ) {
			$work();
			return;
		}
		$all = array(
			'fields' => 'ids',
			'number' => 0,
		);
		foreach ( get_sites( $all ) as $id ) {
			self::on_site( (int) $id, $work );
		}
	}

	/**
	 * Does the work where it belongs, whatever blog is current; not at all where that blog is gone.
	 *
	 * @param callable():mixed $work
	 */
	public static function on_site( int $blog, callable $work ): void {
		if ( ! is_multisite() || get_current_blog_id() === $blog ) {
			$work();
		} elseif ( get_site( $blog ) ) {
			switch_to_blog( $blog );
			try {
				$work();
			} finally {
				restore_current_blog();
			}
		}
	}

	/** Whether the current blog uses the plugin. Its code runs for the blog of the request, and a request may switch to others. */
	public static function is_active_here(): bool {
		$plugin = plugin_basename( AIDOC_FILE );
		return ! is_multisite()
			|| get_current_blog_id() === self::$home
			|| isset( get_site_option( 'active_sitewide_plugins', array() )[ $plugin ] )
			|| in_array( $plugin, (array) get_option( 'active_plugins', array() ), true );
	}
}
