<?php
declare( strict_types=1 );

namespace AIDoc\Tests;

use AIDoc\Jobs\State;
use AIDoc\Summaries\PostType;

final class ResultTest extends TestCase {

	private function leased( string $bytes = 'pdf' ): array {
		$id    = $this->upload( 'minutes.pdf', $bytes );
		$agent = $this->agent( 'scan-' . wp_rand() );
		return array( $id, $agent, $agent->lease()[0] );
	}

	public function test_a_result_becomes_a_draft_with_fields_and_a_link(): void {
		list( $id, $agent, $lease ) = $this->leased();
		$done                       = array();
		$record                     = static function ( ...$args ) use ( &$done ): void {
			$done = $args;
		};
		add_action( 'aidoc_job_done', $record, 10, 3 );
		$answer = $agent->result( $lease );
		remove_action( 'aidoc_job_done', $record );
		self::assertSame( 200, $answer->get_status(), wp_json_encode( $answer->get_data() ) );
		$data = $answer->get_data();
		$post = get_post( $data['post_id'] );
		self::assertSame( array( 'accepted', $lease['job_id'] ), array( $data['status'], $data['job_id'] ) );
		self::assertStringContainsString( "post.php?post={$post->ID}&action=edit", $data['edit_url'] );
		self::assertSame( array( PostType::NAME, 'draft', 'Minutes of the board', '1' ), array( $post->post_type, $post->post_status, $post->post_title, $post->post_author ) );
		self::assertStringContainsString( wp_get_attachment_url( $id ), $post->post_content );
		self::assertStringContainsString( '<li>two</li>', $post->post_content );
		$job = $this->job_of( $id );
		self::assertSame( array( State::Done, $post->ID, '' ), array( $job->state, $job->summaryPostId, $job->errorCode ) );
		self::assertSame( array( $job->id, $id, $post->ID ), $done );
		$meta = static fn( string $name ) => get_post_meta( $post->ID, 'aidoc_' . $name, true );
		self::assertEquals( array( $id, $job->id, 812, 12, 3, array( 7 ), 0.93, 3, 5300, 0.0123 ), array_map( $meta, array( 'attachment_id', 'job_id', 'word_count', 'pages', 'pages_ocr', 'pages_failed', 'confidence', 'chunks', 'processing_ms', 'cost_usd' ) ) );
		self::assertSame( array( 'extractive', $agent->agent->name, '1.0.0', $job->sourceSha256, "processed/{$job->id}/text.txt" ), array_map( $meta, array( 'provider', 'agent', 'agent_version', 'source_sha256', 's3_text_key' ) ) );
	}

	public function test_fields_are_typed_in_rest_for_editors_only(): void {
		list( , $agent, $lease ) = $this->leased();
		$post_id                 = $agent->result( $lease )->get_data()['post_id'];
		$request                 = new \WP_REST_Request( 'GET', "/wp/v2/aidoc-summaries/$post_id" );
		self::assertSame( 401, TestAgent::dispatch( $request )->get_status() );
		wp_set_current_user( 1 );
		self::assertArrayNotHasKey( 'aidoc_word_count', TestAgent::dispatch( $request )->get_data()['meta'] ?? array(), 'Reading tells the text; the facts are for who edits.' );
		$request->set_query_params( array( 'context' => 'edit' ) );
		$meta = TestAgent::dispatch( $request )->get_data()['meta'];
		self::assertSame( array( 812, array( 7 ), 0.93, 'extractive' ), array( $meta['aidoc_word_count'], $meta['aidoc_pages_failed'], $meta['aidoc_confidence'], $meta['aidoc_provider'] ) );
		$author = wp_insert_user( array( 'user_login' => 'a' . wp_rand(), 'user_pass' => 'x', 'role' => 'author' ) );
		wp_set_current_user( $author );
		self::assertSame( 404, TestAgent::dispatch( $request )->get_status(), 'Not of a document that they uploaded: as if it were not there.' );
		self::assertFalse( current_user_can( 'edit_post', $post_id ) );
		wp_delete_user( $author );
	}

