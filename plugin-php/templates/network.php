<?php
/**
 * All sites of a network.
 *
 * @var array $vars rows (see AIDoc\Network\Page::rows()), total, page, pages.
 */

defined( 'ABSPATH' ) || exit;

$aidoc_number = static fn( ?array $facts, string $name ): string => null === $facts ? '–' : number_format_i18n( $facts[ $name ] );
?>
<div class="wrap aidoc-wrap">
	<h1><?php esc_html_e( 'Document Summaries', 'ai-doc-pipeline' ); ?></h1>
	<p><?php esc_html_e( 'The queue and the agents of each site. What was spent is in US dollars, this month.', 'ai-doc-pipeline' ); ?></p>
	<table class="wp-list-table widefat fixed striped">
		<thead>
			<tr>
				<th scope="col" class="column-primary"><?php esc_html_e( 'Site', 'ai-doc-pipeline' ); ?></th>
				<th scope="col"><?php esc_html_e( 'State', 'ai-doc-pipeline' ); ?></th>
				<th scope="col"><?php esc_html_e( 'Waiting', 'ai-doc-pipeline' ); ?></th>
				<th scope="col"><?php esc_html_e( 'In work', 'ai-doc-pipeline' ); ?></th>
				<th scope="col"><?php esc_html_e( 'Failed', 'ai-doc-pipeline' ); ?></th>
				<th scope="col"><?php esc_html_e( 'Agents online', 'ai-doc-pipeline' ); ?></th>
				<th scope="col"><?php esc_html_e( 'Spent', 'ai-doc-pipeline' ); ?></th>
			</tr>
		</thead>
		<tbody>
			<?php foreach ( $vars['rows'] as $aidoc_row ) : ?>
				<tr>
					<th scope="row" class="column-primary">
						<a href="<?php echo esc_url( $aidoc_row['queue'] ); ?>"><strong><?php echo esc_html( '' === $aidoc_row['name'] ? $aidoc_row['url'] : $aidoc_row['name'] ); ?></strong></a>
						<br><span class="description"><?php echo esc_html( $aidoc_row['url'] ); ?></span>
						<button type="button" class="toggle-row"><span class="screen-reader-text"><?php esc_html_e( 'Show more details', 'ai-doc-pipeline' ); ?></span></button>
					</th>
					<td data-colname="<?php esc_attr_e( 'State', 'ai-doc-pipeline' ); ?>"><?php echo esc_html( $aidoc_row['state'] ); ?></td>
					<td data-colname="<?php esc_attr_e( 'Waiting', 'ai-doc-pipeline' ); ?>"><?php echo esc_html( $aidoc_number( $aidoc_row['facts'], 'queued' ) ); ?></td>
					<td data-colname="<?php esc_attr_e( 'In work', 'ai-doc-pipeline' ); ?>"><?php echo esc_html( $aidoc_number( $aidoc_row['facts'], 'leased' ) ); ?></td>
					<td data-colname="<?php esc_attr_e( 'Failed', 'ai-doc-pipeline' ); ?>"><?php echo esc_html( $aidoc_number( $aidoc_row['facts'], 'failed' ) ); ?></td>
					<td data-colname="<?php esc_attr_e( 'Agents online', 'ai-doc-pipeline' ); ?>">
						<?php
						echo esc_html(
							null === $aidoc_row['facts']
								? '–'
								/* translators: 1: number of agents that are online, 2: number of agents. */
								: sprintf( __( '%1$d of %2$d', 'ai-doc-pipeline' ), $aidoc_row['facts']['online'], $aidoc_row['facts']['agents'] )
						);
						?>
					</td>
					<td data-colname="<?php esc_attr_e( 'Spent', 'ai-doc-pipeline' ); ?>"><?php echo esc_html( null === $aidoc_row['facts'] ? '–' : '$' . number_format_i18n( $aidoc_row['facts']['usd'], 2 ) ); ?></td>
				</tr>
			<?php endforeach; ?>
		</tbody>
	</table>
	<div class="tablenav bottom">
		<div class="tablenav-pages">
			<span class="displaying-num">
				<?php
				/* translators: %s: number of sites. */
				echo esc_html( sprintf( _n( '%s site', '%s sites', $vars['total'], 'ai-doc-pipeline' ), number_format_i18n( $vars['total'] ) ) );
				?>
			</span>
			<?php
			echo wp_kses_post(
				(string) paginate_links(
					array(
						'base'    => add_query_arg( 'paged', '%#%' ),
						'format'  => '',
						'total'   => $vars['pages'],
						'current' => $vars['page'],
					)
				)
			);
			?>
		</div>
	</div>
</div>
