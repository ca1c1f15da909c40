<?php
declare( strict_types=1 );

namespace AIDoc;

/**
 * The tables of one blog and the migrations that lead to them. A migration is never edited once released: a change is a new one.
 * Plain columns and plain indexes only, so that MySQL 5.7, MariaDB and the SQLite drop-in all take it. No column of a
 * table that holds people's text may have a character set of its own: $wpdb then takes the whole table for ASCII and
 * refuses every statement with an umlaut in it.
 */
final class Schema {

	public const OPTION = 'aidoc_schema_version';

	/** @return array<int, callable():void> In their order: version → what leads to it. */
	private static function migrations(): array {
		return array(
			1  => array( self::class, 'create_tables' ),
			2  => array( self::class, 'add_stopped_at' ),
			3  => array( self::class, 'add_public_keys' ),
			4  => array( self::class, 'add_bounds' ),
			5  => array( self::class, 'link_summaries' ),
			6  => array( self::class, 'add_spending' ),
			7  => array( self::class, 'add_directive_by' ),
			8  => array( self::class, 'add_instruction' ),
			9  => array( self::class, 'add_texts' ),
			10 => array( self::class, 'add_timeline' ),
			11 => array( self::class, 'add_backfills' ),
			12 => array( self::class, 'add_erasures' ),
		);
	}

	public static function version(): int {
		return (int) array_key_last( self::migrations() );
	}

	/**
	 * Brings this blog's tables up to date. Cheap when they are: one option.
	 *
	 * @param int $patience Milliseconds to wait for another request that is at it.
	 */
	public static function maybe_upgrade( int $patience = 5000 ): void {
		if ( self::have() >= self::version() ) {
			return;
		}
		if ( ! SchemaLock::take() ) {
			SchemaLock::wait( $patience );
			self::forget();
			return;
		}
		try {
			self::forget();
			self::upgrade( self::have() );
		} finally {
			SchemaLock::release();
		}
	}

	private static function have(): int {
		return (int) get_option( self::OPTION, 0 );
	}

	/** Another request may have written the version since this one read its options. */
	private static function forget(): void {
		wp_cache_delete( 'alloptions', 'options' );
		wp_cache_delete( self::OPTION, 'options' );
	}

	private static function upgrade( int $have ): void {
		foreach ( self::migrations() as $version => $migration ) {
			if ( $version > $have ) {
				$migration();
				update_option( self::OPTION, $version, true ); // Asked for by every request of wp-admin: with all the others it costs none a query.
			}
		}
	}

	public static function drop(): void {
		foreach ( Database::tables() as $table ) {
			Database::write( 'DROP TABLE IF EXISTS ' . $table );
		}
		delete_option( self::OPTION );
		SchemaLock::release();
	}

	/** What Flash and Notices keep for a while; where an object cache holds transients they end by themselves. */
	public static function delete_transients(): void {
		Database::write( 'DELETE FROM ' . Database::wpdb()->options . " WHERE option_name LIKE '\\_transient\\_aidoc\\_%' OR option_name LIKE '\\_transient\\_timeout\\_aidoc\\_%'" );
	}

	/** What each person has dismissed on this site. */
	public static function delete_user_options(): void {
		delete_metadata( 'user', 0, Database::wpdb()->get_blog_prefix() . Admin\Dismissed::OPTION, '', true );
	}

	/** The migration to version 1. Public only because the list of migrations names it. */
	public static function create_tables(): void {
		require_once ABSPATH . 'wp-admin/includes/upgrade.php';
		$collate = Database::wpdb()->get_charset_collate();
		$tables  = array(
			'jobs'   => self::jobs(),
			'agents' => self::agents(),
			'keys'   => self::keys(),
			'nonces' => self::nonces(),
			'events' => self::events(),
		);
		foreach ( $tables as $name => $columns ) {
			dbDelta( 'CREATE TABLE ' . Database::table( $name ) . " (\n$columns\n) $collate;" );
		}
	}

	/** The migration to version 2: when an agent said that it stopped as asked. */
	public static function add_stopped_at(): void {
		self::add_column( 'agents', 'stopped_at', 'bigint(20) unsigned NOT NULL DEFAULT 0' );
	}