	public function test_delivered_again_it_is_the_same_post(): void {
		list( , $agent, $lease ) = $this->leased();
		$body                    = (string) wp_json_encode( TestAgent::result_body( $lease ) );
		$first                   = $agent->send( 'POST', '/aidoc/v1/result', $body )->get_data();
		$again                   = $agent->send( 'POST', '/aidoc/v1/result', $body )->get_data();
		self::assertSame( array( 'already_accepted', $first['post_id'] ), array( $again['status'], $again['post_id'] ) );
		self::assertCount( 1, $this->summaries() );
		$other = $agent->send( 'POST', '/aidoc/v1/result', str_replace( 'All agreed', 'Nobody agreed', $body ) );
		self::assertRefused( 'aidoc_result_conflict', 422, $other );
		self::assertRefused( 'aidoc_lease_lost', 409, $agent->result( $lease ) );
		self::assertRefused( 'aidoc_lease_lost', 409, $this->agent( 'thief' )->send( 'POST', '/aidoc/v1/result', $body ) );
	}

	public function test_a_crash_between_job_and_post_is_fixed_by_the_retry(): void {
		list( $id, $agent, $lease ) = $this->leased();
		$body                       = (string) wp_json_encode( TestAgent::result_body( $lease ) );
		$post                       = $agent->send( 'POST', '/aidoc/v1/result', $body )->get_data()['post_id'];
		// As if the tables had no transactions and PHP died: the job is done, the post is not linked, or not there.
		$forget = fn() => $this->plugin()->jobs()->set_summary( $lease['job_id'], 0 );
		$forget();
		self::assertSame( $post, $agent->send( 'POST', '/aidoc/v1/result', $body )->get_data()['post_id'] );
		self::assertSame( $post, $this->job_of( $id )->summaryPostId );
		wp_delete_post( $post, true );
		$forget();
		$new = $agent->send( 'POST', '/aidoc/v1/result', $body )->get_data()['post_id'];
		self::assertSame( PostType::NAME, get_post_type( $new ) );
		self::assertCount( 1, $this->summaries() );
	}

	public function test_a_post_that_cannot_be_stored_leaves_the_job_leased(): void {
		list( $id, $agent, $lease ) = $this->leased();
		add_filter( 'wp_insert_post_empty_content', '__return_true' );
		$body   = (string) wp_json_encode( TestAgent::result_body( $lease ) );
		$answer = $agent->send( 'POST', '/aidoc/v1/result', $body );
		remove_filter( 'wp_insert_post_empty_content', '__return_true' );
		self::assertRefused( 'aidoc_unavailable', 503, $answer );
		self::assertSame( State::Leased, $this->job_of( $id )->state );
		self::assertSame( array(), $this->summaries() );
		self::assertSame( 'accepted', $agent->send( 'POST', '/aidoc/v1/result', $body )->get_data()['status'] );
	}

	public function test_a_second_summary_replaces_an_untouched_draft(): void {
		list( $id, $agent, $lease ) = $this->leased();
		$post                       = $agent->result( $lease )->get_data()['post_id'];
		$next                       = $this->again( $id, $agent );
		self::assertSame( $post, $agent->result( $next, array( 'title' => 'New', 'summary_markdown' => 'New text.', 'confidence' => null, 'word_count' => 5 ) )->get_data()['post_id'] );
		self::assertSame( 'New', get_post( $post )->post_title );
		self::assertStringContainsString( 'New text.', get_post( $post )->post_content );
		self::assertEquals( array( 5, '' ), array( get_post_meta( $post, 'aidoc_word_count', true ), get_post_meta( $post, 'aidoc_confidence', true ) ) );
		self::assertCount( 1, $this->summaries() );
	}

