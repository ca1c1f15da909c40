<?php

declare( strict_types=1 );

namespace AIDoc\Tests\Admin;

use AIDoc\Agents\Agent;
use AIDoc\Jobs\Job;
use AIDoc\Media\QueueFacts;
use AIDoc\Media\Waiting;
use PHPUnit\Framework\TestCase;

/** Every document that waits has one reason, and it is the first that holds. */
final class WaitingTest extends TestCase {

	/** 12:00 in London. */
	private const NOON = 1_767_268_800_000;
	private const CAP  = 'This site’s daily cap of $2.00 for models is reached; work goes on on 2 January.';

	private array $options = array();

	protected function setUp(): void {
		parent::setUp();
		foreach ( array( 'time_format' => 'H:i', 'date_format' => 'j F', 'timezone_string' => 'Europe/London' ) as $name => $value ) {
			$this->options[ $name ] = get_option( $name );
			update_option( $name, $value );
		}
	}

	protected function tearDown(): void {
		array_map( 'update_option', array_keys( $this->options ), $this->options );
		parent::tearDown();
	}

	private static function job( array $row = array() ): Job {
		return Job::from_row( $row + array( 'id' => 7, 'attachment_id' => 3, 'state' => 'queued', 'attempt' => 0, 'max_attempts' => 4, 'mime' => 'application/pdf', 'bytes' => 1000, 'available_at' => self::NOON - 60_000 ) );
	}

	private static function agent( string $name, array $row = array() ): Agent {
		$caps = array_key_exists( 'caps', $row ) ? $row['caps'] : array( 'mimes' => array( 'application/pdf' ), 'max_bytes' => 5000, 'local_only' => true );
		return Agent::from_row( array( 'caps' => wp_json_encode( $caps ) ) + $row + array_fill_keys( array( 'id', 'directive_set_at', 'directive_seen_at', 'slots', 'created_at', 'directive_by', 'rotation_requested' ), 0 ) + array_fill_keys( array( 'host', 'os', 'arch', 'version', 'note' ), '' ) + array( 'name' => $name, 'state' => 'active', 'directive' => 'run', 'last_seen_at' => self::NOON - 10_000 ) );
	}

