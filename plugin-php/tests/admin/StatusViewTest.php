<?php

declare( strict_types=1 );

namespace AIDoc\Tests\Admin;

use AIDoc\Jobs\Job;
use AIDoc\Media\StatusHtml;
use AIDoc\Media\StatusView;
use PHPUnit\Framework\TestCase;

final class StatusViewTest extends TestCase {

	private const NOW = 1_700_000_000_000;

	private static function job( array $row ): Job {
		return Job::from_row( $row + array( 'id' => 7, 'attachment_id' => 3, 'state' => 'queued', 'attempt' => 0, 'max_attempts' => 4, 'updated_at' => self::NOW ) );
	}

	private static function view( ?Job $job, array $context = array() ): array {
		return StatusView::make( 3, $job, $context + array( 'now_ms' => self::NOW, 'can_act' => true, 'title' => 'Minutes' ) );
	}

	public function test_facts_of_a_summary_are_one_line(): void {
		$summary = array( 'exists' => true, 'trashed' => false, 'url' => null, 'facts' => 'openai/<b> · $0.04' );
		$done    = self::job( array( 'state' => 'done', 'summary_post_id' => 9 ) );
		$view    = self::view( $done, array( 'summary' => $summary ) );
		$this->assertSame( 'openai/<b> · $0.04', $view['facts'] );
		$this->assertStringContainsString( '<div class="aidoc-status__facts">openai/&lt;b&gt; · $0.04</div>', StatusHtml::full( $view ) );
		$view = self::view( $done, array( 'summary' => array( 'facts' => '' ) + $summary ) );
		$this->assertStringNotContainsString( 'facts"', preg_replace( '/data-aidoc="[^"]*"/', '', StatusHtml::full( $view ) ) );
	}

	public static function phases(): array {
		return array(
			'no beat yet'          => array( '', 0, 0, 'Starting', 'Processing' ),
			'download'             => array( 'download', 0, 0, 'Downloading', 'Processing' ),
			'page of pages'        => array( 'extract', 12, 80, 'Reading page 12 of 80', '12/80' ),
			'before the first'     => array( 'extract', 0, 80, 'Reading page 1 of 80', '0/80' ),
			'more than there are'  => array( 'extract', 99, 80, 'Reading page 80 of 80', '80/80' ),
			'pages not known'      => array( 'extract', 3, 0, 'Reading', 'Processing' ),
			'recognising'          => array( 'ocr', 3, 10, 'Recognising page 3 of 10', '3/10' ),
			'summarising'          => array( 'summarise', 3, 9, 'Summarising part 3 of 9', '3/9' ),
			'store'                => array( 'store', 0, 0, 'Saving', 'Processing' ),
			'report'               => array( 'report', 0, 0, 'Saving', 'Processing' ),
			'a phase of the future' => array( 'translate', 0, 0, 'Starting', 'Processing' ),
		);
	}

	/** @dataProvider phases */
	public function test_a_leased_job_names_agent_and_phase( string $phase, int $done, int $total, string $detail, string $badge ): void {
		$view = self::view( self::job( array( 'state' => 'leased', 'agent_name' => 'office-01', 'phase' => $phase, 'done' => $done, 'total' => $total, 'lease_expires_at' => self::NOW + 1000 ) ) );
		$this->assertSame( 'processing', $view['state'] );
		$this->assertSame( 'Processing by office-01', $view['label'] );
		$this->assertSame( $detail, $view['detail'] );
		$this->assertSame( $badge, $view['badge'] );
		$this->assertSame( "Processing by office-01: $detail", $view['text'] );
		$this->assertTrue( $view['pending'] );
		$this->assertTrue( $view['leased'] );
		$this->assertSame( array( 'cancel' ), array_column( $view['actions'], 'name' ) );
		if ( $total > 0 ) {
			$this->assertLessThanOrEqual( 100, $view['progress']['percent'] );
		} else {
			$this->assertNull( $view['progress'] );
		}
	}

	public function test_an_expired_lease_says_that_the_agent_stopped_answering(): void {
		$view = self::view( self::job( array( 'state' => 'leased', 'agent_name' => 'a', 'phase' => 'ocr', 'done' => 1, 'total' => 2, 'lease_expires_at' => self::NOW - 1 ) ) );
		$this->assertStringContainsString( 'stopped answering', $view['detail'] );
	}

