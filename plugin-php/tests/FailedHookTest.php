<?php
declare( strict_types=1 );

namespace AIDoc\Tests;

use AIDoc\Database;
use AIDoc\Jobs\State;
use AIDoc\Queue\Leases;

/** However a job fails for good, other plugins are told once, with what the editor reads. */
final class FailedHookTest extends TestCase {

	/** @var list<array{0:int,1:int,2:string,3:string}> Arguments of each call of the action. */
	private array $calls = array();

	protected function setUp(): void {
		parent::setUp();
		$this->calls = array();
		add_action( 'aidoc_job_failed', array( $this, 'record' ), 10, 4 );
	}

	protected function tearDown(): void {
		remove_action( 'aidoc_job_failed', array( $this, 'record' ) );
		parent::tearDown();
	}

	public function record( int $job_id, int $attachment_id, string $code, string $message ): void {
		$this->calls[] = array( $job_id, $attachment_id, $code, $message );
	}

	/** @dataProvider ways */
	public function test_it_is_told_once( callable $fail, string $code ): void {
		$this->plugin()->settings()->update( array( 'max_attempts' => 1 ) );
		$id = $fail( $this );
		$this->plugin()->reaper()->run();
		$this->plugin()->housekeeping()->run();
		$this->plugin()->job_manager()->enqueue( $id ); // As after any change of the attachment.
		$job = $this->job_of( $id );
		self::assertSame( State::Failed, $job->state );
		self::assertSame( array( array( $job->id, $id, $code, $job->errorMessage ) ), $this->calls );
	}

	/** @return array<string,array{0:callable(self):int,1:string}> What makes a job fail and gives the attachment; the code. */
	public static function ways(): array {
		return array(
			'the agent says that it is permanent'          => array( self::reported( 'permanent', 'pdf_encrypted' ), 'pdf_encrypted' ),
			'the last attempt fails'                       => array( self::reported( 'transient', 'model_down' ), 'model_down' ),
			'a restarted agent reports a crash'            => array( self::reported( 'transient', 'agent_crashed' ), 'aidoc_crashed' ),
			'the lease of an agent runs out'               => array(
				static function ( self $test ): int {
					$id = $test->upload();
					$test->agent()->lease();
					$test->clock()->advance( Leases::TTL_MS + 1_000 );
					return $id;
				},
				'aidoc_crashed',
			),
			'a lease is held for longer than is allowed'   => array(
				static function ( self $test ): int {
					$id = $test->upload();
					$test->agent()->lease();
					Database::write( 'UPDATE ' . Database::table( 'jobs' ) . ' SET claimed_at = claimed_at - %d', Leases::MAX_RUNTIME_MS );
					$test->clock()->advance( Leases::TTL_MS + 1_000 );
					return $id;
				},
				'max_runtime',
			),
			'the file is refused before an agent sees it'  => array( static fn( self $test ): int => $test->upload( 'empty.pdf', '' ), 'aidoc_file_empty' ),
		);
	}

	private static function reported( string $error_class, string $code ): callable {
		return static function ( self $test ) use ( $error_class, $code ): int {
			$id    = $test->upload();
			$agent = $test->agent();
			$lease = $agent->lease()[0];
			$agent->send( 'POST', '/aidoc/v1/fail', TestAgent::ref( $lease ) + array( 'class' => $error_class, 'code' => $code, 'message' => 'It did not work.' ) );
			return $id;
		};
	}
}