	/** @return array<string,array{0:string,1:string,2:array,3:array}> Code, sentence, facts, row of the job. */
	public static function reasons(): array {
		$free    = self::agent( 'free' );
		$off     = self::agent( 'scan-1', array( 'last_seen_at' => self::NOON - 7_200_000 ) );
		$longer  = self::agent( 'scan-2', array( 'last_seen_at' => self::NOON - 90_000_000 ) );
		$paused  = self::agent( 'scan-3', array( 'directive' => 'pause', 'directive_by' => 5, 'directive_set_at' => self::NOON - 1000 ) );
		$closed  = self::agent( 'scan-4', array( 'note' => 'outside the processing window until 2026-01-01T19:00:00Z' ) );
		$empty   = self::agent( 'scan-5', array( 'note' => "the account's quota or credit is used up: check its billing page" ) );
		$full    = self::agent( 'scan-6', array( 'note' => 'disk almost full: 3 MiB free in /srv/secret' ) );
		$stopped = self::agent( 'scan-7', array( 'stopped_at' => self::NOON - 3_600_000 ) );
		$text    = self::agent( 'texts', array( 'caps' => array( 'mimes' => array( 'text/plain' ), 'max_bytes' => 10, 'local_only' => false ) ) );
		$line    = array( 'agents' => array( $free ), 'line' => array( 1, 2, 3, 7, 8 ) );
		$waiting = array( 'error_class' => 'waiting', 'error_message' => 'It waits for the provider’s batch.' );
		$failed  = array( 'attempt' => 2, 'error_message' => 'The model is busy', 'available_at' => self::NOON + 120_000 );
		return array(
			'nobody joined'                  => array( 'no_agent', 'No agent has joined this site yet.', array( 'agents' => array(), 'cap' => self::CAP ), $waiting ),
			'its model was asked in a batch' => array( 'batch', 'The model was asked in a batch, which is cheaper and may take a day. Next look in 40 minutes.', array( 'agents' => array( $off ), 'cap' => self::CAP ), array( 'error_class' => 'waiting', 'error_code' => 'aidoc_batch', 'available_at' => self::NOON + 2_400_000 ) ),
			'the batch is looked at'         => array( 'batch', 'The model was asked in a batch, which is cheaper and may take a day. The next free agent looks.', array( 'agents' => array( $off ), 'cap' => self::CAP ), array( 'error_class' => 'waiting', 'error_code' => 'aidoc_batch' ) ),
			'said by somebody'               => array( 'stored', 'It waits for the provider’s batch.', array( 'agents' => array( $off ), 'cap' => self::CAP ), $waiting ),
			'a type that none reads'         => array( 'no_reader', 'No joined agent reads files of type image/webp. Update an agent, or join one that does.', array( 'agents' => array( $free, $off ) ), array( 'mime' => 'image/webp' ) ),
			'larger than any takes'          => array( 'no_reader', 'This file has 8.8 KB, and no joined agent takes more than 4.9 KB. Raise extract.max_bytes on an agent, or upload a smaller file.', array( 'agents' => array( $free ) ), array( 'bytes' => 9000 ) ),
			'local only'                     => array( 'no_reader', 'This document is local only, and no joined agent that reads it keeps documents to its own machine. Update an agent, or take the mark away.', array( 'agents' => array( $text ) ), array( 'mime' => 'text/plain', 'local_only' => 1 ) ),
			'an agent that has not said'     => array( 'in_line', 'Next in line.', array( 'agents' => array( self::agent( 'new', array( 'caps' => null ) ) ), 'line' => array( 7 ) ), array( 'mime' => 'image/webp' ) ),
			'the only agent is offline'      => array( 'blocked', 'The agent scan-1 is offline since 10:00.', array( 'agents' => array( $off ) ), array() ),
			'all are offline'                => array( 'blocked', 'Every agent is offline since 10:00.', array( 'agents' => array( $longer, $off ) ), array() ),
			'since another day'              => array( 'blocked', 'The agent scan-2 is offline since 31 December 11:00.', array( 'agents' => array( $longer ) ), array() ),
			'never heard of'                 => array( 'blocked', 'The agent new has never asked for documents.', array( 'agents' => array( self::agent( 'new', array( 'last_seen_at' => 0 ) ) ) ), array() ),
			'stopped'                        => array( 'blocked', 'The agent scan-7 was stopped at 11:00.', array( 'agents' => array( $stopped ) ), array() ),
			'those that read it are offline' => array( 'blocked', 'The agent scan-1 is offline since 10:00.', array( 'agents' => array( $off, $text ) ), array() ),
			'paused by somebody'             => array( 'blocked', 'The agent scan-3 is paused by Ann.', array( 'agents' => array( $off, $paused ), 'names' => array( 5 => 'Ann' ) ), array() ),
			'paused by whom'                 => array( 'blocked', 'The agent scan-3 is paused.', array( 'agents' => array( $paused ) ), array() ),
			'outside its hours'              => array( 'blocked', 'The agent scan-4 is outside its hours until 19:00.', array( 'agents' => array( $closed ), 'cap' => self::CAP ), array() ),
			'an agent without the hour'      => array( 'blocked', 'The agent old is outside its hours.', array( 'agents' => array( self::agent( 'old', array( 'note' => 'outside the processing window' ) ) ) ), array() ),
			'an empty account'               => array( 'blocked', 'The agent scan-5 has no credit left at its model provider.', array( 'agents' => array( $empty ) ), array() ),
			'that keeps nothing local'       => array( 'in_line', 'Next in line.', array( 'agents' => array( $empty ), 'line' => array( 7 ) ), array( 'local_only' => 1 ) ),
			'a note, to an editor'           => array( 'blocked', 'The agent scan-6 takes no documents at the moment; an administrator finds the reason on the Agents page.', array( 'agents' => array( $full ) ), array() ),
			'a note, to an administrator'    => array( 'blocked', 'The agent scan-6 takes no documents at the moment (disk almost full: 3 MiB free in /srv/secret).', array( 'agents' => array( $full ), 'admin' => true ), array() ),
			'each for its own reason'        => array( 'blocked', 'No agent takes it now: scan-3 is paused by Ann and scan-4 is outside its hours until 19:00.', array( 'agents' => array( $paused, $closed, $off ), 'names' => array( 5 => 'Ann' ) ), array() ),
			'one that may run again'         => array( 'in_line', 'Next in line.', array( 'agents' => array( self::agent( 'a', array( 'note' => 'asked to pause' ) ) ), 'line' => array( 7 ) ), array() ),
			'a cap'                          => array( 'cap', self::CAP, array( 'agents' => array( $free ), 'cap' => self::CAP ), $failed ),
			'backing off'                    => array( 'backing_off', 'Attempt 2 of 4: The model is busy. Next one in 2 minutes.', $line, $failed ),
			'backed off'                     => array( 'backing_off', 'Attempt 2 of 4: The model is busy. Next one as soon as an agent is free.', $line, array( 'available_at' => self::NOON - 1 ) + $failed ),
			'put off'                        => array( 'not_before', 'Put off until 12:05.', $line, array( 'available_at' => self::NOON + 300_000 ) ),
			'next'                           => array( 'in_line', 'Next in line.', array( 'line' => array( 7, 8 ) ) + $line, array() ),
			'one ahead'                      => array( 'in_line', '1 document ahead.', array( 'line' => array( 1, 7 ) ) + $line, array() ),
			'three ahead, and the pace'      => array( 'in_line', '3 documents ahead, about 4 minutes.', $line + array( 'paceMs' => 80_000 ), array() ),
			'further than is counted'        => array( 'in_line', 'More than 2 documents ahead, about 2 hours.', array( 'line' => array( 1, 2 ), 'more' => true, 'paceMs' => 3_600_000 ) + $line, array() ),
			'it came in between'             => array( '', '', array( 'line' => array( 1, 2 ) ) + $line, array() ),
		);
	}

	/** @dataProvider reasons */
	public function test_the_first_reason_that_holds_is_told( string $code, string $text, array $facts, array $row ): void {
		$got = Waiting::of( self::job( $row ), new QueueFacts( ...( $facts + array( 'nowMs' => self::NOON ) ) ) );
		// Before 6.3 WordPress says "mins".
		self::assertSame( array( $code, $text ), array( $got['code'], preg_replace( '/\bmin(s?)\b/', 'minute$1', $got['text'] ) ) );
	}

	public function test_what_holds_up_all_is_told_once(): void {
		$reasons = self::reasons();
		foreach ( array( 'nobody joined', 'all are offline', 'paused by somebody', 'outside its hours', 'a cap' ) as $name ) {
			list( $code, $text, $facts ) = $reasons[ $name ];
			self::assertSame( array( 'code' => $code, 'text' => $text ), Waiting::of_all( new QueueFacts( ...( $facts + array( 'nowMs' => self::NOON ) ) ) ), $name );
		}
		foreach ( array( 'those that read it are offline', 'next', 'backing off' ) as $name ) {
			self::assertNull( Waiting::of_all( new QueueFacts( ...( $reasons[ $name ][2] + array( 'nowMs' => self::NOON ) ) ) ), $name );
		}
	}
}