	public function test_queued_says_why_it_waits(): void {
		$view = self::view( self::job( array() ), array( 'waits' => 'Next in line.' ) );
		$this->assertSame( array( 'queued', 'Queued', 'Next in line.', true, false ), array( $view['state'], $view['label'], $view['detail'], $view['pending'], $view['leased'] ) );
		$this->assertSame( 'Queued: Next in line.', $view['text'] );
	}

	public static function summaries(): array {
		$url = 'https://example.org/wp-admin/post.php?post=9&action=edit';
		return array(
			'draft that I may edit'  => array( array( 'exists' => true, 'trashed' => false, 'url' => $url ), $url, '', array( 'redo' ) ),
			'draft of someone else'  => array( array( 'exists' => true, 'trashed' => false, 'url' => null ), null, '', array( 'redo' ) ),
			'in the trash'           => array( array( 'exists' => true, 'trashed' => true, 'url' => $url ), null, 'Trash', array() ),
			'deleted'                => array( array( 'exists' => false, 'trashed' => false, 'url' => null ), null, 'deleted', array( 'enqueue' ) ),
			'never written'          => array( null, null, 'deleted', array( 'enqueue' ) ),
		);
	}

	/** @dataProvider summaries */
	public function test_done( ?array $summary, ?string $url, string $detail, array $actions ): void {
		$view = self::view( self::job( array( 'state' => 'done' ) ), array( 'summary' => $summary ) );
		$this->assertSame( 'done', $view['state'] );
		$this->assertSame( $url, $view['link']['url'] ?? null );
		$detail ? $this->assertStringContainsString( $detail, $view['detail'] ) : $this->assertSame( '', $view['detail'] );
		$this->assertSame( $actions, array_column( $view['actions'], 'name' ) );
		$this->assertFalse( $view['pending'] );
	}

	public function test_failed_gives_the_reason_and_a_retry(): void {
		$view = self::view( self::job( array( 'state' => 'failed', 'error_message' => 'This PDF has a password.' ) ) );
		$this->assertSame( 'Failed: This PDF has a password.', $view['text'] );
		$this->assertSame( array( 'retry' ), array_column( $view['actions'], 'name' ) );
		$this->assertNotSame( '', self::view( self::job( array( 'state' => 'failed' ) ) )['detail'], 'Even an agent that gives no reason leaves a sentence.' );
	}

	public static function unreadable(): array {
		return array(
			'a password'      => array( 'encrypted', 'application/pdf', 'failed', array(), 'The reason. Replace the file: the new one is read by itself.' ),
			'damaged'         => array( 'corrupt_file', 'application/pdf', 'failed', array(), 'The reason. Replace the file: the new one is read by itself.' ),
			'empty'           => array( 'aidoc_file_empty', 'application/pdf', 'failed', array(), 'The reason. Replace the file: the new one is read by itself.' ),
			'a limit'         => array( 'aidoc_file_too_large', 'application/pdf', 'failed', array( 'retry' ), 'The reason.' ),
			'a busy model'    => array( 'llm_overloaded', 'application/pdf', 'failed', array( 'retry' ), 'The reason.' ),
			'a photo'         => array( 'no_text', 'image/jpeg', 'notext', array( 'redo' ), 'There is no text in this picture.' ),
			'an empty page'   => array( 'no_text', 'application/pdf', 'notext', array( 'redo' ), 'The reason.' ),
		);
	}

	/** @dataProvider unreadable */
	public function test_another_try_is_offered_where_it_can_help( string $code, string $mime, string $state, array $actions, string $detail ): void {
		$view = self::view( self::job( array( 'state' => 'failed', 'error_code' => $code, 'error_message' => 'The reason.', 'mime' => $mime ) ), array( 'replace' => 'https://example.org/replace' ) );
		$this->assertSame( array( $state, $actions, $detail ), array( $view['state'], array_column( $view['actions'], 'name' ), $view['detail'] ) );
		$this->assertSame( str_contains( $detail, 'Replace' ) ? 'https://example.org/replace' : null, $view['link']['url'] ?? null );
		$this->assertSame( 'failed' === $state ? 'Failed' : 'No text', $view['label'] );
	}

