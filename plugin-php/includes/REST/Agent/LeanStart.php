<?php
declare( strict_types=1 );

namespace AIDoc\REST\Agent;

use AIDoc\Front\Blocks;
use AIDoc\Summaries\Meta;

/**
 * What WordPress makes ready for pages and editors, left out of requests of agents: its own routes, widgets and blocks, block patterns of the
 * theme. Hooks and routes of plugins run as in every request.
 */
final class LeanStart {

	/** Until when nothing is left out, in seconds of the clock; see look_back(). Read with the options of the site, and mostly not there. */
	public const OPTION = 'aidoc_full_until';

	/** Of WordPress, by hook: function and priority. */
	private const SPARED = array(
		'init'         => array( '_register_theme_block_patterns' => 10 ),
		'widgets_init' => array( '_wp_block_theme_register_classic_sidebars' => 1 ),
	);

	/** Besides, where nothing is written that a plugin may render, blocks: WordPress' own have functions of this prefix. */
	private const BLOCK  = 'register_block_core_';
	private const BLOCKS = array(
		'init' => array(
			'register_core_block_style_handles'       => 9,
			'register_core_block_types_from_metadata' => 10,
			Meta::class . '::register_fields'         => 11,
		),
	);

	private const ROUTES          = 'create_initial_rest_routes';
	private const ROUTES_PRIORITY = 99;

	private bool $wanted = false;

	/** @var \Closure|null Registers what was left out. */
	private ?\Closure $left = null;

	/** @param string $uri The address that was asked for, path and query, as it came. */
	public function __construct( private readonly string $uri ) {}

	/** To be called when plugins are loaded. */
	public function register(): void {
		add_action( 'init', array( $this, 'begin' ), PHP_INT_MIN );
		add_filter( 'rest_pre_dispatch', array( $this, 'catch_up' ), PHP_INT_MIN, 3 );
	}

	public function begin(): void {
		$route = self::route( $this->uri );
		if ( ! AgentRoutes::is_ours( $route ) || ( defined( 'ALTERNATE_WP_CRON' ) && ALTERNATE_WP_CRON ) ) { // Which does in such a request what else has one of its own.
			return;
		}
		/**
		 * Whether requests of agents go without what WordPress makes ready for pages and editors: with it, they take about half as long again.
		 *
		 * @param bool   $lean  True, unless such a request has broken within the last day.
		 * @param string $route Such as `/aidoc/v1/lease`.
		 */
		$this->wanted = (bool) apply_filters( 'aidoc_lean_agent_requests', (int) ( wp_load_alloptions()[ self::OPTION ] ?? 0 ) < time(), $route );
		if ( ! $this->wanted ) {
			return;
		}
		register_shutdown_function( array( $this, 'look_back' ) );
		if ( remove_action( 'init', 'wp_widgets_init', 1 ) ) {
			// Widgets of plugins are registered as ever: some do more on that hook.
			add_action( 'init', static fn() => do_action( 'widgets_init' ), 1 ); // phpcs:ignore WordPress.NamingConventions.PrefixAllGlobals.NonPrefixedHooknameFound -- WordPress' own, in the place of wp_widgets_init().
		}
		self::remove( self::SPARED );
		if ( ! in_array( $route, array( AgentRoutes::RESULT, AgentRoutes::RESULTS ), true ) ) {
			self::remove( self::BLOCKS );
			self::remove_blocks();
		}
	}

	/** A plugin or theme may count on what was left out, and break: for a day it finds all. The agent asks again. */
	public function look_back(): void {
		$error = error_get_last();
		if ( $error && in_array( $error['type'], array( E_ERROR, E_RECOVERABLE_ERROR, E_USER_ERROR ), true ) ) {
			update_option( self::OPTION, time() + DAY_IN_SECONDS, true );
		}
	}

	private static function remove_blocks(): void {
		foreach ( $GLOBALS['wp_filter']['init'][10] ?? array() as $hooked ) {
			$function = $hooked['function'];
			if ( is_string( $function ) ? str_starts_with( $function, self::BLOCK ) : is_array( $function ) && $function[0] instanceof Blocks ) {
				remove_action( 'init', $function );
			}
		}
	}

	/** @param array<string,array<string,int>> $hooks As SPARED. */
	private static function remove( array $hooks ): void {
		foreach ( $hooks as $hook => $functions ) {
			foreach ( $functions as $function => $priority ) {
				remove_action( $hook, $function, $priority );
			}
		}
	}

	/**
	 * Leaves out WordPress' routes, and others, where the request that came is for a route of agents.
	 *
	 * @param \Closure():void $others Registers routes that no agent asks for.
	 */
	public function spare_routes( \Closure $others ): void {
		$route = untrailingslashit( (string) ( $GLOBALS['wp']->query_vars['rest_route'] ?? '' ) );
		$spared = $this->wanted && AgentRoutes::is_ours( $route ) && ( $this->left || remove_action( 'rest_api_init', self::ROUTES, self::ROUTES_PRIORITY ) );
		if ( ! $spared ) {
			$others();
			return;
		}
		$this->left = static function () use ( $others ): void {
			add_action( 'rest_api_init', self::ROUTES, self::ROUTES_PRIORITY ); // For another server.
			( self::ROUTES )();
			$others();
		};
	}

	/**
	 * Some plugin asks for another route within the request of an agent.
	 *
	 * @param mixed            $result
	 * @param \WP_REST_Server  $server
	 * @param \WP_REST_Request $request
	 * @return mixed
	 */
	public function catch_up( $result, $server, $request ) {
		if ( $this->left && ! AgentRoutes::is_ours( $request->get_route() ) ) {
			list( $all, $this->left ) = array( $this->left, null );
			$all();
		}
		return $result;
	}

	/** @return string What WordPress can only take this request for, where it is a route of agents; else '' or whatever was asked for. */
	private static function route( string $uri ): string {
		if ( filter_has_var( INPUT_POST, 'rest_route' ) ) {
			return ''; // A field of a form counts more than the address, and no agent sends one.
		}
		list( $path, $query ) = explode( '?', $uri, 2 ) + array( 1 => '' );
		wp_parse_str( $query, $given );
		if ( isset( $given['rest_route'] ) ) { // It counts more than the path.
			return is_string( $given['rest_route'] ) ? untrailingslashit( $given['rest_route'] ) : '';
		}
		$path   = rawurldecode( $path );
		$prefix = '/' . trim( rest_get_url_prefix(), '/' );
		$at     = strrpos( $path, $prefix . '/' . AgentRoutes::NAMESPACE . '/' );
		return false === $at ? '' : untrailingslashit( substr( $path, $at + strlen( $prefix ) ) );
	}
}
