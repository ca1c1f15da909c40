<?php
declare( strict_types=1 );

namespace AIDoc\Jobs;

use AIDoc\Clock;
use AIDoc\Database;

/** Repository of jobs: reads them, and writes what people and uploads decide. What agents decide is in Queue\Leases. */
final class Repository {

	private const ORDERABLE = array(
		'id'         => 'j.id',
		'state'      => 'j.state',
		'filename'   => 'j.filename',
		'bytes'      => 'j.bytes',
		'attempt'    => 'j.attempt',
		'agent'      => 'a.name',
		'agent_name' => 'a.name',
		'available'  => 'j.available_at',
		'created'    => 'j.created_at',
		'updated'    => 'j.updated_at',
		'finished'   => 'j.finished_at',
	);

	/** Forgets why a job waits, where nobody could take it; see Queue\Unclaimable. */
	private const UNEXPLAINED = "error_code = CASE WHEN error_class = 'waiting' THEN '' ELSE error_code END, error_message = CASE WHEN error_class = 'waiting' THEN '' ELSE error_message END, error_class = CASE WHEN error_class = 'waiting' THEN '' ELSE error_class END";

	public function __construct( private readonly Clock $clock ) {}

	public function find( int $id ): ?Job {
		return $this->one( 'j.id = %d', $id );
	}

	public function find_by_source( int $attachment_id, string $sha256 ): ?Job {
		return $this->one( 'j.attachment_id = %d AND j.source_sha256 = %s', $attachment_id, $sha256 );
	}

	/**
	 * The job that counts for each attachment: the one enqueued last. One query, whatever the number.
	 *
	 * @param int[] $ids
	 * @return array<int,Job> By attachment id.
	 */
	public function latest_for_attachments( array $ids ): array {
		return array_map( static fn( array $jobs ): Job => end( $jobs ), $this->all_for_attachments( $ids ) );
	}

	/**
	 * All jobs of each attachment. One query, whatever the number.
	 *
	 * @param int[] $ids
	 * @return array<int,non-empty-list<Job>> By attachment id, the one that counts last.
	 */
	public function all_for_attachments( array $ids ): array {
		$ids = array_values( array_unique( array_map( 'intval', $ids ) ) );
		if ( ! $ids ) {
			return array();
		}
		$marks = implode( ',', array_fill( 0, count( $ids ), '%d' ) );
		$all   = array();
		foreach ( Database::rows( $this->select() . " WHERE j.attachment_id IN ($marks) ORDER BY j.enqueued_at, j.id", ...$ids ) as $row ) {
			$all[ (int) $row['attachment_id'] ][] = Job::from_row( $row );
		}
		return $all;
	}

	/**
	 * @param array{state?:string,agent_id?:int,search?:string,mimes?:string[],code?:string,since_ms?:int,until_ms?:int,orderby?:string,order?:string,page?:int,per_page?:int,total?:int} $args Times are those of the creation; a total that is known is not counted again.
	 * @return array{items: Job[], total: int}
	 */
	public function query( array $args ): array {
		list( $where, $values ) = self::filter( $args );

		$order = self::ORDERABLE[ $args['orderby'] ?? 'id' ] ?? 'j.id';
		$dir   = 'asc' === strtolower( (string) ( $args['order'] ?? 'desc' ) ) ? 'ASC' : 'DESC';
		$limit = max( 1, min( 200, (int) ( $args['per_page'] ?? 20 ) ) );
		$skip  = $limit * ( max( 1, (int) ( $args['page'] ?? 1 ) ) - 1 );
		$rows  = Database::rows( $this->select() . " WHERE $where ORDER BY $order $dir, j.id $dir LIMIT %d OFFSET %d", ...$values, ...array( $limit, $skip ) );
		return array(
			'items' => array_map( array( Job::class, 'from_row' ), $rows ),
			'total' => $args['total'] ?? (int) Database::row( 'SELECT COUNT(*) AS n FROM ' . $this->table() . " j WHERE $where", ...$values )['n'],
		);
	}

