<?php
declare( strict_types=1 );

namespace AIDoc\Agents;

/** An agent as the site knows it. Times are milliseconds since the epoch, 0 for never; `directiveBy` is the user who gave the directive, 0 for nobody known. */
final class Agent {

	public const DIRECTIVES = array( 'run', 'pause', 'drain', 'stop' );

	/** The directive that is for the processes which ran when it was given, and for no later one. */
	public const STOP = 'stop';

	public function __construct(
		public readonly int $id,
		public readonly string $name,
		public readonly string $state,
		public readonly string $directive,
		public readonly int $directiveSetMs,
		public readonly int $directiveSeenMs,
		public readonly string $host,
		public readonly string $os,
		public readonly string $arch,
		public readonly string $version,
		public readonly int $slots,
		public readonly int $lastSeenMs,
		public readonly string $note,
		public readonly int $createdMs,
		public readonly bool $rotationRequested = false,
		public readonly string $caps = '',
		public readonly int $stoppedMs = 0,
		public readonly string $allowedIps = '',
		public readonly string $lastIp = '',
		public readonly int $directiveBy = 0,
	) {}

	/** @return string[] Addresses and networks it may come from; empty for anywhere. */
	public function allowed_ips(): array {
		return '' === $this->allowedIps ? array() : explode( ' ', $this->allowedIps );
	}

	/** @return array{mimes:string[],max_bytes:int,local_only:bool,ocr_languages:string[],summariser:string,doorbell:string,doorbell_sign:string}|null What it said it can read, who writes its summaries, and how it hears the doorbell; null before it first asked for work. */
	public function capabilities(): ?array {
		$caps = json_decode( $this->caps, true );
		return is_array( $caps ) ? array(
			'mimes'         => (array) $caps['mimes'],
			'max_bytes'     => (int) $caps['max_bytes'],
			'local_only'    => ! empty( $caps['local_only'] ),
			'ocr_languages' => array_map( 'strval', (array) ( $caps['ocr_languages'] ?? array() ) ),
			'summariser'    => (string) ( $caps['summariser'] ?? '' ),
			'doorbell'      => (string) ( $caps['doorbell'] ?? '' ),
			'doorbell_sign' => (string) ( $caps['doorbell_sign'] ?? '' ),
		) : null;
	}

	/** @param array<string,scalar|null> $row One row of the agents table. */
	public static function from_row( array $row ): self {
		return new self(
			(int) $row['id'],
			(string) $row['name'],
			(string) $row['state'],
			(string) $row['directive'],
			(int) $row['directive_set_at'],
			(int) $row['directive_seen_at'],
			(string) $row['host'],
			(string) $row['os'],
			(string) $row['arch'],
			(string) $row['version'],
			(int) $row['slots'],
			(int) $row['last_seen_at'],
			(string) $row['note'],
			(int) $row['created_at'],
			(bool) (int) $row['rotation_requested'],
			(string) ( $row['caps'] ?? '' ),
			(int) ( $row['stopped_at'] ?? 0 ),
			(string) ( $row['allowed_ips'] ?? '' ),
			(string) ( $row['last_ip'] ?? '' ),
			(int) ( $row['directive_by'] ?? 0 ),
		);
	}
}
