<?php
declare( strict_types=1 );

namespace AIDoc\Tests;

use AIDoc\Queue\Cron;

/** Mails about failures: few, short, and only to those who asked for them. */
final class FailureDigestTest extends TestCase {

	/** @var list<array<string,mixed>> What wp_mail() was given. */
	private array $mails = array();

	private bool $works = true;

	protected function setUp(): void {
		parent::setUp();
		$this->mails = array();
		$this->works = true;
		add_filter( 'pre_wp_mail', array( $this, 'catch_mail' ), 10, 2 );
	}

	protected function tearDown(): void {
		remove_filter( 'pre_wp_mail', array( $this, 'catch_mail' ) );
		parent::tearDown();
	}

	public function catch_mail( $sent, array $mail ): bool {
		$this->mails[] = $mail;
		return $this->works;
	}

	private function fail_one( string $code = 'encrypted', string $message = 'The document is protected with a password.' ): int {
		$this->upload( 'secret-name.pdf', wp_generate_password() );
		$agent       = $this->plugin()->agents()->find_by_name( 'scan-1' ) ? null : $this->agent();
		$this->agent = $agent ?? $this->agent;
		$lease       = $this->agent->lease()[0];
		$this->agent->send( 'POST', '/aidoc/v1/fail', TestAgent::ref( $lease ) + array( 'class' => 'permanent', 'code' => $code, 'message' => $message ) );
		return $lease['job_id'];
	}

	private ?TestAgent $agent = null;

	private function tick(): void {
		do_action( Cron::HOOK );
	}

	public function test_nobody_is_told_who_did_not_ask(): void {
		$this->fail_one();
		$this->tick();
		self::assertSame( array(), $this->mails );
	}

	public function test_nothing_is_sent_when_nothing_failed(): void {
		$this->plugin()->settings()->update( array( 'digest_to' => 'a@example.org' ) );
		$this->upload();
		$this->tick();
		self::assertSame( array(), $this->mails );
	}

	public function test_failures_are_told_by_reason_without_names_at_most_once_an_hour(): void {
		$this->plugin()->settings()->update( array( 'digest_to' => 'a@example.org, b@example.org' ) );
		$this->fail_one();
		$this->fail_one();
		$this->fail_one( 'damaged', 'The file is damaged.' );
		$this->fail_one( 'no_text', 'There is no text in it.' );
		$this->tick();
		$this->tick();
		self::assertCount( 1, $this->mails );
		$mail = $this->mails[0];
		self::assertSame( array( 'a@example.org', 'b@example.org' ), $mail['to'] );
		self::assertStringContainsString( '3 documents could not be read', $mail['subject'] );
		foreach ( array( '2 documents: The document is protected with a password. (encrypted)', 'page=aidoc-queue&state=failed&code=encrypted', '1 document: The file is damaged. (damaged)', 'page=aidoc-settings#aidoc-digest_to' ) as $words ) {
			self::assertStringContainsString( $words, $mail['message'] );
		}
		self::assertStringNotContainsString( 'secret-name', $mail['message'] );
		self::assertStringNotContainsString( 'no_text', $mail['message'] );

		$this->fail_one( 'empty', 'Nothing in it.' );
		$this->clock()->advance( 59 * 60_000 );
		$this->tick();
		self::assertCount( 1, $this->mails );
		$this->clock()->advance( 2 * 60_000 );
		$this->tick();
		self::assertCount( 2, $this->mails );
		self::assertStringContainsString( '1 document: Nothing in it.', $this->mails[1]['message'] );
		self::assertStringNotContainsString( 'damaged', $this->mails[1]['message'], 'It was told before.' );
	}

	public function test_what_was_read_in_the_meantime_is_not_told(): void {
		$this->plugin()->settings()->update( array( 'digest_to' => 'a@example.org' ) );
		$this->plugin()->job_manager()->retry( $this->fail_one() );
		$this->tick();
		self::assertSame( array(), $this->mails );
	}

	public function test_a_mail_that_could_not_be_sent_is_made_up_for(): void {
		$this->plugin()->settings()->update( array( 'digest_to' => 'a@example.org' ) );
		$this->works = false;
		$this->fail_one();
		$this->tick();
		$this->works = true;
		$this->tick();
		self::assertCount( 1, $this->mails, 'Not before the hour is over.' );
		$this->clock()->advance( 61 * 60_000 );
		$this->tick();
		self::assertCount( 2, $this->mails );
		self::assertStringContainsString( '(encrypted)', $this->mails[1]['message'] );
	}

	public function test_addresses_are_checked(): void {
		$settings = $this->plugin()->settings();
		self::assertSame( array( 'a@example.org', 'b@example.org' ), $settings->update( array( 'digest_to' => " a@example.org;b@example.org\n a@example.org" ) )['digest_to'] );
		self::assertStringContainsString( '“nobody” is no mail address', $settings->update( array( 'digest_to' => 'a@example.org, nobody' ) )->get_error_message() );
		self::assertSame( array(), $settings->update( array( 'digest_to' => '' ) )['digest_to'] );
		self::assertTrue( is_wp_error( $settings->update( array( 'digest_to' => implode( ',', array_map( static fn( int $i ): string => "a$i@example.org", range( 1, 11 ) ) ) ) ) ) );
	}
}
