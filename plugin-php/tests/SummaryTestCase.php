<?php
declare( strict_types=1 );

namespace AIDoc\Tests;

/** People of every role, documents in every place, and the ways there are to a summary. */
abstract class SummaryTestCase extends TestCase {

	public const ROLES = array( 'anonymous', 'subscriber', 'contributor', 'owner', 'author', 'clerk', 'editor', 'administrator' );
	/** Those who know that there are summaries at all. */
	public const LISTERS  = array( 'contributor', 'owner', 'author', 'clerk', 'editor', 'administrator' );
	public const STATUSES = array( 'draft', 'pending', 'publish', 'private', 'future', 'trash' );
	public const SOURCES  = array( 'unattached', 'public', 'private', 'draft' );

	/** Everything an editor may, but reading what is private: roles like it come from role plugins. */
	private const CLERK = array( 'read', 'edit_posts', 'edit_others_posts', 'edit_published_posts', 'publish_posts', 'delete_posts', 'delete_others_posts', 'delete_published_posts', 'upload_files' );

	protected const BASE = '/wp/v2/aidoc-summaries';

	/** What nobody learns who may not read: the text and title, and what the machine noted. */
	protected const SECRETS = array( 'zanzibar', 'clerical-reader', 'processed\/', 'aidoc_source_sha256' );

	/** @var array<int,array{0:string,1:string}> Summary → place of its document, status. */
	protected array $made = array();

	/** @var array<string,int> */
	private array $users = array();

	/** @var int[] */
	private array $posts = array();

	protected function setUp(): void {
		parent::setUp();
		add_role( 'clerk', 'Clerk', array_fill_keys( self::CLERK, true ) );
		// Who a user is does not matter here, and hashing passwords takes longer than all the rest.
		add_filter( 'authenticate', array( self::class, 'trust' ), 10, 2 );
	}

	protected function tearDown(): void {
		remove_filter( 'authenticate', array( self::class, 'trust' ) );
		parent::tearDown();
		foreach ( $this->posts as $id ) {
			wp_delete_post( $id, true );
		}
		array_map( 'wp_delete_user', $this->users );
		$this->users = array();
		$this->posts = array();
		remove_role( 'clerk' );
	}

	public static function trust( $user, $login ) {
		return get_user_by( 'login', $login ) ?: $user;
	}

	/** The id of the one user of that role. The owner is an author who uploaded the documents. */
	protected function user( string $role ): int {
		if ( 'anonymous' === $role ) {
			return 0;
		}
		$login                         = array( 'user_login' => "$role-" . wp_rand(), 'user_pass' => 'x', 'display_name' => "$role of summaries", 'role' => 'owner' === $role ? 'author' : $role );
		return $this->users[ $role ] ??= wp_insert_user( $login );
	}

	protected function log_in( string $role ): int {
		wp_set_current_user( $this->user( $role ) );
		return get_current_user_id();
	}

	protected function page( string $status, string $type = 'post', int $author = 1 ): int {
		$id            = wp_insert_post( array( 'post_type' => $type, 'post_status' => $status, 'post_title' => "A $status post", 'post_content' => 'x', 'post_author' => $author ) );
		$this->posts[] = $id;
		return $id;
	}

	/** A document with the summary that an agent wrote; the owner uploaded it and is the author of its summary. */
	protected function summarised( string $source = 'unattached', string $status = 'draft', string $text = '' ): int {
		$word   = "zanzibar-$source-$status";
		$id     = $this->upload( "$word.pdf", "pdf $word " . wp_rand(), 'application/pdf', $this->user( 'owner' ) );
		$parent = 'unattached' === $source ? 0 : $this->page( 'public' === $source ? 'publish' : $source );
		wp_update_post( array( 'ID' => $id, 'post_parent' => $parent ) );
		$this->plugin()->job_manager()->enqueue( $id, true );
		$agent = $this->agent( 'clerical-reader-' . wp_rand() );
		$post  = $agent->result( $agent->lease()[0], array( 'title' => "About $word", 'summary_markdown' => '' === $text ? "The word is $word." : $text ) )->get_data()['post_id'];
		$this->set_status( $post, $status );
		return $post;
	}

	private function set_status( int $post, string $status ): void {
		if ( 'trash' === $status ) {
			wp_trash_post( $post );
		} elseif ( 'draft' !== $status ) {
			$date = gmdate( 'Y-m-d H:i:s', time() + ( 'future' === $status ? DAY_IN_SECONDS : -60 ) );
			wp_update_post( array( 'ID' => $post, 'post_status' => $status, 'post_date' => $date, 'post_date_gmt' => $date, 'edit_date' => true ) );
		}
		self::assertSame( $status, get_post_status( $post ) );
	}

	/** Whether a role may read the summary, in that status, of a document that is in that place. */
	protected static function may_read( string $role, string $source, string $status ): bool {
		return match ( $role ) {
			'editor', 'administrator' => true,
			'owner'                   => in_array( $source, array( 'unattached', 'public' ), true ), // The other posts are somebody else's.
			'clerk'                   => 'private' !== $source && 'private' !== $status,
			default                   => false,
		};
	}

	/** @param array<string,mixed> $query */
	protected static function rest( string $method, string $route, array $query = array(), ?array $body = null ): \WP_REST_Response {
		$request = new \WP_REST_Request( $method, $route );
		$request->set_query_params( $query );
		if ( null !== $body ) {
			$request->set_header( 'Content-Type', 'application/json' );
			$request->set_body( (string) wp_json_encode( $body ) );
		}
		return TestAgent::dispatch( $request );
	}

	/** Calls a method of core's XML-RPC server as that user; the answer, errors too, as JSON. */
	protected function xmlrpc( string $method, string $role, array $before, mixed ...$after ): string {
		require_once ABSPATH . WPINC . '/class-IXR.php';
		require_once ABSPATH . WPINC . '/class-wp-xmlrpc-server.php';
		$login = get_userdata( $this->user( $role ) )->user_login;
		return (string) wp_json_encode( ( new \wp_xmlrpc_server() )->$method( wp_slash( array( ...$before, $login, 'x', ...$after ) ) ) );
	}

	/** A request without a login, through the web server. */
	protected static function visit( string $path ): string {
		$answer = wp_remote_get( get_option( 'home' ) . $path, array( 'timeout' => 20, 'redirection' => 3 ) );
		self::assertFalse( is_wp_error( $answer ), is_wp_error( $answer ) ? $answer->get_error_message() : '' );
		return wp_json_encode( wp_remote_retrieve_headers( $answer )->getAll() ) . wp_remote_retrieve_body( $answer );
	}

	protected function make_all(): void {
		foreach ( self::SOURCES as $source ) {
			foreach ( self::STATUSES as $status ) {
				$this->made[ $this->summarised( $source, $status ) ] = array( $source, $status );
			}
		}
	}

	/** @return int[] */
	protected function readable( string $role ): array {
		return array_keys( array_filter( $this->made, static fn( array $place ): bool => self::may_read( $role, ...$place ) ) );
	}

	protected function word( int $post ): string {
		return 'zanzibar-' . implode( '-', $this->made[ $post ] );
	}

	/** @param string[] $but */
	protected static function assertTells( array $but, string $text, string $what ): void {
		foreach ( array_diff( self::SECRETS, $but ) as $secret ) {
			self::assertStringNotContainsString( $secret, $text, $what );
		}
	}
}
