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
		$translate = static fn() => load_plugin_textdomain( 'ai-doc-pipeline', false, dirname( plugin_basename( AIDOC_FILE ) ) . '/languages' );
		add_action( 'init', $translate );
		add_action( 'change_locale', $translate ); // Before 6.2 WordPress forgets the plugin's folder when it switches within a request.

		( new Jobs\Uploads( $this->job_manager( ... ) ) )->register();
		add_action( 'aidoc_local_only_changed', fn() => $this->job_manager()->local_only_changed() );
		( new Queue\Cron( $this->housekeeping( ... ) ) )->register();
		add_action( 'aidoc_tick', fn() => $this->failure_digest()->run() );
		add_action( 'aidoc_backfill', fn() => $this->backfill_schedule()->tick() );
		Rights::register();
		( new Summaries\PostType() )->register();
		( new Summaries\Meta() )->register();
		( new Summaries\Capabilities( $this->links() ) )->register();
		( new Summaries\Guard( $this->writer_scope() ) )->register();
		( new Summaries\Readable( $this->links() ) )->register();
		( new Summaries\SavedText() )->register();
		add_action( 'transition_post_status', fn( $status, $before, $post ) => Summaries\PostType::NAME === $post->post_type && $this->reviews()->published( $status, $before, $post ), 10, 3 );
		add_action( 'post_updated', fn( $id, $post ) => Summaries\PostType::NAME === $post->post_type && $this->reviews()->follow( $id, $post ), 10, 2 );
		( new Front\Module( $this ) )->register();
		( new REST\SummaryRoutes() )->register();
		( new REST\Module( $this ) )->register();
		Health\SiteHealth::register( $this->site_health( ... ) );
		( new Privacy\Module( $this ) )->register();
		if ( is_admin() ) {
			( new Admin\Module( $this ) )->register();
		}
		if ( defined( 'WP_CLI' ) && WP_CLI ) {
			( new Summaries\Export() )->register();
			CLI\Commands::register( $this->command( ... ) );
			CLI\Guard::register();
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

	public function unread(): Jobs\Unread {
		return $this->service( Jobs\Unread::class, fn() => new Jobs\Unread( $this->clock ) );
	}

	public function leases(): Queue\Leases {
		return $this->service( Queue\Leases::class, fn() => new Queue\Leases( $this->clock ) );
	}

	public function spending(): Queue\Spending {
		return $this->service( Queue\Spending::class, fn() => new Queue\Spending( $this->clock ) );
	}

	public function spending_report(): Queue\SpendingReport {
		return $this->service( Queue\SpendingReport::class, static fn() => new Queue\SpendingReport() );
	}

	public function overview(): Queue\Overview {
		return $this->service( Queue\Overview::class, fn() => new Queue\Overview( $this->clock ) );
	}

	public function failure_digest(): Jobs\FailureDigest {
		return new Jobs\FailureDigest(
			$this->settings(),
			$this->events(),
			$this->clock,
			static fn( string $code ): string => Admin\Screens::url(
				Admin\Screens::QUEUE,
				array(
					'state' => 'failed',
					'code'  => $code,
				)
			),
			static fn(): string => Admin\Screens::url( Admin\Screens::SETTINGS ) . '#aidoc-digest_to'
		);
	}

	/** A new one each time: it remembers what it has counted. */
	public function job_counts(): Jobs\Counts {
		return new Jobs\Counts( $this->jobs() );
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

	public function freshness(): Queue\Freshness {
		return $this->service( Queue\Freshness::class, fn() => new Queue\Freshness( $this->job_manager(), $this->jobs(), $this->places() ) );
	}

	public function places(): Offload\Places {
		return $this->service( Offload\Places::class, static fn() => new Offload\Places() );
	}

	public function inspector(): Jobs\Inspector {
		return $this->service( Jobs\Inspector::class, fn() => new Jobs\Inspector( $this->settings(), $this->local_only(), $this->places() ) );
	}

	public function job_manager(): Jobs\Manager {
		return $this->service(
			Jobs\Manager::class,
			fn() => new Jobs\Manager( $this->jobs(), $this->unread(), $this->inspector(), $this->settings(), $this->events(), $this->doorbell(), $this->leases(), $this->local_only(), new Jobs\Pictures( $this->settings() ), $this->copies() )
		);
	}

	public function copies(): Jobs\Copies {
		return $this->service( Jobs\Copies::class, static fn() => new Jobs\Copies() );
	}

	public function batch(): Jobs\Batch {
		return $this->service( Jobs\Batch::class, fn() => new Jobs\Batch( $this->jobs(), $this->job_manager(), $this->copies() ) );
	}

	public function reaper(): Queue\Reaper {
		return $this->service( Queue\Reaper::class, fn() => new Queue\Reaper( $this->leases(), $this->clock, $this->events(), $this->doorbell() ) );
	}

	public function housekeeping(): Queue\Housekeeping {
		return $this->service(
			Queue\Housekeeping::class,
			fn() => new Queue\Housekeeping( new Queue\ClockStep( $this->clock ), $this->reaper(), $this->unclaimable(), $this->vault(), $this->settings(), $this->key_ring(), $this->nonces(), $this->events(), $this->spending(), $this->erasures(), new Backfill\Caretaker( $this->backfill_schedule(), $this->backfill_runner( ... ), $this->clock ) )
		);
	}

	public function claimer(): Queue\Claimer {
		return $this->service( Queue\Claimer::class, fn() => new Queue\Claimer( $this->leases(), $this->candidates(), new Queue\LeaseCap( $this->settings() ), $this->events() ) );
	}

	public function digests(): Queue\Digests {
		return $this->service( Queue\Digests::class, fn() => new Queue\Digests( $this->jobs(), $this->unread(), $this->inspector(), $this->leases(), $this->events() ) );
	}

	public function backfills(): Backfill\Repository {
		return $this->service( Backfill\Repository::class, fn() => new Backfill\Repository( $this->clock ) );
	}

	public function backfill_library(): Backfill\Library {
		return $this->service( Backfill\Library::class, fn() => new Backfill\Library( $this->settings() ) );
	}

	public function backfill_runner(): Backfill\Runner {
		return $this->service(
			Backfill\Runner::class,
			fn() => new Backfill\Runner( $this->backfills(), $this->backfill_library(), new Backfill\Sorter( $this->jobs(), $this->inspector(), new Jobs\Pictures( $this->settings() ), $this->copies() ), $this->unread(), $this->events(), $this->doorbell(), $this->settings(), $this->clock )
		);
	}

	public function backfill_schedule(): Backfill\Schedule {
		return $this->service( Backfill\Schedule::class, fn() => new Backfill\Schedule( $this->backfills(), $this->backfill_runner( ... ) ) );
	}

	public function backfill_manager(): Backfill\Manager {
		return $this->service( Backfill\Manager::class, fn() => new Backfill\Manager( $this->backfills(), $this->backfill_library(), $this->backfill_schedule() ) );
	}

	public function backfill_estimate(): Backfill\Estimate {
		return $this->service( Backfill\Estimate::class, fn() => new Backfill\Estimate( $this->spending() ) );
	}

	public function unclaimable(): Queue\Unclaimable {
		return $this->service( Queue\Unclaimable::class, fn() => new Queue\Unclaimable( $this->leases(), $this->candidates(), $this->jobs(), $this->agents(), $this->events() ) );
	}

	public function erasures(): Privacy\Erasures {
		return $this->service( Privacy\Erasures::class, fn() => new Privacy\Erasures( $this->clock ) );
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
			fn() => new Summaries\Acceptor( $this->jobs(), $this->leases(), $this->summaries(), $this->job_manager(), $this->events(), $this->links(), $this->clock )
		);
	}

	public function links(): Summaries\DocumentLinks {
		return $this->service( Summaries\DocumentLinks::class, static fn() => new Summaries\DocumentLinks() );
	}

	public function reviews(): Summaries\Reviews {
		return $this->service( Summaries\Reviews::class, fn() => new Summaries\Reviews( $this->writer_scope(), $this->clock ) );
	}

	public function regeneration(): Review\Regeneration {
		return new Review\Regeneration( $this->jobs(), $this->job_manager(), $this->links() );
	}

	/** A new one each time, as its statuses. */
	public function panel(): Review\Panel {
		return new Review\Panel( $this->links(), $this->statuses() );
	}

	public function writer_scope(): Summaries\WriterScope {
		return $this->service( Summaries\WriterScope::class, static fn() => new Summaries\WriterScope() );
	}

	/** A new one each time: it remembers what it has looked up. */
	public function statuses( ?Media\QueueLook $look = null ): Media\Statuses {
		return new Media\Statuses( $this->jobs(), $this->settings(), $look ?? $this->queue_look(), $this->links(), new Media\DiskWatch( $this->job_manager( ... ) ), $this->copies() );
	}

	/** Likewise. What a page shows in several places is given one. */
	public function queue_look(): Media\QueueLook {
		return new Media\QueueLook( $this->agents(), new Queue\Line( $this->clock ), $this->budgets() );
	}

	public function site_health(): Health\SiteHealth {
		$line = new Queue\Line( $this->clock );
		return new Health\SiteHealth(
			array(
				new Health\KeysCheck( $this->key_ring(), $this->settings() ),
				new Health\AgentsCheck( $this->agents(), $this->jobs(), $this->clock ),
				new Health\QueueCheck( $this->jobs(), $this->agents(), $line, $this->clock ),
				new Health\RefusalsCheck( $this->events(), $this->clock ),
				new Health\ClockCheck( $this->clock ),
				new Health\CronCheck(),
				new Health\ConnectionCheck( $this->key_ring(), new Health\Probe( $this->key_ring(), $this->clock ) ),
				new Health\DoorbellCheck( $this->settings(), $this->doorbell(), $this->agents(), $this->clock() ),
			),
			new Health\Information( $this->key_ring(), $this->jobs(), $this->agents(), $line, $this->clock )
		);
	}

	/**
	 * @template T of object
	 * @param class-string<T> $name Of CLI.
	 * @return T
	 */
	public function command( string $name ): object {
		return match ( $name ) {
			CLI\Command::class         => new CLI\Command( $this->jobs(), $this->job_manager(), $this->agents(), $this->settings(), $this->caller(), $this->inspector(), $this->command( CLI\BackfillCommand::class ) ),
			CLI\JobsCommand::class     => new CLI\JobsCommand( $this->jobs(), $this->job_manager(), $this->agents() ),
			CLI\JobCommand::class      => new CLI\JobCommand( $this->jobs(), $this->events(), $this->agents() ),
			CLI\AgentCommand::class    => new CLI\AgentCommand( $this->agents(), $this->agent_manager(), $this->caller() ),
			CLI\BackfillCommand::class => new CLI\BackfillCommand( $this->backfill_manager(), $this->backfill_runner( ... ), $this->backfill_estimate() ),
			CLI\SpendCommand::class    => new CLI\SpendCommand( $this->spending_report(), $this->budgets(), $this->agents(), $this->clock ),
			CLI\DoctorCommand::class   => new CLI\DoctorCommand(),
		};
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
