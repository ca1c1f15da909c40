<?php
declare( strict_types=1 );

namespace AIDoc\Tests;

use AIDoc\Database;
use AIDoc\Front\Blocks;
use AIDoc\Front\Catalogue;
use AIDoc\Front\Wanted;
use AIDoc\Queue\Cron;
use AIDoc\Schema;
use AIDoc\Search\Texts;
use AIDoc\Search\Words;

/** The list of documents with summaries: search, choices, pages. PublishedTest holds who sees what in it. */
final class SummaryListTest extends FrontTestCase {

	/** @return array<string,int> Name → summary. */
	private function library(): array {
		$made = array();
		foreach ( array( 'budget.pdf' => array( 'A Surplus for the Council', 'application/pdf', '2026-03-01', 'The treasurer proposes a surplus.' ), 'fees.xlsx' => array( 'Fees of Offices and Schools', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', '2025-05-01', 'A passport costs 37 euros, surplus to none.' ), 'letter.pdf' => array( 'Noise at Night in Station Street', 'application/pdf', '2025-06-01', 'Grüße aus Köln: the café wrote about noise & [dust].' ) ) as $name => list( $title, $mime, $date, $text ) ) {
			$id = $this->upload( $name, "$name " . wp_rand(), $mime );
			wp_update_post( array( 'ID' => $id, 'post_date' => "$date 10:00:00", 'post_date_gmt' => "$date 10:00:00", 'edit_date' => true ) );
			$this->plugin()->job_manager()->enqueue( $id, true );
			$agent = $this->agent( 'lister-' . wp_rand() );
			$post  = $agent->result( $agent->lease()[0], array( 'title' => $title, 'summary_markdown' => $text . "\n\n## Key points\n\n- Only below." ) )->get_data()['post_id'];
			wp_update_post( array( 'ID' => $post, 'post_status' => 'publish' ) );
			$made[ $name ] = $post;
		}
		return $made;
	}

	/** @return string[] Titles in their order. */
	private static function titles( string $html ): array {
		preg_match_all( '~<h\d class="aidoc-summaries__title">([^<]*)~', $html, $found );
		return $found[1];
	}

	/** @param array<string,string> $asked */
	private static function found( array $asked, array $attributes = array() ): array {
		return self::titles( self::asking( $asked, fn() => self::fresh( $attributes ) ) );
	}

	/** As the first list of a page. */
	private static function fresh( array $attributes = array() ): string {
		return self::draw( self::front(), $attributes );
	}

	/** As core calls a block's renderer, which it tells what it draws. */
	private static function draw( object $front, array $attributes, array $context = array() ): string {
		$around                              = \WP_Block_Supports::$block_to_render;
		\WP_Block_Supports::$block_to_render = array( 'blockName' => Blocks::LIST, 'attrs' => $attributes );
		try {
			return $front->list()->block( $attributes, $context );
		} finally {
			\WP_Block_Supports::$block_to_render = $around;
		}
	}

	public function test_it_lists_the_newest_documents_first_or_by_title(): void {
		$this->library();
		self::assertSame( array( 'A Surplus for the Council', 'Noise at Night in Station Street', 'Fees of Offices and Schools' ), self::found( array() ) );
		self::assertSame( array( 'A Surplus for the Council', 'Fees of Offices and Schools', 'Noise at Night in Station Street' ), self::found( array(), array( 'order' => 'title' ) ) );
		$abstract = self::fresh();
		self::assertStringContainsString( 'The treasurer proposes', $abstract );
		self::assertStringNotContainsString( 'Only below', $abstract );
		self::assertMatchesRegularExpression( '~<details.*Only below.*</details>~s', self::fresh( array( 'show' => 'whole' ) ) );
		self::assertStringNotContainsString( 'treasurer', self::fresh( array( 'show' => 'title' ) ) );
	}

	/** @return array<string,array{0:string,1:string[]}> */
	public function searches(): array {
		return array(
			'a word'                       => array( 'treasurer', array( 'A Surplus for the Council' ) ),
			'the beginning of one'         => array( 'treas', array( 'A Surplus for the Council' ) ),
			'each of the words'            => array( 'surplus passport', array( 'Fees of Offices and Schools' ) ),
			'in any case and order'        => array( 'PASSPORT Surplus', array( 'Fees of Offices and Schools' ) ),
			'short words'                  => array( '37', array( 'Fees of Offices and Schools' ) ),
			'a stop word of the database'  => array( 'about', array( 'Noise at Night in Station Street' ) ),
			'the name of the file'         => array( 'letter.pdf', array( 'Noise at Night in Station Street' ) ),
			'letters with marks'           => array( 'Grüße', array( 'Noise at Night in Station Street' ) ),
			'what stands for itself'       => array( '&', array( 'Noise at Night in Station Street' ) ),
			'a bracket'                    => array( '[dust]', array( 'Noise at Night in Station Street' ) ),
			'not the markup'               => array( 'wp:paragraph', array() ),
			'nor its classes'              => array( 'wp-block-heading', array() ),
			'no pattern of the database'   => array( '%', array() ),
			'nor another'                  => array( '37_euros', array() ),
			'no operators'                 => array( '+treasurer -surplus', array() ),
			'no SQL'                       => array( "x') OR 1=1 -- ", array() ),
			'nothing'                      => array( 'xylophone', array() ),
			'spaces are no search'         => array( '   ', array( 'A Surplus for the Council', 'Noise at Night in Station Street', 'Fees of Offices and Schools' ) ),
		);
	}

	/** @dataProvider searches */
	public function test_searching( string $typed, array $titles ): void {
		$this->library();
		self::assertSame( $titles, self::found( array( 'q' => $typed ) ) );
		self::assertSame( '', $GLOBALS['wpdb']->last_error );
		$html = self::asking( array( 'q' => $typed ), fn() => self::fresh() );
		self::assertStringContainsString( $titles ? count( $titles ) . ( 1 === count( $titles ) ? ' document' : ' documents' ) : 'No document fits', $html );
	}

	public function test_choices_are_what_there_is_with_its_number(): void {
		$made = $this->library();
		$html = (string) preg_replace( '~\s+~', ' ', self::asking( array( 'type' => 'pdf' ), fn() => self::fresh() ) );
		self::assertStringContainsString( '<option value="pdf" selected=\'selected\'>PDF (2)</option>', $html );
		self::assertStringContainsString( '<option value="office" >Office documents (1)</option>', $html );
		self::assertStringContainsString( '<option value="2025" >2025 (2)</option>', $html );
		self::assertStringNotContainsString( 'Images and scans', $html );
		self::assertSame( array( 'A Surplus for the Council', 'Noise at Night in Station Street' ), self::titles( $html ) );
		self::assertSame( array( 'Noise at Night in Station Street' ), self::found( array( 'type' => 'pdf', 'year' => '2025' ) ) );
		foreach ( array( array( 'type' => 'nonsense' ), array( 'year' => '-5' ), array( 'page' => 'x' ), array( 'folder' => "1' OR '1" ) ) as $odd ) {
			self::assertCount( 3, self::found( $odd ), (string) wp_json_encode( $odd ) );
		}
		self::assertSame( array( 'Fees of Offices and Schools' ), self::found( array( 'type' => 'pdf' ), array( 'type' => 'office', 'filters' => false ) ), 'Who may not choose does not.' );
		self::assertSame( array(), self::found( array( 'type' => 'pdf' ), array( 'type' => 'office' ) ) );
		wp_update_post( array( 'ID' => $made['fees.xlsx'], 'post_status' => 'draft' ) );
		self::assertStringNotContainsString( 'Office documents', self::fresh(), 'What nobody may see is in no number.' );
	}

	public function test_pages_keep_what_was_chosen(): void {
		$this->library();
		$html = self::asking( array( 'q' => 'only below', 'year' => '2025' ), fn() => self::fresh( array( 'perPage' => 1 ) ) );
		self::assertSame( array( 'Noise at Night in Station Street' ), self::titles( $html ) );
		self::assertSame( 1, preg_match( '~rel="next" href="([^"]+)"~', $html, $next ) );
		parse_str( (string) wp_parse_url( html_entity_decode( $next[1] ), PHP_URL_QUERY ), $query );
		self::assertSame( array( 'aidoc_q' => 'only below', 'aidoc_year' => '2025', 'aidoc_page' => '2' ), $query );
		self::assertSame( array( 'Fees of Offices and Schools' ), self::found( array( 'q' => 'only below', 'year' => '2025', 'page' => '2' ), array( 'perPage' => 1 ) ) );
		self::assertSame( array( 'Fees of Offices and Schools' ), self::found( array( 'page' => '99999' ), array( 'perPage' => 2 ) ), 'Beyond the last is the last.' );
		self::assertSame( array( 'A Surplus for the Council', 'Noise at Night in Station Street', 'Fees of Offices and Schools' ), self::found( array(), array( 'perPage' => 5000 ) ) );
	}

	public function test_two_lists_of_a_page_have_parameters_of_their_own(): void {
		$this->library();
		$front = self::front();
		$both  = self::asking( array( 'q' => 'treasurer', 'q2' => 'passport' ), fn() => array( self::draw( $front, array() ), self::draw( $front, array() ) ) );
		self::assertSame( array( array( 'A Surplus for the Council' ), array( 'Fees of Offices and Schools' ) ), array_map( array( self::class, 'titles' ), $both ) );
	}

	public function test_what_was_typed_is_text(): void {
		$html = self::asking( array( 'q' => '"><script>x()</script>' ), fn() => self::fresh() );
		self::assertStringNotContainsString( '<script', $html );
		self::assertSame( 200, mb_strlen( self::asking( array( 'q' => str_repeat( 'ä', 5000 ) ), fn() => ( new \AIDoc\Front\ListRequest( 1 ) )->typed ) ) );
		self::assertCount( 8, Words::of( 'a b c d e f g h i j k' ) );
	}

	public function test_folders_and_the_post_that_documents_are_attached_to(): void {
		$made = $this->library();
		register_taxonomy( 'media_folder', 'attachment', array( 'hierarchical' => true, 'label' => 'Folders' ) );
		foreach ( get_terms( array( 'taxonomy' => 'media_folder', 'hide_empty' => false, 'fields' => 'ids' ) ) as $old ) {
			wp_delete_term( $old, 'media_folder' ); // Of a run that was cut off.
		}
		$top  = wp_insert_term( 'Council', 'media_folder' )['term_id'];
		$sub  = wp_insert_term( 'Budgets', 'media_folder', array( 'parent' => $top ) )['term_id'];
		$else = wp_insert_term( 'Secret', 'media_folder' )['term_id'];
		wp_set_object_terms( $this->document_of( $made['budget.pdf'] ), $sub, 'media_folder' );
		wp_set_object_terms( $this->document_of( $made['letter.pdf'] ), $else, 'media_folder' );
		wp_update_post( array( 'ID' => $made['letter.pdf'], 'post_status' => 'draft' ) );
		$folders = array( 'taxonomy' => 'media_folder' );
		self::assertSame( array( 'A Surplus for the Council' ), self::found( array(), $folders + array( 'folder' => 'council' ) ), 'What is in a folder of the folder, too.' );
		self::assertSame( array(), self::found( array(), $folders + array( 'folder' => 'no-such' ) ) );
		self::assertSame( array( 'A Surplus for the Council' ), self::found( array( 'folder' => (string) $top ), $folders ) );
		self::assertStringNotContainsString( 'Secret', self::fresh( $folders ), 'The name of a folder of which one may read nothing.' );
		$page = $this->page( 'publish' );
		wp_update_post( array( 'ID' => $this->document_of( $made['fees.xlsx'] ), 'post_parent' => $page ) );
		$front = self::front();
		self::assertSame( array( 'Fees of Offices and Schools' ), self::titles( self::draw( $front, array( 'attachedOnly' => true ), array( 'postId' => $page ) ) ) );
		array_map( static fn( int $term ) => wp_delete_term( $term, 'media_folder' ), array( $sub, $top, $else ) );
		unregister_taxonomy( 'media_folder' );
	}

	public function test_what_it_is_found_by_follows_the_summary_and_the_document(): void {
		$made = $this->library();
		wp_update_post( array( 'ID' => $made['budget.pdf'], 'post_content' => 'Quite another matter: xylophone.' ) );
		self::assertSame( array( array( 'A Surplus for the Council' ), array() ), array( self::found( array( 'q' => 'xylophone' ) ), self::found( array( 'q' => 'treasurer' ) ) ) );
		wp_update_post( array( 'ID' => $this->document_of( $made['fees.xlsx'] ), 'post_title' => 'Glockenspiel' ) );
		self::assertSame( array( 'Fees of Offices and Schools' ), self::found( array( 'q' => 'glockenspiel' ) ) );
		wp_delete_post( $made['budget.pdf'], true );
		self::assertSame( array(), Database::rows( 'SELECT summary_id FROM ' . Database::table( 'texts' ) . ' WHERE summary_id = %d', $made['budget.pdf'] ) );
	}

	public function test_summaries_of_before_come_in_by_schedule(): void {
		$this->library();
		Database::write( 'DROP TABLE ' . Database::table( 'texts' ) );
		wp_clear_scheduled_hook( Cron::INDEX_TEXTS );
		update_option( Schema::OPTION, 6, false );
		Schema::maybe_upgrade();
		self::assertSame( array(), self::found( array( 'q' => 'treasurer' ) ) );
		self::assertNotFalse( wp_next_scheduled( Cron::INDEX_TEXTS ) );
		do_action( Cron::INDEX_TEXTS );
		self::assertSame( array( 'A Surplus for the Council' ), self::found( array( 'q' => 'treasurer' ) ) );
		wp_clear_scheduled_hook( Cron::INDEX_TEXTS );
	}

	public function test_after_reinstalling_the_list_still_knows_the_documents(): void {
		$this->library();
		Database::write( 'DELETE FROM ' . Database::table( 'jobs' ) );
		$this->plugin()->links()->forget();
		self::assertCount( 3, self::found( array() ) );
	}

	public function test_a_broken_table_takes_nothing_but_the_list(): void {
		$this->library();
		Database::write( 'RENAME TABLE ' . Database::table( 'texts' ) . ' TO ' . Database::table( 'away' ) );
		$GLOBALS['wpdb']->suppress_errors( true );
		try {
			self::assertSame( '', self::asking( array( 'q' => 'treasurer' ), fn() => self::fresh() ) );
		} finally {
			$GLOBALS['wpdb']->suppress_errors( false );
			Database::write( 'RENAME TABLE ' . Database::table( 'away' ) . ' TO ' . Database::table( 'texts' ) );
		}
	}

	public function test_a_page_of_many_costs_few_queries(): void {
		$this->library();
		wp_cache_flush();
		$queries = self::queries( fn() => self::fresh( array( 'show' => 'title' ) ) );
		self::assertLessThanOrEqual( 8, count( $queries ), implode( "\n", $queries ) );
		self::assertSame( 3, ( new Catalogue( new Texts() ) )->count( new Wanted(), 0 ) );
		wp_cache_flush();
		self::fresh();
		wp_cache_flush();
		get_option( 'home' ); // What each request loads.
		$queries = self::queries( fn() => self::fresh() );
		$primes  = function_exists( 'wp_prime_option_caches' );
		self::assertLessThanOrEqual( $primes ? 8 : 20, count( $queries ), implode( "\n", $queries ) );
	}
}
