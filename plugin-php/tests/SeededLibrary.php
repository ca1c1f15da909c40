<?php
declare( strict_types=1 );

namespace AIDoc\Tests;

use AIDoc\Database;
use AIDoc\Summaries\PostType;

/** A media library of any size, written straight into the tables: attachments without files, in a state of the queue. */
final class SeededLibrary {

	/** What the items of a library can be. */
	public const KINDS = array( 'unsupported', 'none', 'queued', 'done', 'failed', 'mixed' );

	private const CHUNK = 1000;

	/** @var int[] */
	private array $posts = array();

	/**
	 * @param array{mime?:string,bytes?:int,date?:string} $of
	 * @return int[] Ids of attachments.
	 */
	public function add( int $number, array $of = array() ): array {
		$mime = $of['mime'] ?? 'application/pdf';
		$meta = maybe_serialize( array( 'filesize' => $of['bytes'] ?? 1000 ) );
		$ids  = $this->posts( $number, 'attachment', 'inherit', $mime, $of['date'] ?? '2024-05-05 12:00:00' );
		foreach ( array_chunk( $ids, self::CHUNK ) as $some ) {
			self::insert( 'postmeta', 'post_id, meta_key, meta_value', array_map( static fn( int $id ): string => "($id, '_wp_attached_file', 'a$id.pdf'), ($id, '_wp_attachment_metadata', '$meta')", $some ) );
		}
		return $ids;
	}

	/** Takes away what other tests have left in the library: a backfill would find it. */
	public static function clear(): void {
		$db = Database::wpdb();
		Database::write( "DELETE FROM $db->posts WHERE post_type = 'attachment'" );
		wp_cache_flush();
	}

	/**
	 * As many items of one of the KINDS, the newest of the library.
	 *
	 * @return int[] Ids of attachments.
	 */
	public function kind( string $kind, int $number ): array {
		if ( 'mixed' === $kind ) {
			$all = array_slice( self::KINDS, 0, 5 );
			return array_merge( ...array_map( fn( string $one ): array => $this->kind( $one, intdiv( $number, 5 ) ), $all ) );
		}
		$ids = $this->add( $number, array( 'mime' => 'unsupported' === $kind ? 'video/mp4' : 'application/pdf', 'date' => '2037-01-01 00:00:00' ) );
		if ( in_array( $kind, array( 'queued', 'failed' ), true ) ) {
			self::jobs( $ids, $kind );
		} elseif ( 'done' === $kind ) {
			self::jobs( $ids, $kind, $this->summaries( $ids ) );
		}
		return $ids;
	}

	/**
	 * @param int[] $ids
	 * @param int[] $summaries In the same order; empty for none.
	 */
	public static function jobs( array $ids, string $state, array $summaries = array() ): void {
		$now   = 1000 * time();
		$error = 'failed' === $state ? "'permanent', 'document_encrypted', 'The document is encrypted.'" : "'', '', ''";
		foreach ( array_chunk( array_map( null, $ids, $summaries ?: array_fill( 0, count( $ids ), 0 ) ), self::CHUNK ) as $some ) {
			self::insert( 'aidoc_jobs', 'attachment_id, source_sha256, state, filename, mime, bytes, summary_post_id, error_class, error_code, error_message, available_at, enqueued_at, created_at, updated_at', array_map( static fn( array $pair ): string => "($pair[0], SHA1('$pair[0]'), '$state', 'a$pair[0].pdf', 'application/pdf', 1000, $pair[1], $error, $now, $now, $now, $now)", $some ) );
		}
	}

	public function remove(): void {
		$db = Database::wpdb();
		foreach ( array_chunk( $this->posts, self::CHUNK ) as $ids ) {
			$list = implode( ',', $ids );
			$db->query( "DELETE FROM $db->posts WHERE ID IN ($list)" );
			$db->query( "DELETE FROM $db->postmeta WHERE post_id IN ($list)" );
			$db->query( "DELETE FROM {$db->prefix}aidoc_jobs WHERE attachment_id IN ($list)" );
		}
		$this->posts = array();
		wp_cache_flush();
	}

	/**
	 * @param int[] $attachments
	 * @return int[]
	 */
	private function summaries( array $attachments ): array {
		$ids = $this->posts( count( $attachments ), PostType::NAME, 'draft', '', '2024-05-05 12:00:00' );
		foreach ( array_chunk( $ids, self::CHUNK ) as $some ) {
			self::insert( 'postmeta', 'post_id, meta_key, meta_value', array_map( static fn( int $id ): string => "($id, 'aidoc_pages', '12'), ($id, 'aidoc_model', 'm')", $some ) );
		}
		return $ids;
	}

	/** @return int[] */
	private function posts( int $number, string $type, string $status, string $mime, string $date ): array {
		$db    = Database::wpdb();
		$first = 1 + (int) $db->get_var( "SELECT MAX(ID) FROM $db->posts" );
		$ids   = range( $first, $first + $number - 1 );
		foreach ( array_chunk( $ids, self::CHUNK ) as $some ) {
			self::insert( 'posts', 'ID, post_author, post_date, post_date_gmt, post_content, post_title, post_excerpt, post_status, post_name, to_ping, pinged, post_modified, post_modified_gmt, post_content_filtered, post_type, post_mime_type', array_map( static fn( int $id ): string => "($id, 1, '$date', '$date', '', 'a$id', '', '$status', 'a$id', '', '', '$date', '$date', '', '$type', '$mime')", $some ) );
		}
		$this->posts = array_merge( $this->posts, $ids );
		return $ids;
	}

	/** @param string[] $rows */
	private static function insert( string $table, string $columns, array $rows ): void {
		Database::write( 'INSERT INTO ' . Database::wpdb()->prefix . "$table ($columns) VALUES " . implode( ',', $rows ) );
	}
}
