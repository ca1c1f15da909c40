<?php
/**
 * The part of the settings form about what the site shows of published summaries.
 *
 * @var array $vars values; see AIDoc\Admin\SettingsPage::render().
 */

defined( 'ABSPATH' ) || exit;

$aidoc_values = $vars['values'];
// New sites of WordPress 6.4 and later have no such pages; older versions always have.
$aidoc_no_pages = '0' === (string) get_option( 'wp_attachment_pages_enabled', '1' );
?>
<h2 class="title"><?php esc_html_e( 'Published summaries', 'ai-doc-pipeline' ); ?></h2>
<p><?php esc_html_e( 'Put the block “Document Summary” beside a document, or “Documents with Summaries” on a page of their own. Visitors see a summary once it is published, and only where they may read its document.', 'ai-doc-pipeline' ); ?></p>
<table class="form-table" role="presentation">
	<tr>
		<th scope="row"><?php esc_html_e( 'Attachment pages', 'ai-doc-pipeline' ); ?></th>
		<td>
			<label for="aidoc-show_on_attachment_page">
				<input type="checkbox" id="aidoc-show_on_attachment_page" name="show_on_attachment_page" value="1" <?php checked( $aidoc_values['show_on_attachment_page'] ); ?> aria-describedby="aidoc-show_on_attachment_page-about">
				<?php esc_html_e( 'Show the summary on the page of its document', 'ai-doc-pipeline' ); ?>
			</label>
			<p class="description" id="aidoc-show_on_attachment_page-about">
				<?php
				echo $aidoc_no_pages
					? esc_html__( 'This site has no such pages: WordPress leads from them straight to the file, as on all new sites since WordPress 6.4. This setting does nothing until its option wp_attachment_pages_enabled is set to 1.', 'ai-doc-pipeline' )
					: esc_html__( 'That is the page which WordPress makes for each file of the Media Library.', 'ai-doc-pipeline' );
				?>
			</p>
		</td>
	</tr>
	<tr>
		<th scope="row"><?php esc_html_e( 'Search', 'ai-doc-pipeline' ); ?></th>
		<td>
			<label for="aidoc-search_summaries">
				<input type="checkbox" id="aidoc-search_summaries" name="search_summaries" value="1" <?php checked( $aidoc_values['search_summaries'] ); ?> aria-describedby="aidoc-search_summaries-about">
				<?php esc_html_e( 'Let the search of this site look into summaries', 'ai-doc-pipeline' ); ?>
			</label>
			<p class="description" id="aidoc-search_summaries-about"><?php esc_html_e( 'Visitors then find the posts that a document is attached to or whose block shows its summary; in the Media Library you find the documents themselves. Nobody finds by it what they may not read.', 'ai-doc-pipeline' ); ?></p>
		</td>
	</tr>
</table>