	public function test_the_summary_of_an_earlier_file_stays_at_hand(): void {
		$summary = array( 'exists' => true, 'trashed' => false, 'url' => 'https://example.org/edit' );
		foreach ( array( 'queued', 'leased', 'failed', 'done' ) as $state ) {
			$view = self::view( self::job( array( 'state' => $state ) ), array( 'summary' => $summary, 'newer' => true ) );
			$this->assertSame( array( 'https://example.org/edit', 'The file is newer than this summary.' ), array( $view['link']['url'], $view['flag'] ), $state );
			$this->assertStringContainsString( '<div class="aidoc-status__flag">The file is newer', StatusHtml::full( $view ) );
			$this->assertSame( '', self::view( self::job( array( 'state' => $state ) ), array( 'summary' => $summary ) )['flag'] );
		}
		$this->assertNull( self::view( self::job( array() ), array( 'summary' => array( 'trashed' => true ) + $summary, 'newer' => true ) )['link'] );
	}

	public function test_cancelled_explains_only_what_no_person_did(): void {
		$this->assertSame( '', self::view( self::job( array( 'state' => 'cancelled', 'error_code' => 'aidoc_cancelled', 'error_message' => 'x' ) ) )['detail'] );
		$this->assertSame( 'Replaced.', self::view( self::job( array( 'state' => 'cancelled', 'error_code' => 'aidoc_source_changed', 'error_message' => 'Replaced.' ) ) )['detail'] );
	}

	public function test_without_a_job(): void {
		$this->assertSame( array( 'enqueue' ), array_column( self::view( null )['actions'], 'name' ) );
		$unsupported = self::view( null, array( 'unsupported' => true, 'refusal' => 'Not a document.' ) );
		$this->assertSame( array( 'unsupported', '—', 'Not a document.', array() ), array( $unsupported['state'], $unsupported['label'], $unsupported['text'], $unsupported['actions'] ) );
		$this->assertSame( array(), self::view( null, array( 'refusal' => 'Too large.' ) )['actions'] );
		$this->assertSame( 'Unknown', self::view( null, array( 'unavailable' => true ) )['label'] );
	}

	public static function states(): array {
		return array( array( 'queued' ), array( 'leased' ), array( 'done' ), array( 'failed' ), array( 'cancelled' ) );
	}

	/** @dataProvider states */
	public function test_who_may_not_edit_gets_no_buttons( string $state ): void {
		$this->assertSame( array(), self::view( self::job( array( 'state' => $state ) ), array( 'can_act' => false ) )['actions'] );
	}

	/** @dataProvider states */
	public function test_the_state_is_told_by_words_and_shape_not_by_colour_alone( string $state ): void {
		$view = self::view( self::job( array( 'state' => $state ) ) );
		$html = StatusHtml::full( $view );
		$this->assertStringContainsString( $view['label'], wp_strip_all_tags( $html ) );
		$this->assertStringContainsString( 'dashicons-' . StatusView::icon( $view['state'] ), $html );
	}

	public function test_html_escapes_what_agents_and_uploaders_chose(): void {
		$evil  = '"><script>alert(1)</script><img src=x onerror=alert(2)>';
		$job   = self::job( array( 'state' => 'failed', 'error_message' => $evil ) );
		$html  = StatusHtml::full( self::view( $job, array( 'title' => $evil ) ) );
		$html .= StatusHtml::full( self::view( self::job( array( 'state' => 'leased', 'agent_name' => $evil, 'lease_expires_at' => self::NOW + 1 ) ) ) );
		$html .= StatusHtml::full( self::view( self::job( array( 'state' => 'done' ) ), array( 'summary' => array( 'exists' => true, 'trashed' => false, 'url' => 'javascript:alert(3)' ) ) ) );
		$dom   = new \DOMDocument();
		@$dom->loadHTML( '<?xml encoding="utf-8"?><body>' . $html . '</body>' );
		$xpath = new \DOMXPath( $dom );
		$this->assertSame( 0, $xpath->query( '//script|//img|//@onerror|//a[starts-with(@href,"javascript")]' )->length );
		$this->assertSame( $evil, json_decode( $xpath->query( '//*[@data-aidoc]' )->item( 0 )->getAttribute( 'data-aidoc' ), true )['detail'], 'The data survive the attribute unharmed.' );
	}

	public function test_an_older_job_of_a_document_is_history(): void {
		$html = StatusHtml::full( self::view( self::job( array( 'state' => 'failed', 'error_message' => 'Old.' ) ) ), false );
		$this->assertStringNotContainsString( 'data-aidoc-item', $html );
		$this->assertStringNotContainsString( '<button', $html );
		$this->assertStringContainsString( 'Old.', $html );
	}
}
