<?php
declare( strict_types=1 );

namespace AIDoc\Front;

use AIDoc\Plugin;
use AIDoc\Queue\Cron;
use AIDoc\Search\Holders;
use AIDoc\Search\Indexer;
use AIDoc\Search\Matches;
use AIDoc\Search\SiteSearch;
use AIDoc\Search\Texts;
use AIDoc\Summaries\DocumentLinks;
use AIDoc\Summaries\PostType;

/**
 * The part of the composition root for what the site shows of summaries, and how they are found. Each page of the site comes
 * through here, so nothing is built before a page has something of it.
 */
final class Module {

	private ?SummaryBlock $block = null;

	private ?SummaryList $list = null;

	private ?Indexer $indexer = null;

	public function __construct( private readonly Plugin $plugin ) {}

	public function register(): void {
		( new Blocks( $this->block( ... ), $this->list( ... ) ) )->register();
		add_filter( 'the_content', fn( $content ) => is_attachment() && is_main_query() ? ( new AttachmentPage( $this->plugin->settings(), $this->block() ) )->append( (string) $content ) : $content, 20 );
		add_action( 'admin_init', array( Editor::class, 'register_script' ) );
		$this->register_index();
		$this->register_search();
		add_action( 'transition_post_status', fn( $now, $before, $post ) => PostType::NAME === $post->post_type && in_array( 'publish', array( $now, $before ), true ) ? $this->page_caches()->summary_changed( $post ) : null, 10, 3 );
	}

	/** The files of Search are loaded where somebody searches. */
	private function register_search(): void {
		add_filter(
			'posts_search',
			fn( $search, $query ) => '' !== $query->get( 's' ) && SiteSearch::concerns( $query ) ? ( new SiteSearch( $this->plugin->settings(), new Matches( new Texts() ) ) )->widen( (string) $search, $query ) : $search,
			10,
			2
		);
		add_action( 'save_post', static fn( $id, $post ) => Holders::saved( $post ), 10, 2 );
	}

	private function register_index(): void {
		// What the writer makes anew is indexed once, when it is whole.
		add_action( 'save_post_' . PostType::NAME, fn( $id, $post, $update ) => $update || ! $this->plugin->writer_scope()->active() ? $this->indexer()->saved( $post ) : null, 10, 3 );
		add_action( 'aidoc_summary_created', fn( $id ) => $this->indexer()->linked( (int) $id ) );
		add_action( 'added_post_meta', fn( $meta, $id, $key ) => DocumentLinks::FIELD === $key ? $this->indexer()->linked( (int) $id ) : null, 10, 3 );
		add_action( 'edit_attachment', fn( $id ) => $this->indexer()->document_changed( (int) $id ) );
		add_action( 'delete_post', fn( $id, $post ) => PostType::NAME === $post->post_type ? $this->gone( $post ) : null, 10, 2 );
		add_action( Cron::INDEX_TEXTS, fn() => $this->catch_up() );
	}

	private function gone( \WP_Post $summary ): void {
		HtmlCache::forget( $summary->ID );
		if ( 'publish' === $summary->post_status ) {
			$this->page_caches()->summary_changed( $summary );
		}
		$this->indexer()->deleted( $summary->ID );
	}

	private function page_caches(): PageCaches {
		return new PageCaches( $this->plugin->links(), $this->plugin->copies() );
	}

	private function catch_up(): void {
		if ( $this->indexer()->catch_up() ) {
			wp_schedule_single_event( time() + 5, Cron::INDEX_TEXTS );
		}
	}

	public function block(): SummaryBlock {
		return $this->block ??= new SummaryBlock( $this->plugin->links(), new Visibility(), new SummaryText( new HtmlCache() ), $this->plugin->copies() );
	}

	public function list(): SummaryList {
		if ( ! $this->list ) {
			$catalogue  = new Catalogue( new Texts() );
			$this->list = new SummaryList( $catalogue, new ListForm( $catalogue ), new Visibility(), new SummaryText( new HtmlCache() ), $this->plugin->links() );
		}
		return $this->list;
	}

	private function indexer(): Indexer {
		return $this->indexer ??= new Indexer( new Texts(), $this->plugin->links() );
	}
}
