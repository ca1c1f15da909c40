<?php
/**
 * WordPress that stays: `php resident.php ROOT PORT WORKERS [settings of $_SERVER as JSON]` loads it once in each of some
 * processes and answers REST requests one after another, some five times as fast as php-fpm, which loads it for every one.
 * The plugin, the database and the transactions are the real ones; what the end of a request would tidy up is done by
 * resident_end(). The first histories of every run go through php-fpm.
 *
 * Ends with its standard input.
 */
declare( strict_types=1 );

[ , $root, $port, $workers ] = $argv;
$listener                    = stream_socket_server( "tcp://127.0.0.1:$port", $errno, $error, STREAM_SERVER_BIND | STREAM_SERVER_LISTEN, stream_context_create( array( 'socket' => array( 'backlog' => 64 ) ) ) );
if ( ! $listener ) {
	fwrite( STDERR, "127.0.0.1:$port: $error\n" );
	exit( 1 );
}
$children = array();
for ( $i = 0; $i < (int) $workers; $i++ ) {
	$pid = pcntl_fork();
	if ( 0 === $pid ) {
		break;
	}
	$children[] = $pid;
}
if ( count( $children ) === (int) $workers ) {
	fgets( STDIN );
	array_map( static fn( int $child ) => posix_kill( $child, SIGKILL ), $children );
	exit( 0 );
}

foreach ( (array) json_decode( $argv[4] ?? '{}', true ) as $name => $value ) {
	$_SERVER[ $name ] = $value;
}
define( 'REST_REQUEST', true );
require "$root/wp-load.php";
add_filter( 'wp_rest_server_class', static fn(): string => Resident_Server::class );

/** Keeps what PHP would have sent. */
final class Resident_Server extends WP_REST_Server {
	public int $status = 200;
	/** @var array<string,string> */
	public array $headers = array();

	/** @param string $key */
	public function send_header( $key, $value ): void {
		$this->headers[ $key ] = (string) $value;
	}

	/** @param string $key */
	public function remove_header( $key ): void {
		unset( $this->headers[ $key ] );
	}

	/** @param int $code */
	protected function set_status( $code ): void {
		$this->status = (int) $code;
	}
}

/**
 * @param resource $connection
 * @return array{method:string,target:string,headers:array<string,string>,body:string}|null
 */
function resident_request( $connection ): ?array {
	$line = explode( ' ', (string) fgets( $connection ) );
	if ( count( $line ) < 3 ) {
		return null;
	}
	$headers = array();
	while ( '' !== ( $header = rtrim( (string) fgets( $connection ), "\r\n" ) ) ) {
		[ $name, $value ]               = explode( ':', $header, 2 );
		$headers[ strtolower( $name ) ] = trim( $value );
	}
	$length = (int) ( $headers['content-length'] ?? 0 );
	$body   = $length > 0 ? (string) stream_get_contents( $connection, $length ) : '';
	return strlen( $body ) < $length ? null : array( 'method' => $line[0], 'target' => $line[1], 'headers' => $headers, 'body' => $body );
}

/** The superglobals and globals of one request, as php-fpm would set them. */
function resident_begin( array $request ): string {
	global $wp, $resident_server;
	$_SERVER = $resident_server;
	foreach ( $request['headers'] as $name => $value ) {
		$_SERVER[ 'HTTP_' . strtoupper( strtr( $name, '-', '_' ) ) ] = $value;
	}
	$_SERVER['REQUEST_METHOD'] = $request['method'];
	$_SERVER['REQUEST_URI']    = $request['target'];
	$_SERVER['CONTENT_TYPE']   = $request['headers']['content-type'] ?? '';
	$_SERVER['CONTENT_LENGTH'] = (string) strlen( $request['body'] );
	if ( preg_match( '/^Basic (.+)$/', $request['headers']['authorization'] ?? '', $part ) ) {
		[ $_SERVER['PHP_AUTH_USER'], $_SERVER['PHP_AUTH_PW'] ] = explode( ':', (string) base64_decode( $part[1], true ), 2 );
	}
	parse_str( (string) parse_url( $request['target'], PHP_URL_QUERY ), $_GET );
	$_POST                          = array();
	$_REQUEST                       = $_GET;
	$GLOBALS['HTTP_RAW_POST_DATA']  = $request['body'];
	$route                          = (string) ( $_GET['rest_route'] ?? '' );
	if ( '' === $route ) {
		$route = substr( (string) parse_url( $request['target'], PHP_URL_PATH ), strlen( '/wp-json' ) );
	}
	$wp->query_vars = array( 'rest_route' => '' === $route ? '/' : $route );
	return $wp->query_vars['rest_route'];
}

/** What the end of the process would do: the connection's transaction and locks end, and nothing is remembered. */
function resident_end(): void {
	global $wpdb, $wp_rest_application_password_status, $wp_rest_application_password_uuid;
	remove_all_filters( 'nocache_headers' );
	$wpdb->query( 'ROLLBACK' );
	$wpdb->query( 'SELECT RELEASE_ALL_LOCKS()' );
	$wpdb->flush();
	wp_cache_flush();
	$wp_rest_application_password_status = null;
	$wp_rest_application_password_uuid   = null;
	$GLOBALS['current_user']             = null;
}

$resident_server = $_SERVER;
$output          = '';
// The plugin ends every buffer that it may end.
ob_start(
	static function ( string $part ) use ( &$output ): string {
		$output .= $part;
		return '';
	},
	0,
	PHP_OUTPUT_HANDLER_CLEANABLE | PHP_OUTPUT_HANDLER_FLUSHABLE
);
$server          = rest_get_server();
assert( $server instanceof Resident_Server );
add_filter(
	'status_header',
	static function ( $header, $code ) use ( $server ) {
		$server->status = (int) $code;
		return $header;
	},
	10,
	2
);
while ( $connection = @stream_socket_accept( $listener, -1 ) ) {
	$request = resident_request( $connection );
	if ( null !== $request ) {
		$server->status  = 200;
		$server->headers = array();
		$route           = resident_begin( $request );
		ob_clean();
		$output = '';
		$server->serve_request( $route );
		while ( ob_get_level() > 1 ) { // what the end of the process would do
			ob_end_flush();
		}
		ob_flush();
		unset( $server->headers['Content-Length'] );
		$head = "HTTP/1.1 $server->status Resident\r\n";
		foreach ( $server->headers as $name => $value ) {
			$head .= "$name: $value\r\n";
		}
		fwrite( $connection, $head . 'Content-Length: ' . strlen( $output ) . "\r\nConnection: close\r\n\r\n$output" );
	}
	fclose( $connection );
	resident_end();
}
