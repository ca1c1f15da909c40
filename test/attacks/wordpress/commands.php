<?php
/**
 * What the attack suite needs done inside WordPress: commands by name, each from JSON to JSON. attacks.php runs them.
 */
declare( strict_types=1 );
require_once ABSPATH . 'wp-admin/includes/admin.php';

/**
 * Queues a document, and marks its job with a type of its own before anybody else can see it: only the agent of the test
 * that asks for this type gets it.
 */
function enqueue( int $attachment, string $type ): int {
	global $wpdb;
	$wpdb->query( 'START TRANSACTION' );
	$job = AIDoc\Plugin::instance()->job_manager()->enqueue( $attachment, true );
	if ( is_wp_error( $job ) ) {
		throw new RuntimeException( $job->get_error_message() );
	}
	if ( '' !== $type ) {
		$wpdb->update( $wpdb->prefix . 'aidoc_jobs', array( 'mime' => $type ), array( 'id' => $job->id ) );
	}
	$wpdb->query( 'COMMIT' );
	return $job->id;
}

/** An attachment of that person, below that post. */
function upload( array $in ): int {
	$bits = wp_upload_bits( $in['name'], null, $in['text'] ?? base64_decode( $in['base64'], true ) );
	return wp_insert_attachment(
		array(
			'post_title'     => pathinfo( $in['name'], PATHINFO_FILENAME ),
			'post_mime_type' => $in['mime'] ?? 'text/plain',
			'post_status'    => 'inherit',
			'post_author'    => $in['author'],
		),
		$bits['file'],
		$in['parent'] ?? 0,
		true
	);
}

return array(
	/** Users of every role, each with a password and an application password. */
	'people'  => static function ( array $in ): array {
		$people = array();
		foreach ( $in['people'] as $login => $role ) {
			$id               = wp_insert_user( array( 'user_login' => $login, 'user_pass' => $in['password'], 'user_email' => "$login@example.test", 'role' => $role ) );
			list( $secret )   = WP_Application_Passwords::create_new_application_password( $id, array( 'name' => 'suite' ) );
			foreach ( 'thief' === $login ? array( 'edit_aidoc_summaries', 'edit_published_aidoc_summaries', 'publish_aidoc_summaries' ) : array() as $more ) {
				get_userdata( $id )->add_cap( $more );
			}
			$people[ $login ] = array( 'id' => $id, 'secret' => $secret );
		}
		return $people;
	},
	'post'    => static fn( array $in ): int => wp_insert_post( wp_slash( $in ), true ),
	'upload'  => static fn( array $in ): int => upload( $in ),
	'update'  => static fn( array $in ) => wp_update_post( wp_slash( $in ), true ),
	'enqueue' => static fn( array $in ): int => enqueue( $in['attachment'], $in['type'] ),
	'queue'   => static fn( array $in ): array => array_map( static fn( $one ) => enqueue( upload( $one ), $one['type'] ), $in['documents'] ),
	/** Nonces as that person's browser would have them, were the pages open to them that print them. */
	'nonces'  => static function ( array $in ): array {
		wp_set_current_user( $in['user'] );
		$_COOKIE[ LOGGED_IN_COOKIE ] = $in['cookie'];
		return array_combine( $in['actions'], array_map( 'wp_create_nonce', $in['actions'] ) );
	},
	/** What a theme or another plugin makes of the text: outside of the loop, where no summary is the current post. */
	'render'  => static function ( array $in ): array {
		$post = get_post( $in['post'] );
		return array(
			'raw'       => $post->post_content,
			'title'     => $post->post_title,
			'shortcode' => do_shortcode( $post->post_content ),
			'content'   => apply_filters( 'the_content', $post->post_content ),
			'blocks'    => do_blocks( $post->post_content ),
		);
	},
	'restore' => static fn( array $in ) => wp_restore_post_revision( $in['revision'] ),
	/** Plugins save too: on behalf of nobody, and through WP-Cron. */
	'save'    => static function ( array $in ) {
		wp_set_current_user( $in['user'] ?? 0 );
		return wp_update_post( wp_slash( array( 'ID' => $in['post'], 'post_content' => $in['content'] ) ), true );
	},
	'agent'   => static fn( array $in ) => array_intersect_key( (array) AIDoc\Plugin::instance()->agent_manager()->create( $in['name'] ), array( 'token' => 1 ) ),
	'revoke'  => static fn( array $in ) => AIDoc\Plugin::instance()->agent_manager()->revoke( AIDoc\Plugin::instance()->agents()->find_by_name( $in['name'] )->id ),
	'setting' => static fn( array $in ) => AIDoc\Plugin::instance()->settings()->update( $in ),
	'legacy'  => static fn( array $in ) => AIDoc\Plugin::instance()->settings()->set_legacy_secret( $in['secret'] ),
	'meta'    => static fn( array $in ) => update_post_meta( $in['post'], $in['key'], $in['value'] ),
);