	/** @dataProvider edits */
	public function test_what_a_person_touched_stays_and_the_new_text_is_a_revision( array $edit ): void {
		list( $id, $agent, $lease ) = $this->leased();
		$post                       = $agent->result( $lease )->get_data()['post_id'];
		wp_set_current_user( 1 );
		wp_update_post( wp_slash( array( 'ID' => $post ) + $edit ) );
		wp_set_current_user( 0 );
		$before = get_post( $post );
		$agent->result( $this->again( $id, $agent ), array( 'title' => 'New', 'summary_markdown' => 'New text with \\ and 😀.', 'word_count' => 5 ) );
		$after = get_post( $post );
		self::assertSame( array( $before->post_title, $before->post_content, $before->post_status ), array( $after->post_title, $after->post_content, $after->post_status ) );
		self::assertEquals( 5, get_post_meta( $post, 'aidoc_word_count', true ) );
		$texts = array_column( wp_get_post_revisions( $post ), 'post_content' );
		self::assertCount( 1, array_filter( $texts, static fn( $text ) => str_contains( $text, 'New text with \\ and 😀.' ) ) );
		self::assertContains( 'kept_edited_text', array_column( $this->plugin()->events()->for_job( $lease['job_id'] ), 'kind' ) );
		self::assertCount( 1, $this->summaries() );
	}

	public function edits(): array {
		return array(
			'text edited'  => array( array( 'post_content' => '<!-- wp:paragraph --><p>Mine.</p><!-- /wp:paragraph -->' ) ),
			'title edited' => array( array( 'post_title' => 'Mine' ) ),
			'published'    => array( array( 'post_status' => 'publish' ) ),
			'pending'      => array( array( 'post_status' => 'pending' ) ),
		);
	}

	public function test_a_summary_in_the_trash_comes_back_instead_of_a_second_one(): void {
		list( $id, $agent, $lease ) = $this->leased();
		$post                       = $agent->result( $lease )->get_data()['post_id'];
		wp_trash_post( $post );
		self::assertSame( $post, $agent->result( $this->again( $id, $agent ), array( 'summary_markdown' => 'New text.' ) )->get_data()['post_id'] );
		self::assertSame( 'draft', get_post_status( $post ) );
		self::assertStringContainsString( 'New text.', get_post( $post )->post_content );
	}

	private function again( int $attachment_id, TestAgent $agent ): array {
		$this->plugin()->job_manager()->enqueue( $attachment_id, true );
		return $agent->lease()[0];
	}

	public function test_the_author_can_be_set(): void {
		$user = wp_insert_user( array( 'user_login' => 'e' . wp_rand(), 'user_pass' => 'x', 'role' => 'editor' ) );
		$this->plugin()->settings()->update( array( 'author' => $user ) );
		list( , $agent, $lease ) = $this->leased();
		self::assertSame( (string) $user, get_post( $agent->result( $lease )->get_data()['post_id'] )->post_author );
		$this->plugin()->settings()->update( array( 'author' => 0 ) );
		wp_delete_user( $user );
	}

	/** @dataProvider bad_results */
	public function test_a_result_about_nothing_we_gave_is_refused_by_name_and_changes_nothing( array $change, string $code, string $field ): void {
		list( $id, $agent, $lease ) = $this->leased();
		$answer                     = $agent->result( $lease, $change );
		self::assertRefused( $code, 400, $answer );
		self::assertSame( $field, $answer->get_data()['data']['field'] );
		self::assertSame( State::Leased, $this->job_of( $id )->state );
		self::assertSame( array(), $this->summaries() );
	}

