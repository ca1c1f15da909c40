<?php
declare( strict_types=1 );

namespace AIDoc\Jobs;

/** One document to process, as read from the database. Times are milliseconds since the epoch, 0 for never. */
final class Job {

	public function __construct(
		public readonly int $id,
		public readonly int $attachmentId,
		public readonly string $sourceSha256,
		public readonly State $state,
		public readonly int $attempt,
		public readonly int $maxAttempts,
		public readonly int $crashes,
		public readonly int $epoch,
		public readonly int $agentId,
		public readonly string $agentName,
		public readonly string $phase,
		public readonly int $done,
		public readonly int $total,
		public readonly string $note,
		public readonly string $errorClass,
		public readonly string $errorCode,
		public readonly string $errorMessage,
		public readonly int $summaryPostId,
		public readonly string $filename,
		public readonly string $mime,
		public readonly int $bytes,
		public readonly string $language,
		public readonly int $availableMs,
		public readonly int $leaseExpiresMs,
		public readonly int $createdMs,
		public readonly int $updatedMs,
		public readonly string $leaseToken = '',
		public readonly string $resultId = '',
		public readonly string $resultSha256 = '',
		public readonly string $checkpoint = '',
		public readonly string $failures = '',
		public readonly string $source = '',
		public readonly string $fingerprint = '',
		public readonly string $traceId = '',
		public readonly int $watchedUntilMs = 0,
		public readonly int $claimedMs = 0,
		public readonly bool $localOnly = false,
		public readonly string $instruction = '',
		public readonly int $priority = Priority::NORMAL,
	) {}

	/** @param array<string,scalar|null> $row One row of the jobs table joined with the agent's name. */
	public static function from_row( array $row ): self {
		$int = static fn( string $key ): int => (int) ( $row[ $key ] ?? 0 );
		$str = static fn( string $key ): string => (string) ( $row[ $key ] ?? '' );
		return new self(
			$int( 'id' ),
			$int( 'attachment_id' ),
			$str( 'source_sha256' ),
			State::from( $str( 'state' ) ),
			$int( 'attempt' ),
			$int( 'max_attempts' ),
			$int( 'crashes' ),
			$int( 'epoch' ),
			$int( 'agent_id' ),
			$str( 'agent_name' ),
			$str( 'phase' ),
			$int( 'done' ),
			$int( 'total' ),
			$str( 'note' ),
			$str( 'error_class' ),
			$str( 'error_code' ),
			$str( 'error_message' ),
			$int( 'summary_post_id' ),
			$str( 'filename' ),
			$str( 'mime' ),
			$int( 'bytes' ),
			$str( 'language' ),
			$int( 'available_at' ),
			$int( 'lease_expires_at' ),
			$int( 'created_at' ),
			$int( 'updated_at' ),
			$str( 'lease_token' ),
			$str( 'result_id' ),
			$str( 'result_sha256' ),
			$str( 'checkpoint' ),
			$str( 'failures' ),
			$str( 'source' ),
			$str( 'fingerprint' ),
			$str( 'trace_id' ),
			$int( 'watched_until' ),
			$int( 'claimed_at' ),
			1 === $int( 'local_only' ),
			$str( 'instruction' ),
			(int) ( $row['priority'] ?? Priority::NORMAL ),
		);
	}

	/** @return list<array{agent:string,agent_id:int,class:string,code:string,message:string,at_ms:int}> Oldest first. */
	public function failure_list(): array {
		$list = json_decode( $this->failures, true );
		return is_array( $list ) ? array_values( $list ) : array();
	}

	/** Queued by a backfill and not looked at since: its digest is found out when it is leased, see Queue\Digests. */
	public function is_unread(): bool {
		return '' === $this->sourceSha256 && ! $this->state->is_final() && array( 'kind' => 'site' ) === json_decode( $this->source, true );
	}

	/** @return array{kind:string,url?:string,bucket?:string,key?:string,region?:string} */
	public function source_spec(): array {
		$spec = json_decode( $this->source, true );
		return is_array( $spec ) && isset( $spec['kind'] ) ? $spec : array( 'kind' => 'site' );
	}
}