	/** @return array{0:string,1:list<scalar>} SQL and values of what query() can be asked for. */
	private static function filter( array $args ): array {
		$state = State::tryFrom( (string) ( $args['state'] ?? '' ) );
		$mimes = $args['mimes'] ?? array();
		$parts = array(
			'j.state = %s'       => $state ? array( $state->value ) : array(),
			'j.agent_id = %d'    => empty( $args['agent_id'] ) ? array() : array( (int) $args['agent_id'] ),
			'j.error_code = %s'  => '' === (string) ( $args['code'] ?? '' ) ? array() : array( (string) $args['code'] ),
			'j.created_at >= %d' => empty( $args['since_ms'] ) ? array() : array( (int) $args['since_ms'] ),
			'j.created_at < %d'  => empty( $args['until_ms'] ) ? array() : array( (int) $args['until_ms'] ),
			'j.filename LIKE %s' => '' === (string) ( $args['search'] ?? '' ) ? array() : array( '%' . Database::wpdb()->esc_like( (string) $args['search'] ) . '%' ),
			'j.mime IN (' . implode( ',', array_fill( 0, max( 1, count( $mimes ) ), '%s' ) ) . ')' => $mimes,
		);
		$parts = array_filter( $parts );
		return array( implode( ' AND ', array( '1=1', ...array_keys( $parts ) ) ), array_merge( array(), ...array_values( $parts ) ) );
	}

	/**
	 * @param int[] $ids
	 * @return array<int,string> Job → the phase that its holder told last.
	 */
	public function phases( array $ids ): array {
		if ( ! $ids ) {
			return array();
		}
		$rows = Database::rows( 'SELECT id, phase FROM ' . $this->table() . ' WHERE id IN (' . implode( ',', array_fill( 0, count( $ids ), '%d' ) ) . ')', ...$ids );
		return array_column( $rows, 'phase', 'id' );
	}

	/**
	 * Puts a waiting job before all others, or back where it was. Its former priority is in the new one: those that were put to the
	 * front keep their order.
	 *
	 * @return bool False where it does not wait, or is there already.
	 */
	public function put_to_front( int $id, bool $front ): bool {
		return Database::write(
			'UPDATE ' . $this->table( 'PRIMARY' ) . ' SET priority = priority + %d, beats = beats + 1, updated_at = ' . $this->clock->sql() . " WHERE id = %d AND state = 'queued' AND priority " . ( $front ? '>= 0' : '< 0' ),
			$front ? -Priority::FRONT : Priority::FRONT,
			$id
		) > 0;
	}

	/**
	 * How many jobs there are of each state and code, from an index alone.
	 *
	 * @return list<array{state:string,code:string,n:int}>
	 */
	public function tally(): array {
		return array_map(
			static fn( array $row ): array => array(
				'state' => (string) $row['state'],
				'code'  => (string) $row['error_code'],
				'n'     => (int) $row['n'],
			),
			Database::rows( 'SELECT state, error_code, COUNT(*) AS n FROM ' . $this->table() . ' GROUP BY state, error_code' )
		);
	}

	/** @return array<string,int> Number of jobs by state, every state named. */
	public function counts(): array {
		$counts = array_fill_keys( array_column( State::cases(), 'value' ), 0 );
		foreach ( Database::rows( 'SELECT state, COUNT(*) AS n FROM ' . $this->table() . ' GROUP BY state' ) as $row ) {
			$counts[ $row['state'] ] = (int) $row['n'];
		}
		return $counts;
	}

	/**
	 * Makes the row of this attachment and file, or leaves the one there is.
	 *
	 * @param string $instruction What an editor asks of this document's summary.
	 * @return int Id of the new row, 0 where there was one. Two uploads at once make one row: the unique index decides.
	 */
	public function insert( Facts $facts, State $state, int $max_attempts, string $instruction = '' ): int {
		$now  = $this->clock->sql();
		$done = $state->is_final() ? $now : '0';
		$made = Database::write(
			'INSERT IGNORE INTO ' . $this->table() . " (attachment_id, source_sha256, state, max_attempts, filename, mime, bytes, language, source, fingerprint, local_only, instruction, trace_id, failures, error_class, error_code, error_message, available_at, enqueued_at, created_at, updated_at, finished_at)
			VALUES (%d, %s, %s, %d, %s, %s, %d, %s, %s, %s, %d, %s, %s, '[]', %s, %s, %s, $now, $now, $now, $now, $done)",
			$facts->attachmentId,
			$facts->sha256,
			$state->value,
			$max_attempts,
			$facts->filename,
			$facts->mime,
			$facts->bytes,
			$facts->language,
			(string) wp_json_encode( $facts->source ),
			$facts->fingerprint,
			(int) $facts->localOnly,
			$instruction,
			bin2hex( random_bytes( 16 ) ),
			$facts->refusalCode ? 'permanent' : '',
			$facts->refusalCode,
			$facts->refusal
		);
		return 1 === $made ? (int) Database::wpdb()->insert_id : 0;
	}