	public function bad_results(): array {
		return array(
			'another attachment'    => array( array( 'attachment_id' => 99_999 ), 'aidoc_invalid_field', 'attachment_id' ),
			'another file'          => array( array( 'source_sha256' => str_repeat( 'a', 64 ) ), 'aidoc_invalid_field', 'source_sha256' ),
			'digest in capitals'    => array( array( 'source_sha256' => str_repeat( 'A', 64 ) ), 'aidoc_invalid_field', 'source_sha256' ),
			'result id no uuid'     => array( array( 'result_id' => 'x' ), 'aidoc_invalid_field', 'result_id' ),
			'epoch as text'         => array( array( 'epoch' => '1' ), 'aidoc_invalid_field', 'epoch' ),
			'no token'              => array( array( 'lease_token' => '' ), 'aidoc_invalid_field', 'lease_token' ),
		);
	}

	public function test_another_files_digest_with_the_file_really_replaced_is_source_changed(): void {
		list( $id, $agent, $lease ) = $this->leased();
		file_put_contents( get_attached_file( $id ), 'replaced by FTP' );
		self::assertRefused( 'aidoc_source_changed', 409, $agent->result( $lease, array( 'source_sha256' => hash( 'sha256', 'replaced by FTP' ) ) ) );
		self::assertSame( State::Queued, $this->job_of( $id )->state );
	}

	/** @dataProvider hostile */
	public function test_hostile_text_is_text( string $text ): void {
		list( , $agent, $lease ) = $this->leased();
		$runs                    = array( array( 'text' => $text, 'bold' => true ) );
		$blocks                  = array(
			array( 'type' => 'heading', 'level' => 3, 'runs' => $runs ),
			array( 'type' => 'paragraph', 'runs' => $runs ),
			array( 'type' => 'list', 'ordered' => true, 'items' => array( $runs ) ),
			array( 'type' => 'quote', 'runs' => $runs ),
			array( 'type' => 'code', 'text' => $text ),
			array( 'type' => 'table', 'header' => array( $runs ), 'rows' => array( array( $runs ) ) ),
		);
		$ran                     = false;
		add_shortcode(
			'aidoc_evil',
			static function () use ( &$ran ): string {
				$ran = true;
				return 'EVIL';
			}
		);
		$post = get_post( $agent->result( $lease, array( 'title' => $text, 'summary_blocks' => $blocks ) )->get_data()['post_id'] );
		$html = apply_filters( 'the_content', $post->post_content );
		apply_filters( 'the_title', $post->post_title );
		remove_shortcode( 'aidoc_evil' );
		self::assertFalse( $ran );
		preg_match_all( '/<[a-z][^>]*>/i', $html, $tags );
		foreach ( $tags[0] as $tag ) {
			self::assertMatchesRegularExpression( '/^<(p|em|a href="[^"<>]*"|h3|ol|li|strong|code|br|table|thead|tbody|tr|th|td|(h3|ol|pre|blockquote|figure|p|li) class="[a-z0-9 _-]*")( \/)?>$/', $tag );
		}
		self::assertStringNotContainsString( '<', $post->post_title );
		$names = array_values( array_filter( array_column( parse_blocks( $post->post_content ), 'blockName' ) ) );
		self::assertSame( array( 'core/paragraph', 'core/heading', 'core/paragraph', 'core/list', 'core/quote', 'core/code', 'core/table' ), $names );
		// Nothing of the text is lost either: six times in the content, character by character.
		$plain = html_entity_decode( wp_strip_all_tags( str_replace( '<br>', "\n", $post->post_content ) ), ENT_QUOTES, 'UTF-8' );
		self::assertSame( 7, substr_count( $plain, $text ), $plain );
	}

