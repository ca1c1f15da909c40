<?php
declare( strict_types=1 );

namespace AIDoc\Privacy;

/** Text for the site's privacy policy guide. */
final class Policy {

	public function register(): void {
		add_action( 'admin_init', array( $this, 'suggest' ) );
	}

	public function suggest(): void {
		if ( ! function_exists( 'wp_add_privacy_policy_content' ) ) {
			return;
		}
		$paragraphs = array(
			__( 'Documents uploaded to the Media Library are handed to an agent program on a machine of our organisation, which extracts their text and writes a summary. The summary is stored on this site as a draft; the full text is stored by the agent in its own folder or object store.', 'ai-doc-pipeline' ),
			__( 'Depending on how the agent is set up, the text may be sent to a language model of a third party for summarising. Name that party here, or say that summaries are made on our own machines only.', 'ai-doc-pipeline' ),
			__( 'This site keeps, for each document, when it was processed, by which agent, and the events of the last 30 days. These records contain no text of the document.', 'ai-doc-pipeline' ),
			__( 'When a document or its summary is deleted for good, or the data of the person who uploaded it is erased, agents delete the text and everything made of it with their next request. The export of personal data contains what is known of the documents that a person uploaded, and their summaries.', 'ai-doc-pipeline' ),
		);
		wp_add_privacy_policy_content( 'AI Document Pipeline', '<p class="privacy-policy-tutorial">' . implode( '</p><p>', array_map( 'esc_html', $paragraphs ) ) . '</p>' );
	}
}
