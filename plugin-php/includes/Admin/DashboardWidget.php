<?php

declare( strict_types=1 );

namespace AIDoc\Admin;

use AIDoc\DatabaseError;
use AIDoc\Queue\Overview;
use AIDoc\Rights;
use AIDoc\Settings;

/** The queue in a few numbers on the dashboard, each a link to where something can be done about it. */
final class DashboardWidget {

	public const ID = 'aidoc_overview';

	public function __construct(
		private readonly Overview $overview,
		private readonly Settings $settings,
	) {}

	public function register(): void {
		add_action( 'wp_dashboard_setup', array( $this, 'add' ) );
	}

	public function add(): void {
		if ( Rights::has( Rights::QUEUE ) ) {
			wp_add_dashboard_widget( self::ID, __( 'Documents', 'ai-doc-pipeline' ), array( $this, 'render' ) );
			add_action( 'admin_print_styles-index.php', static fn () => Screens::enqueue() );
		}
	}

	public function render(): void {
		try {
			$numbers = $this->overview->numbers();
		} catch ( DatabaseError $error ) {
			echo '<p>' . esc_html__( 'The numbers cannot be read now. Site Health says more.', 'ai-doc-pipeline' ) . '</p>';
			return;
		}
		Screens::render(
			'dashboard',
			array(
				'numbers'  => $numbers,
				'cap'      => (float) $this->settings->get( 'max_usd_day' ),
				'spending' => Rights::has( Rights::SPENDING ),
				'agents'   => Rights::has( Rights::AGENTS ),
			)
		);
	}
}