	/**
	 * Starts a finished job afresh, with the facts as they are now. The epoch stays, so an agent that still works on
	 * it is fenced off.
	 *
	 * @return bool False when the job was not in a final state any more.
	 */
	public function restart( int $id, Facts $facts, State $state, int $max_attempts, string $instruction = '' ): bool {
		$done = $state->is_final() ? $this->clock->sql() : '0';
		return Database::write(
			'UPDATE ' . $this->table( 'PRIMARY' ) . ' SET ' . self::restarted( $this->clock->sql() ) . ", source_sha256 = %s, state = %s, filename = %s, mime = %s, bytes = %d, language = %s, source = %s, fingerprint = %s, local_only = %d, instruction = %s,
			error_class = %s, error_code = %s, error_message = %s, finished_at = $done
			WHERE id = %d AND state IN ('done','failed','cancelled')",
			Priority::NORMAL,
			$max_attempts,
			$facts->sha256,
			$state->value,
			$facts->filename,
			$facts->mime,
			$facts->bytes,
			$facts->language,
			(string) wp_json_encode( $facts->source ),
			$facts->fingerprint,
			(int) $facts->localOnly,
			$instruction,
			$facts->refusalCode ? 'permanent' : '',
			$facts->refusalCode,
			$facts->refusal,
			$id
		) > 0;
	}

	/** What makes a row new again; its values are priority and attempts. The epoch stays, so an agent that still works on it is fenced off. */
	public static function restarted( string $now ): string {
		return "priority = %d, max_attempts = %d, attempt = 0, crashes = 0, failures = '[]', beats = beats + 1, lease_token = '', agent_id = 0, request_id = '', lease_expires_at = 0,
			phase = '', done = 0, total = 0, note = '', result_id = '', result_sha256 = '', available_at = $now, enqueued_at = $now, updated_at = $now";
	}

	/**
	 * What an editor asks of the next summary; it stays with the document until it is changed.
	 *
	 * @return bool False while the document waits or is being processed: an agent may have been told something else.
	 */
	public function set_instruction( int $id, string $instruction ): bool {
		return Database::write(
			'UPDATE ' . $this->table( 'PRIMARY' ) . " SET instruction = %s, beats = beats + 1 WHERE id = %d AND state IN ('done','failed','cancelled')",
			$instruction,
			$id
		) > 0;
	}

	/** @return bool False when the job had already ended. */
	public function cancel( int $id, string $code, string $message ): bool {
		return Database::write(
			'UPDATE ' . $this->table( 'PRIMARY' ) . ' SET ' . $this->cancelling() . " WHERE id = %d AND state IN ('queued','leased')",
			$code,
			$message,
			$id
		) > 0;
	}

	/** Cancels the open jobs of an attachment, but the one named. */
	public function cancel_others( int $attachment_id, int $but_id, string $code, string $message ): int {
		return Database::write(
			'UPDATE ' . $this->table() . ' SET ' . $this->cancelling() . " WHERE attachment_id = %d AND id <> %d AND state IN ('queued','leased')",
			$code,
			$message,
			$attachment_id,
			$but_id
		);
	}

	/** The file was touched but is the same: remember, so that it is not read again. */
	public function set_fingerprint( int $id, string $fingerprint ): void {
		Database::write( 'UPDATE ' . $this->table() . ' SET fingerprint = %s WHERE id = %d', $fingerprint, $id );
	}

	/**
	 * The file of a job is the same, and lies somewhere else now.
	 *
	 * @param array{kind:string} $source As Offload\Places has it.
	 */
	public function set_source( int $id, array $source, string $fingerprint ): void {
		Database::write( 'UPDATE ' . $this->table() . ' SET source = %s, fingerprint = %s WHERE id = %d', (string) wp_json_encode( $source ), $fingerprint, $id );
	}

	/** @param int[] $ids */
	public function watch( array $ids, int $for_ms ): void {
		$ids = array_values( array_unique( array_map( 'intval', $ids ) ) );
		if ( ! $ids ) {
			return;
		}
		$marks = implode( ',', array_fill( 0, count( $ids ), '%d' ) );
		$now   = $this->clock->sql();
		// Only open jobs, and only when the mark is half used up: a page that polls must not write at each poll.
		Database::write( 'UPDATE ' . $this->table() . " SET watched_until = $now + %d WHERE id IN ($marks) AND state IN ('queued','leased') AND watched_until < $now + %d", $for_ms, ...$ids, ...array( intdiv( $for_ms, 2 ) ) );
	}