	/** The migration to version 3: keys of which the site has the public half alone. */
	public static function add_public_keys(): void {
		self::add_column( 'keys', 'algorithm', "varchar(16) NOT NULL DEFAULT 'hmac-sha256'" );
		self::add_column( 'keys', 'public_key', "varchar(64) NOT NULL DEFAULT ''" );
		self::add_column( 'keys', 'site_key_id', "varchar(32) NOT NULL DEFAULT ''" );
	}

	/** The migration to version 4: what limits a stolen key. */
	public static function add_bounds(): void {
		self::add_column( 'jobs', 'claimed_at', 'bigint(20) unsigned NOT NULL DEFAULT 0' );
		self::add_column( 'agents', 'allowed_ips', 'text' );
		self::add_column( 'agents', 'last_ip', "varchar(45) NOT NULL DEFAULT ''" );
		self::add_column( 'agents', 'rotations_paid_until', 'bigint(20) unsigned NOT NULL DEFAULT 0' );
		self::add_column( 'agents', 'endings_paid_until', 'bigint(20) unsigned NOT NULL DEFAULT 0' );
	}

	/** The migration to version 7: who told an agent what to do. */
	public static function add_directive_by(): void {
		self::add_column( 'agents', 'directive_by', 'bigint(20) unsigned NOT NULL DEFAULT 0' );
	}

	private static function add_column( string $name, string $column, string $type ): void {
		$table = Database::table( $name );
		$there = static fn(): bool => array() !== Database::rows( "SHOW COLUMNS FROM $table LIKE '$column'" );
		if ( $there() ) {
			return;
		}
		try {
			Database::write( "ALTER TABLE $table ADD COLUMN $column $type" );
		} catch ( DatabaseError $error ) {
			if ( ! $there() ) { // Else another request was faster.
				throw $error;
			}
		}
	}

	/**
	 * The migration to version 5: a summary is found from its job and the job from its summary, and the links in the
	 * jobs' rows are copied to the posts. A parent that a person has set is corrected.
	 */
	public static function link_summaries(): void {
		self::add_key( 'jobs', 'summary', 'summary_post_id' );
		$jobs  = Database::table( 'jobs' );
		$posts = Database::wpdb()->posts;
		$meta  = Database::wpdb()->postmeta;
		Database::write(
			"INSERT INTO $meta (post_id, meta_key, meta_value) SELECT j.summary_post_id, %s, CONCAT(MIN(j.attachment_id), ':', j.summary_post_id) FROM $jobs j JOIN $posts p ON p.ID = j.summary_post_id
			WHERE p.post_type = %s AND NOT EXISTS (SELECT 1 FROM $meta m WHERE m.post_id = p.ID AND m.meta_key = %s) GROUP BY j.summary_post_id",
			Summaries\DocumentLinks::FIELD,
			Summaries\PostType::NAME,
			Summaries\DocumentLinks::FIELD
		);
		Database::write(
			"UPDATE $posts SET post_parent = (SELECT MIN(j.attachment_id) FROM $jobs j WHERE j.summary_post_id = $posts.ID)
			WHERE post_type = %s AND EXISTS (SELECT 1 FROM $jobs j WHERE j.summary_post_id = $posts.ID)",
			Summaries\PostType::NAME
		);
	}

	/** The migration to version 6: what models cost under each lease, and documents that they may not read. */
	public static function add_spending(): void {
		require_once ABSPATH . 'wp-admin/includes/upgrade.php';
		dbDelta( 'CREATE TABLE ' . Database::table( 'spending' ) . " (\n" . self::spending() . "\n) " . Database::wpdb()->get_charset_collate() . ';' );
		Database::write( 'INSERT IGNORE INTO ' . Database::table( 'spending' ) . ' (job_id, epoch) VALUES (0, 0)' ); // What Queue\Spending locks.
		self::add_column( 'jobs', 'local_only', 'tinyint(1) NOT NULL DEFAULT 0' );
		self::add_key( 'jobs', 'claim_open', 'state,local_only,priority,available_at,id' );
	}

