<?php

declare( strict_types=1 );

namespace AIDoc\Tests\Admin;

use AIDoc\Jobs\State;
use AIDoc\Review\Facets;
use AIDoc\Review\ListColumns;
use AIDoc\Review\ListFilters;
use AIDoc\Review\ListOrder;
use AIDoc\Summaries\PostType;
use AIDoc\Summaries\Summary;

/** The list of document summaries: what its columns say, what can be asked of it, and what it costs. */
final class SummariesListTest extends AdminTestCase {

	private ListColumns $columns;

	protected function setUp(): void {
		parent::setUp();
		$this->log_in( 'administrator' );
		delete_transient( 'aidoc_summary_facets' );
		set_current_screen( 'edit-' . PostType::NAME );
		$this->columns = new ListColumns( $this->plugin->links(), $this->plugin->jobs() );
		add_action( 'pre_get_posts', array( ListFilters::class, 'apply' ) );
		add_filter( 'posts_clauses', array( ListOrder::class, 'sort' ), 10, 2 );
		add_filter( 'the_posts', array( $this->columns, 'prime' ), 20, 2 );
	}

	protected function tearDown(): void {
		remove_action( 'pre_get_posts', array( ListFilters::class, 'apply' ) );
		remove_filter( 'posts_clauses', array( ListOrder::class, 'sort' ) );
		remove_filter( 'the_posts', array( $this->columns, 'prime' ), 20 );
		$GLOBALS['current_screen'] = null;
		unset( $GLOBALS['wp_query'], $GLOBALS['wp_the_query'] );
		parent::tearDown();
	}

	private function summary( string $name, array $result = array() ): int {
		$job     = $this->job( $this->attachment( "$name.txt" ) );
		$summary = Summary::from_body( $result + array( 'title' => "About $name", 'summary_markdown' => 'x', 'provider' => 'openai', 'model' => 'gpt', 'language' => 'en', 'pages' => 1, 'source_sha256' => $job->sourceSha256 ), 'scan-1' );
		$post    = $this->plugin->summaries()->write( $job->attachmentId, $job->id, $summary );
		$this->set( 'jobs', $job->id, array( 'state' => State::Done->value, 'summary_post_id' => $post ) );
		$this->plugin->links()->forget();
		return $post;
	}

	/** @return \WP_Post[] As the screen asks for them. */
	private function listed( array $asked = array() ): array {
		$_GET                    = $asked;
		$GLOBALS['wp_the_query'] = new \WP_Query();
		$GLOBALS['wp_query']     = $GLOBALS['wp_the_query'];
		return $GLOBALS['wp_the_query']->query( $asked + array( 'post_type' => PostType::NAME, 'posts_per_page' => 100 ) );
	}

	/** @return string[] */
	private function titles( array $asked ): array {
		return array_column( $this->listed( $asked ), 'post_title' );
	}

	private function cell( string $column, int $post ): string {
		ob_start();
		$this->columns->render( $column, $post );
		return (string) ob_get_clean();
	}

	public function test_the_columns_tell_document_pages_confidence_model_cost_and_review(): void {
		$post = $this->summary( 'minutes', array( 'pages' => 12, 'confidence' => 0.61, 'cost_usd' => 0.04 ) );
		$this->plugin->reviews()->approve( get_post( $post ), get_current_user_id() );
		$this->listed();
		self::assertMatchesRegularExpression( '~^<a href="[^"]+post=\d+[^"]*">minutes.*\.txt</a>$~', $this->cell( 'aidoc_document', $post ) );
		self::assertSame( array( '12', 'openai/gpt', '$0.04' ), array( $this->cell( 'aidoc_pages', $post ), $this->cell( 'aidoc_model', $post ), $this->cell( 'aidoc_cost', $post ) ) );
		self::assertStringContainsString( '<strong class="aidoc-doubtful">61%</strong>', $this->cell( 'aidoc_confidence', $post ) );
		self::assertStringContainsString( 'is-reviewed">Reviewed by ', $this->cell( 'aidoc_state', $post ) );
		$names = array_keys( ListColumns::columns( array( 'cb' => '', 'title' => '', 'date' => '' ) ) );
		self::assertSame( array( 'cb', 'title', 'aidoc_document', 'aidoc_state', 'aidoc_pages', 'aidoc_confidence', 'aidoc_model', 'aidoc_cost', 'date' ), $names );
	}

	public function test_a_newer_file_is_told(): void {
		$post = $this->summary( 'minutes' );
		$job  = $this->plugin->jobs()->find( (int) get_post_meta( $post, 'aidoc_job_id', true ) );
		file_put_contents( get_attached_file( $job->attachmentId ), 'Another text ' . wp_rand() );
		clearstatcache();
		$this->plugin->job_manager()->attachment_changed( $job->attachmentId );
		$this->listed();
		self::assertStringContainsString( 'The file is newer than this summary.', $this->cell( 'aidoc_state', $post ) );
	}

