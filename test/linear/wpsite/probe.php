<?php
/**
 * What the tests of the queue need of a site that no REST route gives: SQL at the price of SQL, documents and agents by
 * the dozen, and an opcode cache that forgets. Copied into a throwaway site under a name nobody can guess.
 */
declare( strict_types=1 );
$op = (string) ( $_GET['op'] ?? '' );
$in = (array) json_decode( (string) file_get_contents( 'php://input' ), true );
if ( 'query' === $op || 'forget' === $op ) {
	define( 'SHORTINIT', true ); // $wpdb and nothing else
}
require __DIR__ . '/wp-load.php';

/** @return list<array{attachment:int,job:int}> Documents as a person would have uploaded them; earlier ones leave the queue. */
function probe_documents( int $count ): array {
	global $wpdb;
	$wpdb->query( "UPDATE {$wpdb->prefix}aidoc_jobs SET state = 'cancelled', lease_token = '', request_id = '' WHERE state IN ('queued','leased')" );
	$made = array();
	for ( $i = 0; $i < $count; $i++ ) {
		$name = bin2hex( random_bytes( 6 ) );
		$file = wp_upload_bits( "$name.txt", null, "Document $name.\n" );
		$id   = wp_insert_attachment( array( 'post_title' => $name, 'post_mime_type' => 'text/plain', 'post_status' => 'inherit', 'post_author' => 1 ), $file['file'], 0, true );
		$job  = (int) $wpdb->get_var( $wpdb->prepare( "SELECT id FROM {$wpdb->prefix}aidoc_jobs WHERE attachment_id = %d AND state = 'queued'", $id ) );
		if ( ! $job ) {
			throw new RuntimeException( "attachment $id was not queued" );
		}
		$made[] = array( 'attachment' => $id, 'job' => $job );
	}
	return $made;
}

/** @return list<string> Join tokens. */
function probe_agents( string $prefix, int $count ): array {
	$tokens = array();
	for ( $i = 0; $i < $count; $i++ ) {
		$made = \AIDoc\Plugin::instance()->agent_manager()->create( "$prefix-$i" );
		if ( is_wp_error( $made ) ) {
			throw new RuntimeException( $made->get_error_message() );
		}
		$tokens[] = $made['token'];
	}
	return $tokens;
}

/** @return array{rows:list<array<string,?string>>,affected:int} */
function probe_query( string $sql ): array {
	global $wpdb, $table_prefix;
	$affected = $wpdb->query( str_replace( '{p}', $table_prefix, $sql ) );
	if ( false === $affected ) {
		throw new RuntimeException( $wpdb->last_error );
	}
	return array( 'rows' => (array) $wpdb->last_result, 'affected' => (int) $affected );
}

header( 'Content-Type: application/json' );
try {
	echo json_encode(
		match ( $op ) {
			'query'     => probe_query( $in['sql'] ),
			'documents' => probe_documents( $in['count'] ),
			'agents'    => probe_agents( $in['prefix'], $in['count'] ),
			'forget'    => ! function_exists( 'opcache_reset' ) || opcache_reset(),
		},
		JSON_THROW_ON_ERROR
	);
} catch ( Throwable $e ) {
	http_response_code( 500 );
	echo json_encode( array( 'error' => $e->getMessage() ) );
}
