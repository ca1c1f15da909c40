<?php
declare( strict_types=1 );

namespace AIDoc\Network;

use AIDoc\Admin\Screens;

/** The screen of the network's administrators: all sites, what waits there, their agents, and what was spent. */
final class Page {

	public const SLUG       = 'aidoc-network';
	public const CAPABILITY = 'manage_sites';
	public const PER_PAGE   = 20;

	public function __construct( private readonly Overview $overview ) {}

	public function register(): void {
		add_action( 'network_admin_menu', array( $this, 'add_page' ) );
	}

	public function add_page(): void {
		$hook = add_submenu_page( 'sites.php', __( 'Document Summaries', 'ai-doc-pipeline' ), __( 'Document Summaries', 'ai-doc-pipeline' ), self::CAPABILITY, self::SLUG, array( $this, 'render' ) );
		if ( $hook ) {
			add_action( 'admin_print_styles-' . $hook, static fn() => Screens::enqueue() );
			add_action( 'load-' . $hook, array( $this, 'add_help' ) );
		}
	}

	public function add_help(): void {
		get_current_screen()->add_help_tab(
			array(
				'id'      => 'aidoc-help',
				'title'   => __( 'Overview', 'ai-doc-pipeline' ),
				'content' => '<p>' . esc_html__( 'Each site has its own queue, agents, settings and caps: choose a site to see them. New sites get their tables when the plugin is active for the whole network. Amounts are US dollars since the first of this month (UTC).', 'ai-doc-pipeline' ) . '</p>',
			)
		);
	}

	public function render(): void {
		if ( ! current_user_can( self::CAPABILITY ) ) {
			wp_die( esc_html__( 'You are not allowed to see the sites of this network.', 'ai-doc-pipeline' ), '', array( 'response' => 403 ) );
		}
		$total = (int) get_sites( array( 'count' => true ) );
		$pages = max( 1, (int) ceil( $total / self::PER_PAGE ) );
		$page  = max( 1, min( $pages, absint( Screens::asked( 'paged' ) ) ) );
		Screens::render(
			'network',
			array(
				'rows'  => $this->rows( $page ),
				'total' => $total,
				'page'  => $page,
				'pages' => $pages,
			)
		);
	}

	/** @return list<array{name:string,url:string,queue:string,facts:array<string,int|float>|null,state:string}> */
	public function rows( int $page ): array {
		$sites = get_sites(
			array(
				'number' => self::PER_PAGE,
				'offset' => self::PER_PAGE * ( $page - 1 ),
			)
		);
		$facts = $this->overview->of( array_map( static fn( \WP_Site $site ): int => (int) $site->blog_id, $sites ), 1000 * (int) gmmktime( 0, 0, 0, (int) gmdate( 'n' ), 1 ) );
		return array_map(
			static fn( \WP_Site $site ): array => array(
				'name'  => $site->blogname,
				'url'   => $site->domain . $site->path,
				'queue' => add_query_arg( 'page', Screens::QUEUE, $site->siteurl . '/wp-admin/' . Screens::PARENT ),
				'facts' => $facts[ (int) $site->blog_id ] ?? null,
				'state' => self::state( $facts[ (int) $site->blog_id ] ?? null ),
			),
			array_values( $sites )
		);
	}

	/** @param array<string,int|float>|null $facts */
	private static function state( ?array $facts ): string {
		return match ( true ) {
			null === $facts                            => __( 'The plugin is not in use here.', 'ai-doc-pipeline' ),
			$facts['queued'] > 0 && ! $facts['agents'] => __( 'Documents wait, and no agent has joined.', 'ai-doc-pipeline' ),
			$facts['queued'] > 0 && ! $facts['online'] => __( 'Documents wait, and no agent is online.', 'ai-doc-pipeline' ),
			! $facts['agents']                         => __( 'No agent has joined.', 'ai-doc-pipeline' ),
			! $facts['online']                         => __( 'No agent is online.', 'ai-doc-pipeline' ),
			$facts['queued'] + $facts['leased'] > 0    => __( 'Documents are being read.', 'ai-doc-pipeline' ),
			default                                    => __( 'Nothing waits.', 'ai-doc-pipeline' ),
		};
	}
}
