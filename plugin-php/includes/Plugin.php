<?php
declare( strict_types=1 );

namespace AIDoc;

/**
 * The composition root. It builds each service once, on first use, and hooks what every request needs in boot(); Admin\Module
 * and REST\Module do the same for what only their requests need. Nothing else knows this class: a service is handed to
 * the constructor of the one that uses it (test/arch holds that).
 */
final class Plugin {

	private static ?self $instance = null;

	/** @var array<string,object> */
	private array $services = array();

	/** @param Clock|null $clock For tests; counts when nothing has asked for the instance before. */
	public static function instance( ?Clock $clock = null ): self {
		return self::$instance ??= new self( $clock ?? new Clock() );
	}

	private function __construct( private readonly Clock $clock ) {}

	/** Costs every request of the site, so what is hooked here takes closures for all that few requests use. */
	public function boot(): void {
		Lifecycle::register();
		add_action( 'admin_init', array( Lifecycle::class, 'set_up_site' ) );
		add_action( 'init', static fn() => load_plugin_textdomain( 'ai-doc-pipeline', false, dirname( plugin_basename( AIDOC_FILE ) ) . '/languages' ) );

		( new Jobs\Uploads( $this->job_manager( ... ) ) )->register();
		add_action( 'aidoc_local_only_changed', fn() => $this->job_manager()->local_only_changed() );
		( new Queue\Cron( $this->housekeeping( ... ) ) )->register();
		( new Summaries\PostType() )->register();
		( new Summaries\Meta() )->register();
		( new Summaries\Capabilities( $this->links() ) )->register();
		( new Summaries\Guard( $this->writer_scope() ) )->register();
		( new Summaries\Readable( $this->links() ) )->register();
		( new Summaries\SavedText() )->register();
		( new Summaries\Titles() )->register();
		( new Summaries\Export() )->register();
		( new REST\SummaryRoutes() )->register();
		( new REST\Module( $this ) )->register();
		Health\SiteHealth::register( $this->site_health( ... ) );
		( new Privacy\Policy() )->register();
		if ( is_admin() ) {
			( new Admin\Module( $this ) )->register();
		}
		if ( defined( 'WP_CLI' ) && WP_CLI ) {
			\WP_CLI::add_command( 'aidoc', $this->command() );
			\WP_CLI::add_command( 'aidoc agent', $this->agent_command() );
		}
	}

	public function clock(): Clock {
		return $this->clock;
	}

	public function settings(): Settings {
		return $this->service( Settings::class, fn() => new Settings( $this->key_store() ) );
	}

	public function events(): Jobs\Events {
		return $this->service( Jobs\Events::class, fn() => new Jobs\Events( $this->clock ) );
	}

	public function jobs(): Jobs\Repository {
		return $this->service( Jobs\Repository::class, fn() => new Jobs\Repository( $this->clock ) );
	}

	public function leases(): Queue\Leases {
		return $this->service( Queue\Leases::class, fn() => new Queue\Leases( $this->clock ) );
	}

	public function spending(): Queue\Spending {
		return $this->service( Queue\Spending::class, fn() => new Queue\Spending( $this->clock ) );
	}

	public function budgets(): Queue\Budgets {
		return $this->service( Queue\Budgets::class, fn() => new Queue\Budgets( $this->settings(), $this->spending(), $this->clock ) );
	}

	public function local_only(): Jobs\LocalOnly {
		return $this->service( Jobs\LocalOnly::class, fn() => new Jobs\LocalOnly( $this->settings() ) );
	}

	public function pages(): Jobs\Pages {
		return $this->service( Jobs\Pages::class, fn() => new Jobs\Pages( $this->settings() ) );
	}

	public function candidates(): Queue\Candidates {
		return $this->service( Queue\Candidates::class, fn() => new Queue\Candidates( $this->clock ) );
	}

	public function doorbell(): Queue\Doorbell {
		return $this->service( Queue\Doorbell::class, static fn() => new Queue\Doorbell() );
	}

	public function inspector(): Jobs\Inspector {
		return $this->service( Jobs\Inspector::class, fn() => new Jobs\Inspector( $this->settings(), $this->local_only() ) );
	}

	public function job_manager(): Jobs\Manager {
		return $this->service(
			Jobs\Manager::class,
			fn() => new Jobs\Manager( $this->jobs(), $this->inspector(), $this->settings(), $this->events(), $this->doorbell(), $this->leases(), $this->local_only(), new Jobs\Pictures( $this->settings() ) )
		);
	}

	public function batch(): Jobs\Batch {
		return $this->service( Jobs\Batch::class, fn() => new Jobs\Batch( $this->jobs(), $this->job_manager() ) );
	}

	public function reaper(): Queue\Reaper {
		return $this->service( Queue\Reaper::class, fn() => new Queue\Reaper( $this->leases(), $this->clock, $this->events(), $this->doorbell() ) );
	}