	/** The migration to version 8: what an editor asks of a document's summary, and what the list of summaries is filtered by. */
	public static function add_instruction(): void {
		self::add_column( 'jobs', 'instruction', "varchar(500) NOT NULL DEFAULT ''" );
		$posts = Database::wpdb()->posts;
		$meta  = Database::wpdb()->postmeta;
		Database::write(
			"INSERT INTO $meta (post_id, meta_key, meta_value) SELECT p.ID, %s, %s FROM $posts p WHERE p.post_type = %s AND NOT EXISTS (SELECT 1 FROM $meta m WHERE m.post_id = p.ID AND m.meta_key = %s)",
			Summaries\Reviews::STATE,
			Summaries\Reviews::OPEN,
			Summaries\PostType::NAME,
			Summaries\Reviews::STATE
		);
		Database::write(
			"INSERT INTO $meta (post_id, meta_key, meta_value) SELECT c.post_id, %s, '1' FROM $meta c JOIN $posts p ON p.ID = c.post_id
			WHERE p.post_type = %s AND c.meta_key = 'aidoc_confidence' AND c.meta_value <> '' AND CAST(c.meta_value AS DECIMAL(20,6)) < %f AND NOT EXISTS (SELECT 1 FROM $meta m WHERE m.post_id = c.post_id AND m.meta_key = %s)",
			Summaries\Meta::DOUBTFUL,
			Summaries\PostType::NAME,
			Summaries\ResultFields::LOW,
			Summaries\Meta::DOUBTFUL
		);
	}

	/** The migration to version 9: what summaries are found by. Those that are there already come in by WP-Cron, in batches. */
	public static function add_texts(): void {
		require_once ABSPATH . 'wp-admin/includes/upgrade.php';
		dbDelta( 'CREATE TABLE ' . Database::table( 'texts' ) . " (\nsummary_id bigint(20) unsigned NOT NULL,\nbody mediumtext NOT NULL,\nPRIMARY KEY  (summary_id)\n) " . Database::wpdb()->get_charset_collate() . ';' );
		$known = Database::is_sqlite() || array() !== Database::rows( 'SHOW INDEX FROM ' . Database::table( 'texts' ) . " WHERE Key_name = 'body'" );
		if ( ! $known ) {
			Database::write( 'ALTER TABLE ' . Database::table( 'texts' ) . ' ADD FULLTEXT KEY body (body)' );
		}
		wp_schedule_single_event( time() + 5, Queue\Cron::INDEX_TEXTS );
	}

	/** The migration to version 10: who and which lease an event is about, what was paid to which model, and filters of the queue that need no scan. */
	public static function add_timeline(): void {
		self::add_column( 'events', 'epoch', 'bigint(20) unsigned NOT NULL DEFAULT 0' );
		self::add_column( 'events', 'user_id', 'bigint(20) unsigned NOT NULL DEFAULT 0' );
		self::add_column( 'spending', 'provider', "varchar(100) NOT NULL DEFAULT ''" );
		self::add_column( 'spending', 'model', "varchar(200) NOT NULL DEFAULT ''" );
		self::add_column( 'spending', 'fallback', "varchar(64) NOT NULL DEFAULT ''" );
		self::add_column( 'spending', 'result', 'tinyint(1) NOT NULL DEFAULT 0' );
		self::add_key( 'jobs', 'reason', 'state,error_code' );
		self::add_key( 'jobs', 'created', 'created_at' );
	}

	/** The migration to version 11: backfills, and how far they are. */
	public static function add_backfills(): void {
		require_once ABSPATH . 'wp-admin/includes/upgrade.php';
		dbDelta( 'CREATE TABLE ' . Database::table( 'backfills' ) . " (\n" . self::backfills() . "\n) " . Database::wpdb()->get_charset_collate() . ';' );
	}

	/** The migration to version 12: what agents have to erase. */
	public static function add_erasures(): void {
		require_once ABSPATH . 'wp-admin/includes/upgrade.php';
		dbDelta( 'CREATE TABLE ' . Database::table( 'erasures' ) . " (\n" . self::erasures() . "\n) " . Database::wpdb()->get_charset_collate() . ';' );
	}

