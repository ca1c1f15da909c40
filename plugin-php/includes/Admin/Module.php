<?php
declare( strict_types=1 );

namespace AIDoc\Admin;

use AIDoc\Jobs\LatestState;
use AIDoc\Media\Assets;
use AIDoc\Media\BulkActions;
use AIDoc\Media\Column;
use AIDoc\Media\Details;
use AIDoc\Media\LocalOnlyField;
use AIDoc\Media\PagesField;
use AIDoc\Media\Presence;
use AIDoc\Media\QueueLook;
use AIDoc\Media\StateFilter;
use AIDoc\Media\Statuses;
use AIDoc\Media\SummaryBox;
use AIDoc\Network\Overview;
use AIDoc\Network\Page;
use AIDoc\Plugin;
use AIDoc\Privacy\Policy;
use AIDoc\Queue\MeanCost;
use AIDoc\Review\EditorAssets;
use AIDoc\Review\Facets;
use AIDoc\Review\ListColumns;
use AIDoc\Review\ListFilters;
use AIDoc\Review\ListOrder;
use AIDoc\Review\RevisionLabels;
use AIDoc\Summaries\Export;
use AIDoc\Summaries\Titles;

/** The part of the composition root that requests of wp-admin need: what people see there. */
final class Module {

	public function __construct( private readonly Plugin $plugin ) {}

	public function register(): void {
		$look     = $this->plugin->queue_look();
		$statuses = $this->plugin->statuses( $look );
		( new Column( $statuses ) )->register();
		( new Details( $statuses ) )->register();
		( new StateFilter( fn() => new LatestState( $this->plugin->settings() ) ) )->register();
		( new BulkActions( $this->plugin->batch( ... ) ) )->register();
		$editor = new EditorAssets( $this->plugin->panel() );
		$editor->register();
		( new SummaryBox( $this->plugin->statuses(), $this->plugin->links(), $editor ) )->register();
		( new RevisionLabels() )->register();
		( new ListFilters( new Facets() ) )->register();
		( new ListOrder() )->register();
		( new ListColumns( $this->plugin->links(), $this->plugin->jobs() ) )->register();
		( new LocalOnlyField( $this->plugin->local_only(), $this->plugin->settings(), $this->plugin->job_manager( ... ), $this->plugin->copies() ) )->register();
		( new PagesField( $this->plugin->pages(), $this->plugin->settings(), $this->plugin->copies() ) )->register();
		( new Assets() )->register();
		( new Presence( $this->plugin->doorbell() ) )->register();
		( new Titles() )->register();
		( new Export() )->register();
		( new Policy() )->register();
		( new Help() )->register();
		if ( is_network_admin() ) {
			( new Page( new Overview( $this->plugin->clock() ) ) )->register();
		}
		$this->agent_actions()->register();
		$this->agents_page()->register();
		$this->settings_page()->register();
		$this->queue_page()->register();
		$this->backfill_page()->register();
		$this->job_page()->register();
		$this->spending_page()->register();
		( new DashboardWidget( $this->plugin->overview(), $this->plugin->settings() ) )->register();
		$this->notices( $look )->register();
	}

	public function agent_actions(): AgentActions {
		return new AgentActions( $this->plugin->agents(), $this->plugin->agent_manager() );
	}

	public function agents_page(): AgentsPage {
		$p = $this->plugin;
		return new AgentsPage( $p->agents(), $p->agent_manager(), $p->key_ring(), new AgentFactsLook( $p->agents(), $p->key_ring(), $p->site_keys(), $p->spending_report() ), $p->job_counts(), $p->queue_look(), $p->clock() );
	}

	public function settings_page(): SettingsPage {
		$p = $this->plugin;
		return new SettingsPage( $p->settings(), $p->key_ring(), new AddressFields( $p->agents(), $p->agent_manager(), $p->caller() ), $p->budgets() );
	}

	public function queue_page(): QueuePage {
		$p        = $this->plugin;
		$look     = $p->queue_look();
		$statuses = $p->statuses( $look );
		$counts   = $p->job_counts();
		return new QueuePage( $p->jobs(), $counts, $p->agents(), $statuses, new MeanCost( $p->spending() ), new QueueActions( $p->jobs(), $p->job_manager(), $statuses, $counts ), $this->job_page( $statuses ), $look, $p->clock() );
	}

	public function job_page( ?Statuses $statuses = null ): JobPage {
		$p = $this->plugin;
		return new JobPage( $p->jobs(), $p->agents(), $p->events(), $p->spending_report(), $statuses ?? $p->statuses(), $p->clock() );
	}

	public function spending_page(): SpendingPage {
		$p = $this->plugin;
		return new SpendingPage( $p->spending_report(), $p->budgets(), $p->settings(), $p->agents(), $p->clock() );
	}

	public function backfill_page(): BackfillPage {
		$p = $this->plugin;
		return new BackfillPage( $p->backfill_manager(), new BackfillView( $p->backfill_estimate() ), $p->settings() );
	}

	public function notices( ?QueueLook $look = null ): Notices {
		return new Notices( $this->plugin->jobs(), $look ?? $this->plugin->queue_look() );
	}
}
