<?php
declare( strict_types=1 );

namespace AIDoc\Privacy;

use AIDoc\Plugin;

/** The part of the composition root for personal data: hooked on every request, and nothing is built before somebody exports, erases or deletes. */
final class Module {

	private const NAME = 'ai-doc-pipeline';

	public function __construct( private readonly Plugin $plugin ) {}

	public function register(): void {
		add_filter( 'wp_privacy_personal_data_exporters', array( $this, 'add_exporter' ) );
		add_filter( 'wp_privacy_personal_data_erasers', array( $this, 'add_eraser' ) );
		add_action( 'delete_attachment', fn( $id ) => $this->deletions()->attachment( (int) $id ) );
		add_action( 'before_delete_post', fn( $id ) => $this->deletions()->post( (int) $id ) );
	}

	/** @param array<string,array<string,mixed>> $exporters */
	public function add_exporter( array $exporters ): array {
		$exporters[ self::NAME ] = array(
			'exporter_friendly_name' => __( 'Document summaries', 'ai-doc-pipeline' ),
			'callback'               => fn( $email, $page = 1 ): array => ( new Exporter( $this->plugin->jobs(), $this->plugin->links() ) )->export( (string) $email, (int) $page ),
		);
		return $exporters;
	}

	/** @param array<string,array<string,mixed>> $erasers */
	public function add_eraser( array $erasers ): array {
		$erasers[ self::NAME ] = array(
			'eraser_friendly_name' => __( 'Document summaries', 'ai-doc-pipeline' ),
			'callback'             => fn( $email, $page = 1 ): array => $this->eraser()->erase( (string) $email, (int) $page ),
		);
		return $erasers;
	}

	private function deletions(): Deletions {
		return new Deletions( $this->plugin->erasures() );
	}

	private function eraser(): Eraser {
		return new Eraser( $this->plugin->jobs(), $this->plugin->job_manager(), $this->plugin->links(), $this->plugin->erasures() );
	}
}