	public function hostile(): array {
		return array(
			'script'           => array( '<script>alert(1)</script>' ),
			'image'            => array( '<img src=x onerror="alert(1)">' ),
			'block delimiters' => array( '<!-- /wp:paragraph --><!-- wp:html --><b>x</b><!-- /wp:html -->' ),
			'shortcode'        => array( 'see [aidoc_evil] and [gallery ids="1"] [/aidoc_evil]' ),
			'backslashes'      => array( 'C:\\temp\\new \\u0041 \\\\server \\"q\\"' ),
			'entities'         => array( '&lt;b&gt; &amp;amp; &#x3c; &nbsp;' ),
			'unicode'          => array( 'Grüße 😀 中文 עברית e̊' ),
			'quotes'           => array( '\' " ` ’ “' ),
			'php'              => array( '<?php echo 1; ?>' ),
			'percent'          => array( '100% %s %1$d {placeholder}' ),
			'javascript'       => array( 'javascript:alert(1)" onclick="x' ),
		);
	}

	public function test_a_shortcode_stays_text_after_a_person_has_saved_the_draft(): void {
		list( , $agent, $lease ) = $this->leased();
		$post                    = get_post( $agent->result( $lease, array( 'summary_markdown' => 'see [aidoc_evil]' ) )->get_data()['post_id'] );
		add_shortcode( 'aidoc_evil', static fn() => 'EVIL' );
		self::assertStringContainsString( 'EVIL', do_shortcode( '[aidoc_evil]' ), 'Elsewhere shortcodes work.' );
		$GLOBALS['post'] = $post;
		$html            = apply_filters( 'the_content', str_replace( '&#091;', '[', $post->post_content ) );
		unset( $GLOBALS['post'] );
		remove_shortcode( 'aidoc_evil' );
		self::assertStringContainsString( 'see &#091;aidoc_evil]', $html );
	}

	public function test_content_is_the_same_for_any_user_who_saves_it(): void {
		self::assertSame( $this->content_saved_by( 1 ), $this->content_saved_by( 0 ), 'With and without the kses filters.' );
		wp_set_current_user( 0 );
		kses_init();
	}

	private function content_saved_by( int $user ): string {
		wp_set_current_user( $user );
		kses_init();
		list( , $agent, $lease ) = $this->leased( "pdf $user" );
		$markdown                = "# T\n\nA & B < C [x] &#60; \"q\" 'q'\n\n1. one\n2. `two`\n\n> said\n\n```\n<b>\n[x]\n```\n\n|a|b|\n|-|-|\n|1|2|";
		$text                    = get_post( $agent->result( $lease, array( 'summary_markdown' => $markdown ) )->get_data()['post_id'] )->post_content;
		return (string) preg_replace( '#<a href.*?</a>#', '', $text );
	}

	public function test_what_a_result_costs_the_database(): void {
		$this->upload( 'a.pdf', '%PDF a' );
		$this->upload( 'b.pdf', '%PDF b' );
		$agent  = $this->agent();
		$leases = $agent->lease( 2 );
		$agent->result( $leases[0] );
		$before = $GLOBALS['wpdb']->num_queries;
		self::assertSame( 200, $agent->result( $leases[1] )->get_status() );
		self::assertLessThanOrEqual( 25, $GLOBALS['wpdb']->num_queries - $before );
	}

	/** The event in the transaction of the result, the name by which feeds know a post with the post. */
	public function test_a_result_and_its_event_are_written_together(): void {
		list( , $agent, $lease ) = $this->leased( 'pdf together' );
		$in_transaction          = array();
		$depth                   = 0;
		$watch                   = static function ( string $query ) use ( &$in_transaction, &$depth ): string {
			$depth += match ( $query ) { 'START TRANSACTION' => 1, 'COMMIT', 'ROLLBACK' => -1, default => 0 };
			if ( str_contains( $query, "'done', '', ''" ) && str_starts_with( $query, 'INSERT' ) ) {
				$in_transaction[] = $depth;
			}
			return $query;
		};
		add_filter( 'query', $watch );
		$post_id = $agent->result( $lease )->get_data()['post_id'];
		remove_filter( 'query', $watch );
		self::assertSame( array( 1 ), $in_transaction );
		self::assertMatchesRegularExpression( '/^urn:uuid:[0-9a-f-]{36}$/D', get_post( $post_id )->guid );
	}
}
