<?php
declare( strict_types=1 );

namespace AIDoc\Jobs;

use AIDoc\DatabaseError;
use AIDoc\ErrorLog;
use AIDoc\Lifecycle;
use AIDoc\Schema;

/** Notices documents that come, change and go. An upload never fails because of us. */
final class Uploads {

	/** @var array<int,array<int,true>> By blog, the attachments that were touched in this request and are looked at once, when it ends. */
	private array $touched = array();

	/** @param \Closure():Manager $manager Built when an attachment was touched: most requests touch none. */
	public function __construct( private readonly \Closure $manager ) {}

	public function register(): void {
		add_action( 'add_attachment', array( $this, 'on_add' ) );
		add_filter( 'wp_update_attachment_metadata', array( $this, 'on_metadata' ), 99, 2 );
		add_action( 'updated_post_meta', array( $this, 'on_meta' ), 10, 3 );
		add_action( 'added_post_meta', array( $this, 'on_meta' ), 10, 3 );
		add_action( 'attachment_updated', array( $this, 'on_update' ), 10, 2 );
		add_action( 'delete_attachment', array( $this, 'on_delete' ) );
		add_action( 'shutdown', array( $this, 'settle' ), 5 );
	}

	/** What a picture is like, whose copy an attachment is, and sometimes its file are noted after it was added: it is looked at when the request ends. */
	public function on_add( int $id ): void {
		if ( Pictures::is( (string) get_post_mime_type( $id ) ) || Copies::are_made() || '' === (string) get_post_meta( $id, '_wp_attached_file', true ) ) {
			$this->on_touch( $id );
		} else {
			$this->guard( fn() => $this->manager()->attachment_added( $id ) );
		}
	}

	/**
	 * @param mixed $data
	 * @return mixed
	 */
	public function on_metadata( $data, $id ) {
		$this->on_touch( (int) $id );
		return $data;
	}

	public function on_meta( $meta_id, $id, $key ): void {
		if ( '_wp_attached_file' === $key ) {
			$this->on_touch( (int) $id );
		}
	}

	/** A replaced file announces itself in several steps; only the last state counts, so wait for the end of the request. */
	public function on_touch( int $id ): void {
		$this->touched[ get_current_blog_id() ][ $id ] = true;
	}

	/** What goes into the trash must not be read any more, not even by the agent that has it in work. */
	public function on_update( int $id, \WP_Post $after ): void {
		if ( 'trash' === $after->post_status ) {
			$this->guard( fn() => $this->manager()->attachment_trashed( $id ) );
		} else {
			$this->on_touch( $id );
		}
	}

	public function on_delete( int $id ): void {
		unset( $this->touched[ get_current_blog_id() ][ $id ] );
		$this->guard( fn() => $this->manager()->attachment_deleted( $id ) );
	}

	public function settle(): void {
		$touched       = $this->touched;
		$this->touched = array();
		foreach ( $touched as $blog => $ids ) {
			Lifecycle::on_site( $blog, fn() => array_map( array( $this, 'look_again' ), array_keys( $ids ) ) );
		}
	}

	private function look_again( int $id ): void {
		if ( 'attachment' === get_post_type( $id ) && 'trash' !== get_post_status( $id ) ) {
			$this->look( $id );
		}
	}

	private function look( int $id ): void {
		$this->guard( fn() => $this->manager()->attachment_changed( $id ) );
	}

	private function manager(): Manager {
		return ( $this->manager )();
	}

	/** @param callable():mixed $work */
	private function guard( callable $work ): void {
		if ( ! Lifecycle::is_active_here() ) {
			return; // A request of one blog writes into the library of another, which does not use the plugin.
		}
		try {
			Schema::maybe_upgrade();
			$work();
		} catch ( DatabaseError $error ) {
			ErrorLog::add( $error );
		}
	}
}