	public function housekeeping(): Queue\Housekeeping {
		return $this->service(
			Queue\Housekeeping::class,
			fn() => new Queue\Housekeeping( new Queue\ClockStep( $this->clock ), $this->reaper(), $this->unclaimable(), $this->vault(), $this->settings(), $this->key_ring(), $this->nonces(), $this->events(), $this->spending() )
		);
	}

	public function claimer(): Queue\Claimer {
		return $this->service( Queue\Claimer::class, fn() => new Queue\Claimer( $this->leases(), $this->candidates(), new Queue\LeaseCap( $this->settings() ), $this->events() ) );
	}

	public function unclaimable(): Queue\Unclaimable {
		return $this->service( Queue\Unclaimable::class, fn() => new Queue\Unclaimable( $this->leases(), $this->candidates(), $this->jobs(), $this->agents(), $this->events() ) );
	}

	public function agents(): Agents\Repository {
		return $this->service( Agents\Repository::class, fn() => new Agents\Repository( $this->clock ) );
	}

	public function agent_manager(): Agents\Manager {
		return $this->service(
			Agents\Manager::class,
			fn() => new Agents\Manager( $this->agents(), $this->key_ring(), $this->leases(), $this->events(), $this->doorbell() )
		);
	}

	public function key_store(): Auth\KeyStore {
		return $this->service( Auth\KeyStore::class, static fn() => new Auth\KeyStore( new Auth\RootKeys() ) );
	}

	private function keys(): Auth\KeyRepository {
		return $this->service( Auth\KeyRepository::class, fn() => new Auth\KeyRepository( $this->clock ) );
	}

	public function vault(): Auth\Vault {
		return $this->service( Auth\Vault::class, fn() => new Auth\Vault( $this->key_store(), $this->keys() ) );
	}

	public function key_ring(): Auth\KeyRing {
		return $this->service( Auth\KeyRing::class, fn() => new Auth\KeyRing( $this->keys(), $this->vault(), $this->site_keys(), $this->clock ) );
	}

	public function site_keys(): Auth\SiteKeys {
		return $this->service( Auth\SiteKeys::class, fn() => new Auth\SiteKeys( $this->keys(), $this->vault() ) );
	}

	public function nonces(): Auth\Nonces {
		return $this->service( Auth\Nonces::class, fn() => new Auth\Nonces( $this->clock ) );
	}

	public function refusals(): Auth\RefusalLog {
		return $this->service( Auth\RefusalLog::class, fn() => new Auth\RefusalLog( $this->events() ) );
	}

	public function caller(): Auth\Caller {
		return $this->service( Auth\Caller::class, fn() => new Auth\Caller( $this->settings(), $this->agents(), $this->refusals() ) );
	}

	public function principals(): Auth\Principals {
		return $this->service( Auth\Principals::class, static fn() => new Auth\Principals() );
	}

	public function summaries(): Summaries\Writer {
		return $this->service( Summaries\Writer::class, fn() => new Summaries\Writer( $this->settings(), $this->events(), $this->links(), $this->writer_scope() ) );
	}

	public function acceptor(): Summaries\Acceptor {
		return $this->service(
			Summaries\Acceptor::class,
			fn() => new Summaries\Acceptor( $this->jobs(), $this->leases(), $this->summaries(), $this->job_manager(), $this->events(), $this->links() )
		);
	}

	public function links(): Summaries\DocumentLinks {
		return $this->service( Summaries\DocumentLinks::class, static fn() => new Summaries\DocumentLinks() );
	}

	public function writer_scope(): Summaries\WriterScope {
		return $this->service( Summaries\WriterScope::class, static fn() => new Summaries\WriterScope() );
	}

	/** A new one each time: it remembers what it has looked up. */
	public function statuses( ?Media\QueueLook $look = null ): Media\Statuses {
		return new Media\Statuses( $this->jobs(), $this->settings(), $look ?? $this->queue_look(), $this->links(), new Media\DiskWatch( $this->job_manager( ... ) ) );
	}

	/** Likewise. What a page shows in several places is given one. */
	public function queue_look(): Media\QueueLook {
		return new Media\QueueLook( $this->agents(), new Queue\Line( $this->clock ), $this->budgets(), $this->clock );
	}

	public function site_health(): Health\SiteHealth {
		return new Health\SiteHealth( $this->key_ring(), $this->settings(), $this->events(), $this->jobs(), $this->agents(), $this->doorbell(), $this->clock );
	}

	public function command(): CLI\Command {
		return new CLI\Command( $this->jobs(), $this->job_manager(), $this->agents(), $this->settings(), $this->caller(), new PostRepository() );
	}

	public function agent_command(): CLI\AgentCommand {
		return new CLI\AgentCommand( $this->agents(), $this->agent_manager(), $this->caller() );
	}

	/**
	 * @template T of object
	 * @param class-string<T> $name
	 * @param callable():T    $build
	 * @return T
	 */
	private function service( string $name, callable $build ): object {
		return $this->services[ $name ] ??= $build();
	}
}