	/** When the next thing happens by itself: a lease runs out, or a job that was put off becomes available. 0 for never. */
	public function next_due_ms(): int {
		$row = Database::row(
			'SELECT (SELECT MIN(lease_expires_at) FROM ' . $this->table() . " WHERE state = 'leased') AS expiry,
			(SELECT MIN(available_at) FROM " . $this->table() . " WHERE state = 'queued' AND available_at > " . $this->clock->sql() . ') AS available'
		);
		$due = array_filter( array( (int) $row['expiry'], (int) $row['available'] ) );
		return $due ? min( $due ) : 0;
	}

	/** When the lease that ran out first did, or will; 0 where none is held. */
	public function oldest_expiry_ms(): int {
		return (int) Database::row( 'SELECT MIN(lease_expires_at) AS expiry FROM ' . $this->table() . " WHERE state = 'leased'" )['expiry'];
	}

	/** The legacy callback has no lease: a new epoch fences off the holder of one. */
	public function finish_externally( int $id ): void {
		$now = $this->clock->sql();
		Database::write(
			'UPDATE ' . $this->table() . " SET state = 'done', epoch = epoch + 1, beats = beats + 1, lease_token = '', agent_id = 0, request_id = '', lease_expires_at = 0, result_id = '', result_sha256 = '',
			phase = '', note = '', error_class = '', error_code = '', error_message = '', finished_at = $now, updated_at = $now WHERE id = %d",
			$id
		);
	}

	public function set_summary( int $id, int $post_id ): void {
		Database::write( 'UPDATE ' . $this->table() . ' SET summary_post_id = %d, beats = beats + 1 WHERE id = %d', $post_id, $id );
	}

	/** Forgets everything about a document, its events included. */
	public function delete_of_attachment( int $attachment_id ): void {
		Database::write( 'DELETE FROM ' . Database::table( 'events' ) . ' WHERE job_id IN (SELECT id FROM ' . $this->table() . ' WHERE attachment_id = %d)', $attachment_id );
		Database::write( 'DELETE FROM ' . $this->table() . ' WHERE attachment_id = %d', $attachment_id );
	}

	private function cancelling(): string {
		$now = $this->clock->sql();
		return "state = 'cancelled', error_class = '', error_code = %s, error_message = %s, finished_at = $now, updated_at = $now, beats = beats + 1";
	}

	/** Links a result to its post, in the transaction that accepted it. @return bool False when that transaction was rolled back by the database. */
	public function set_result_post( int $id, int $epoch, string $result_id, int $post_id ): bool {
		return 1 === Database::write(
			'UPDATE ' . $this->table( 'PRIMARY' ) . " SET summary_post_id = %d, beats = beats + 1 WHERE id = %d AND epoch = %d AND state = 'done' AND result_id = %s",
			$post_id,
			$id,
			$epoch,
			$result_id
		);
	}

	/** Of a document's jobs that wait: what was said about why they wait may no longer be so. */
	public function set_local_only( int $attachment_id, bool $local_only ): void {
		Database::write(
			'UPDATE ' . $this->table() . ' SET local_only = %d, beats = beats + 1, ' . self::UNEXPLAINED . " WHERE attachment_id = %d AND state = 'queued' AND local_only <> %d",
			(int) $local_only,
			$attachment_id,
			(int) $local_only
		);
	}

	/**
	 * The same for all documents, by their types and by the mark that people set.
	 *
	 * @param string[]|null $mimes Null for every type.
	 */
	public function mark_local_only( ?array $mimes ): void {
		list( $types, $values ) = $this->types( $mimes );
		$meta                   = Database::wpdb()->postmeta;
		Database::write(
			'UPDATE ' . $this->table() . " SET local_only = CASE WHEN $types OR attachment_id IN (SELECT post_id FROM $meta WHERE meta_key = %s AND meta_value = '1') THEN 1 ELSE 0 END, beats = beats + 1, " . self::UNEXPLAINED . " WHERE state = 'queued'",
			...$values,
			...array( LocalOnly::FIELD )
		);
	}

	/** @return array{0:string,1:string[]} SQL and values. */
	private function types( ?array $mimes ): array {
		return match ( $mimes ) {
			null    => array( '1=1', array() ),
			array() => array( '1=0', array() ),
			default => array( 'mime IN (' . implode( ',', array_fill( 0, count( $mimes ), '%s' ) ) . ')', $mimes ),
		};
	}

	/** The newest job's id, 0 where there is none. */
	public function last_id(): int {
		return (int) Database::row( 'SELECT MAX(id) AS n FROM ' . $this->table() )['n'];
	}

	private function one( string $where, mixed ...$values ): ?Job {
		$row = Database::row( $this->select() . " WHERE $where", ...$values );
		return $row ? Job::from_row( $row ) : null;
	}

	private function select(): string {
		return 'SELECT j.*, a.name AS agent_name FROM ' . $this->table() . ' j LEFT JOIN ' . Database::table( 'agents' ) . ' a ON a.id = j.agent_id';
	}

	private function table( string $index = '' ): string {
		return Database::table( 'jobs', $index );
	}
}
