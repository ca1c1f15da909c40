<?php
declare( strict_types=1 );

namespace AIDoc\Admin;

use AIDoc\Backfill\Filter;
use AIDoc\Backfill\Manager;
use AIDoc\Backfill\Run;
use AIDoc\Rights;
use AIDoc\Settings;

/** The documents that were there before the plugin: chosen, counted, queued. Works without scripts; with them the page drives it. */
final class BackfillPage {

	public const CAPABILITY = Rights::QUEUE;
	public const ACTION     = 'aidoc_backfill';

	/** More folders than this are no list to choose from. */
	private const TERMS = 500;

	public function __construct(
		private readonly Manager $manager,
		private readonly BackfillView $view,
		private readonly Settings $settings,
	) {}

	public function register(): void {
		add_action( 'admin_menu', array( $this, 'add_page' ), 15 );
		add_action( 'admin_post_' . self::ACTION, array( $this, 'handle' ) );
	}

	public function add_page(): void {
		$hook = add_submenu_page(
			Screens::PARENT,
			__( 'Read the Media Library', 'ai-doc-pipeline' ),
			__( 'Backfill', 'ai-doc-pipeline' ),
			self::CAPABILITY,
			Screens::BACKFILL,
			array( $this, 'render' )
		);
		if ( $hook ) {
			add_action( 'admin_print_styles-' . $hook, array( $this, 'enqueue' ) );
		}
	}

	public function enqueue(): void {
		wp_enqueue_script( 'wp-api-fetch' );
		Screens::enqueue( 'backfill' );
	}

	public function render(): void {
		$this->check();
		$typed = Flash::take( 'backfill_form' );
		$run   = $this->manager->latest();
		Screens::render(
			'backfill',
			array(
				'run'      => $run,
				'progress' => $run ? BackfillView::progress( $run ) : null,
				'facts'    => $run && $run->dry && Run::DONE === $run->state ? $this->view->facts( $run ) : array(),
				'values'   => $typed['values'] ?? ( $run && $run->dry ? $run->filter : new Filter() )->to_array(),
				'error'    => $typed['error'] ?? null,
				'groups'   => array_intersect_key( Settings::type_groups(), array_flip( $this->settings->get( 'types' ) ) ),
				'folders'  => self::folders(),
				'parents'  => self::parents(),
			)
		);
	}

	public function handle(): void {
		$this->check();
		check_admin_referer( self::ACTION );
		$post = wp_unslash( $_POST );
		$this->act( is_string( $post['do'] ?? null ) ? $post['do'] : '', $post );
		wp_safe_redirect( Screens::url( Screens::BACKFILL ) );
		exit;
	}

	/** @param array<string,mixed> $post The unslashed form. */
	private function act( string $what, array $post ): void {
		$result = match ( $what ) {
			'count' => $this->count( $post ),
			'start' => $this->start( (int) ( $post['run'] ?? 0 ) ),
			'pause', 'resume', 'stop' => $this->manager->$what(),
			default => new \WP_Error( 'aidoc_unknown_action', __( 'Choose one of the buttons of the page.', 'ai-doc-pipeline' ) ),
		};
		if ( is_wp_error( $result ) ) {
			Flash::message( 'error', $result->get_error_message() );
		}
	}

	/** @param array<string,mixed> $post */
	private function count( array $post ): Run|\WP_Error|null {
		list( $taxonomy, $term ) = array_pad( explode( ':', is_string( $post['folder'] ?? null ) ? $post['folder'] : '', 2 ), 2, '' );
		$typed                   = array_intersect_key( $post, array_flip( array( 'which', 'types', 'from', 'to', 'min_bytes', 'max_bytes', 'parent' ) ) ) + array(
			'taxonomy' => $taxonomy,
			'term'     => $term,
		);
		$filter                  = Filter::from( $typed );
		if ( ! is_wp_error( $filter ) ) {
			return $this->manager->start( $filter, true );
		}
		Flash::put(
			'backfill_form',
			array(
				'values' => array_filter( $typed, static fn( $value ): bool => is_string( $value ) || is_array( $value ) ) + ( new Filter() )->to_array(),
				'error'  => array(
					'field'    => $filter->get_error_data()['field'],
					'sentence' => $filter->get_error_message(),
				),
			)
		);
		return null;
	}

	/** With the filter that was counted: what somebody has seen is what is queued. */
	private function start( int $counted ): Run|\WP_Error {
		$run = $this->manager->latest();
		return $run && $run->id === $counted && $run->dry && '' === $run->problem
			? $this->manager->start( $run->filter, false )
			: new \WP_Error( 'aidoc_not_counted', __( 'Count the documents first; somebody else has counted others since.', 'ai-doc-pipeline' ) );
	}

	private function check(): void {
		if ( ! Rights::has( self::CAPABILITY ) ) {
			wp_die( esc_html__( 'You are not allowed to queue the library.', 'ai-doc-pipeline' ), '', array( 'response' => 403 ) );
		}
	}

	/** @return array<string,array<string,string>> Label of a taxonomy of media → "taxonomy:term" → name, indented. */
	private static function folders(): array {
		$folders = array();
		foreach ( get_object_taxonomies( 'attachment', 'objects' ) as $taxonomy ) {
			$terms = get_terms(
				array(
					'taxonomy'   => $taxonomy->name,
					'hide_empty' => false,
					'number'     => self::TERMS,
				)
			);
			foreach ( is_array( $terms ) ? $terms : array() as $term ) {
				$depth = count( get_ancestors( $term->term_id, $taxonomy->name, 'taxonomy' ) );
				$folders[ $taxonomy->labels->name ][ $taxonomy->name . ':' . $term->term_id ] = str_repeat( '— ', $depth ) . $term->name;
			}
		}
		return $folders;
	}

	/** @return array<string,string> */
	private static function parents(): array {
		$types = wp_list_pluck( get_post_types( array( 'public' => true ), 'objects' ), 'label', 'name' );
		unset( $types['attachment'] );
		return array( Filter::UNATTACHED => __( 'Not attached to a post', 'ai-doc-pipeline' ) ) + $types;
	}
}
