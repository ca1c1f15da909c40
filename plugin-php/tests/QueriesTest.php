<?php
declare( strict_types=1 );

namespace AIDoc\Tests;

/** What the plugin adds to the queries of screens that are not its own: each is one real request, with the plugin and without it. */
final class QueriesTest extends TestCase {

	private SeededLibrary $library;

	protected function setUp(): void {
		parent::setUp();
		$this->library = new SeededLibrary();
		$this->agent()->lease( 0 ); // One that is online: what waits needs no notice.
	}

	protected function tearDown(): void {
		$this->library->remove();
		parent::tearDown();
	}

	/** @return array{queries:int,ms:float,bytes:int,failed:string} */
	private static function request( string $screen, string $plugin, string ...$more ): array {
		$process = proc_open( array( PHP_BINARY, __DIR__ . '/measure.php', (string) getenv( 'AIDOC_WP_ROOT' ), $screen, $plugin, ...$more ), array( 1 => array( 'pipe', 'w' ), 2 => array( 'pipe', 'w' ) ), $pipes );
		$out     = stream_get_contents( $pipes[1] );
		$said    = stream_get_contents( $pipes[2] );
		proc_close( $process );
		$told = json_decode( (string) strrchr( rtrim( $out ), "\n" ), true );
		self::assertIsArray( $told, $out . $said );
		self::assertSame( '', $told['failed'] );
		return $told;
	}

	private static function added( string $screen, string ...$more ): int {
		self::request( $screen, 'with', ...$more ); // What is looked up once a day, and transients.
		self::request( $screen, 'without', ...$more );
		return self::request( $screen, 'with', ...$more )['queries'] - self::request( $screen, 'without', ...$more )['queries'];
	}

	/** @dataProvider kinds */
	public function test_a_page_of_a_hundred_media_items( string $kind ): void {
		$this->library->kind( $kind, 100 );
		$page = self::request( 'list', 'with' );
		self::assertGreaterThan( 100_000, $page['bytes'], 'It is a page of a hundred.' );
		self::assertLessThanOrEqual( 8, self::added( 'list' ) );
		self::assertGreaterThan( 50_000, self::request( 'grid', 'with' )['bytes'] );
		self::assertLessThanOrEqual( 8, self::added( 'grid' ) );
	}

	public function kinds(): array {
		return array_map( static fn( string $kind ): array => array( $kind ), array_combine( SeededLibrary::KINDS, SeededLibrary::KINDS ) );
	}

	public function test_an_upload(): void {
		$file = wp_tempnam( 'a' );
		file_put_contents( $file, "%PDF-1.4\n" . wp_rand() );
		self::assertLessThanOrEqual( 6, self::added( 'upload', $file ) );
		unlink( $file );
	}

	public function test_the_front_page(): void {
		self::assertSame( 0, self::added( 'front' ) );
	}

	public function test_the_dashboard(): void {
		self::assertLessThanOrEqual( 1, self::added( 'dashboard' ) );
	}
}