	private static function add_key( string $name, string $key, string $columns ): void {
		$table = Database::table( $name );
		$there = static fn(): bool => array() !== Database::rows( "SHOW INDEX FROM $table WHERE Key_name = '$key'" );
		if ( $there() ) {
			return;
		}
		try {
			Database::write( "ALTER TABLE $table ADD KEY $key ($columns)" );
		} catch ( DatabaseError $error ) {
			if ( ! $there() ) { // Else another request was faster.
				throw $error;
			}
		}
	}

	/** Amounts have a sign, for differences of theirs are read. */
	private static function spending(): string {
		return 'job_id bigint(20) unsigned NOT NULL,
epoch bigint(20) unsigned NOT NULL,
agent_id bigint(20) unsigned NOT NULL DEFAULT 0,
at_ms bigint(20) unsigned NOT NULL DEFAULT 0,
reserved_nano bigint(20) NOT NULL DEFAULT 0,
reserved_tokens bigint(20) NOT NULL DEFAULT 0,
usd_nano bigint(20) NOT NULL DEFAULT 0,
tokens bigint(20) NOT NULL DEFAULT 0,
PRIMARY KEY  (job_id,epoch),
KEY at_ms (at_ms,usd_nano,tokens)';
	}

	/** `slot` is the same for all that are open, and unique: there is one. */
	private static function backfills(): string {
		return "id bigint(20) unsigned NOT NULL AUTO_INCREMENT,
slot varchar(32) NOT NULL DEFAULT '',
state varchar(10) NOT NULL DEFAULT 'running',
dry tinyint(1) NOT NULL DEFAULT 0,
criteria text,
cursor_id bigint(20) unsigned NOT NULL DEFAULT 0,
upto_id bigint(20) unsigned NOT NULL DEFAULT 0,
total bigint(20) unsigned NOT NULL DEFAULT 0,
version bigint(20) unsigned NOT NULL DEFAULT 0,
tally text,
user_id bigint(20) unsigned NOT NULL DEFAULT 0,
created_at bigint(20) unsigned NOT NULL DEFAULT 0,
updated_at bigint(20) unsigned NOT NULL DEFAULT 0,
finished_at bigint(20) unsigned NOT NULL DEFAULT 0,
PRIMARY KEY  (id),
UNIQUE KEY slot (slot)";
	}

	private static function erasures(): string {
		return "job_id bigint(20) unsigned NOT NULL,
agent_id bigint(20) unsigned NOT NULL,
sha256 varchar(64) NOT NULL DEFAULT '',
at_ms bigint(20) unsigned NOT NULL DEFAULT 0,
PRIMARY KEY  (job_id,agent_id),
KEY agent (agent_id,at_ms)";
	}

	private static function jobs(): string {
		return "id bigint(20) unsigned NOT NULL AUTO_INCREMENT,
attachment_id bigint(20) unsigned NOT NULL,
source_sha256 varchar(64) NOT NULL DEFAULT '',
state varchar(10) NOT NULL DEFAULT 'queued',
priority smallint(5) NOT NULL DEFAULT 10,
attempt smallint(5) unsigned NOT NULL DEFAULT 0,
max_attempts smallint(5) unsigned NOT NULL DEFAULT 4,
crashes smallint(5) unsigned NOT NULL DEFAULT 0,
epoch bigint(20) unsigned NOT NULL DEFAULT 0,
beats bigint(20) unsigned NOT NULL DEFAULT 0,
lease_token varchar(22) NOT NULL DEFAULT '',
agent_id bigint(20) unsigned NOT NULL DEFAULT 0,
request_id varchar(36) NOT NULL DEFAULT '',
lease_expires_at bigint(20) unsigned NOT NULL DEFAULT 0,
phase varchar(16) NOT NULL DEFAULT '',
done bigint(20) unsigned NOT NULL DEFAULT 0,
total bigint(20) unsigned NOT NULL DEFAULT 0,
note varchar(200) NOT NULL DEFAULT '',
checkpoint mediumtext,
error_class varchar(10) NOT NULL DEFAULT '',
error_code varchar(64) NOT NULL DEFAULT '',
error_message varchar(500) NOT NULL DEFAULT '',
failures mediumtext,
result_id varchar(36) NOT NULL DEFAULT '',
result_sha256 varchar(64) NOT NULL DEFAULT '',
summary_post_id bigint(20) unsigned NOT NULL DEFAULT 0,
filename varchar(255) NOT NULL DEFAULT '',
mime varchar(100) NOT NULL DEFAULT '',
bytes bigint(20) unsigned NOT NULL DEFAULT 0,
language varchar(20) NOT NULL DEFAULT '',
source text,
fingerprint varchar(40) NOT NULL DEFAULT '',
trace_id varchar(32) NOT NULL DEFAULT '',
watched_until bigint(20) unsigned NOT NULL DEFAULT 0,
available_at bigint(20) unsigned NOT NULL DEFAULT 0,
enqueued_at bigint(20) unsigned NOT NULL DEFAULT 0,
created_at bigint(20) unsigned NOT NULL DEFAULT 0,
updated_at bigint(20) unsigned NOT NULL DEFAULT 0,
finished_at bigint(20) unsigned NOT NULL DEFAULT 0,
PRIMARY KEY  (id),
UNIQUE KEY attachment_source (attachment_id,source_sha256),
KEY claim (state,priority,available_at,id),
KEY kind (state,mime,priority,available_at,id),
KEY due (state,available_at),
KEY expiry (state,lease_expires_at),
KEY holder (agent_id,state)";
	}