	public function test_it_is_filtered_by_review_confidence_model_and_language(): void {
		$this->summary( 'open' );
		$reviewed = $this->summary( 'reviewed' );
		$changed  = $this->summary( 'changed', array( 'language' => 'de' ) );
		$this->summary( 'doubtful', array( 'confidence' => 0.5, 'provider' => 'extractive', 'model' => '' ) );
		$this->summary( 'pages', array( 'confidence' => 0.9, 'pages_low' => array( (object) array( 'page' => 2, 'confidence' => 0.3 ) ) ) );
		foreach ( array( $reviewed, $changed ) as $post ) {
			$this->plugin->reviews()->approve( get_post( $post ), get_current_user_id() );
		}
		wp_update_post( array( 'ID' => $changed, 'post_content' => 'y' ) );
		$published = $this->summary( 'published' );
		wp_update_post( array( 'ID' => $published, 'post_status' => 'publish' ) );
		$cases = array(
			array( array( 'aidoc_state' => 'open' ), array( 'About changed', 'About doubtful', 'About open', 'About pages' ) ),
			array( array( 'aidoc_state' => 'reviewed' ), array( 'About published', 'About reviewed' ) ),
			array( array( 'aidoc_state' => 'changed' ), array( 'About changed' ) ),
			array( array( 'aidoc_state' => 'doubtful' ), array( 'About doubtful', 'About pages' ) ),
			array( array( 'aidoc_model' => 'extractive|' ), array( 'About doubtful' ) ),
			array( array( 'aidoc_model' => 'openai|gpt', 'aidoc_language' => 'de' ), array( 'About changed' ) ),
			array( array( 'aidoc_state' => 'open', 'aidoc_language' => 'en', 'orderby' => 'aidoc_cost' ), array( 'About doubtful', 'About open', 'About pages' ) ),
			array( array( 'aidoc_state' => 'nonsense', 'aidoc_model' => array( 'x' ) ), array( 'About changed', 'About doubtful', 'About open', 'About pages', 'About published', 'About reviewed' ) ),
		);
		foreach ( $cases as list( $asked, $want ) ) {
			$got = $this->titles( $asked );
			sort( $got );
			self::assertSame( $want, $got, (string) wp_json_encode( $asked ) );
		}
		self::assertSame( array( array( 'extractive', '' ), array( 'openai', 'gpt' ) ), ( new Facets() )->models() );
		self::assertSame( array( 'de', 'en' ), ( new Facets() )->languages() );
	}

	public function test_it_is_sorted_by_numbers_and_leaves_none_out(): void {
		$this->summary( 'nine', array( 'pages' => 9, 'cost_usd' => 0.5 ) );
		$this->summary( 'ten', array( 'pages' => 10, 'cost_usd' => 0.25 ) );
		$this->summary( 'unknown', array( 'pages' => null, 'cost_usd' => null ) );
		self::assertSame( array( 'About ten', 'About nine', 'About unknown' ), $this->titles( array( 'orderby' => 'aidoc_pages', 'order' => 'desc' ) ) );
		self::assertSame( array( 'About nine', 'About ten' ), array_slice( $this->titles( array( 'orderby' => 'aidoc_cost', 'order' => 'desc' ) ), 0, 2 ) );
		self::assertSame( array( 'About ten', 'About nine', 'About unknown' ), $this->titles( array( 'orderby' => 'aidoc_cost', 'order' => 'asc' ) ) );
		self::assertCount( 3, $this->titles( array( 'orderby' => 'aidoc_confidence', 'order' => 'asc' ) ) );
	}

	/** What the page costs must not grow with its length. */
	public function test_a_page_of_it_costs_the_same_number_of_queries_whatever_its_length(): void {
		$cost = function (): int {
			global $wpdb;
			wp_cache_flush();
			$this->plugin->links()->forget();
			$this->columns = new ListColumns( $this->plugin->links(), $this->plugin->jobs() );
			add_filter( 'the_posts', array( $this->columns, 'prime' ), 20, 2 );
			$before = $wpdb->num_queries;
			foreach ( $this->listed() as $post ) {
				foreach ( array_keys( ListColumns::columns( array() ) ) as $column ) {
					$this->cell( $column, $post->ID );
				}
			}
			remove_filter( 'the_posts', array( $this->columns, 'prime' ), 20 );
			return $wpdb->num_queries - $before;
		};
		remove_filter( 'the_posts', array( $this->columns, 'prime' ), 20 );
		for ( $i = 0; $i < 3; $i++ ) {
			$this->plugin->reviews()->approve( get_post( $this->summary( "first-$i" ) ), get_current_user_id() );
		}
		$few = $cost();
		for ( $i = 0; $i < 12; $i++ ) {
			$this->plugin->reviews()->approve( get_post( $this->summary( "more-$i" ) ), get_current_user_id() );
		}
		self::assertSame( $few, $cost() );
	}
}