	private static function agents(): string {
		return "id bigint(20) unsigned NOT NULL AUTO_INCREMENT,
name varchar(100) NOT NULL DEFAULT '',
state varchar(10) NOT NULL DEFAULT 'pending',
directive varchar(10) NOT NULL DEFAULT 'run',
directive_set_at bigint(20) unsigned NOT NULL DEFAULT 0,
directive_seen_at bigint(20) unsigned NOT NULL DEFAULT 0,
rotation_requested tinyint(1) NOT NULL DEFAULT 0,
host varchar(200) NOT NULL DEFAULT '',
os varchar(40) NOT NULL DEFAULT '',
arch varchar(40) NOT NULL DEFAULT '',
version varchar(60) NOT NULL DEFAULT '',
slots int(10) unsigned NOT NULL DEFAULT 0,
caps text,
note varchar(200) NOT NULL DEFAULT '',
last_seen_at bigint(20) unsigned NOT NULL DEFAULT 0,
created_at bigint(20) unsigned NOT NULL DEFAULT 0,
PRIMARY KEY  (id),
UNIQUE KEY name (name)";
	}

	private static function keys(): string {
		return "key_id varchar(32) NOT NULL,
agent_id bigint(20) unsigned NOT NULL,
kind varchar(10) NOT NULL DEFAULT 'key',
state varchar(10) NOT NULL DEFAULT 'active',
sealed varchar(255) NOT NULL DEFAULT '',
created_at bigint(20) unsigned NOT NULL DEFAULT 0,
expires_at bigint(20) unsigned NOT NULL DEFAULT 0,
used_at bigint(20) unsigned NOT NULL DEFAULT 0,
PRIMARY KEY  (key_id),
KEY agent (agent_id)";
	}

	private static function nonces(): string {
		return 'key_id varchar(32) NOT NULL,
nonce varchar(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
at_ms bigint(20) unsigned NOT NULL,
PRIMARY KEY  (key_id,nonce),
KEY at_ms (at_ms)';
	}

	private static function events(): string {
		return "id bigint(20) unsigned NOT NULL AUTO_INCREMENT,
at_ms bigint(20) unsigned NOT NULL,
job_id bigint(20) unsigned NOT NULL DEFAULT 0,
agent_id bigint(20) unsigned NOT NULL DEFAULT 0,
kind varchar(32) NOT NULL DEFAULT '',
code varchar(64) NOT NULL DEFAULT '',
message varchar(500) NOT NULL DEFAULT '',
once varchar(40) NOT NULL,
PRIMARY KEY  (id),
UNIQUE KEY once (once),
KEY job (job_id,id),
KEY kind (kind,at_ms),
KEY at_ms (at_ms)";
	}
}
