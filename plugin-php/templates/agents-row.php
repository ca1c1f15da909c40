<?php
/**
 * One agent's row of the table.
 *
 * @var array $vars See AIDoc\Admin\AgentView::make().
 */

defined( 'ABSPATH' ) || exit;

use AIDoc\Admin\AgentActions;
use AIDoc\Admin\Screens;
use AIDoc\Admin\When;

?>
<tr id="aidoc-agent-<?php echo (int) $vars['id']; ?>" data-agent="<?php echo (int) $vars['id']; ?>" data-state="<?php echo esc_attr( $vars['state'] ); ?>" class="aidoc-agent-<?php echo esc_attr( $vars['state'] ); ?>">
	<td class="column-primary has-row-actions">
		<strong class="aidoc-break"><?php echo esc_html( $vars['name'] ); ?></strong>
		<?php if ( '' !== $vars['note'] ) : ?>
			<div class="aidoc-muted aidoc-break"><?php echo esc_html( $vars['note'] ); ?></div>
		<?php endif; ?>
		<div class="aidoc-agent-actions">
			<?php foreach ( $vars['actions'] as $aidoc_what ) : ?>
				<form method="post" action="<?php echo esc_url( admin_url( 'admin-post.php' ) ); ?>" data-confirm="<?php echo esc_attr( AgentActions::question( $aidoc_what, $vars['name'], $vars['held'] ) ); ?>">
					<input type="hidden" name="action" value="<?php echo esc_attr( AgentActions::ACTION ); ?>">
					<input type="hidden" name="what" value="<?php echo esc_attr( $aidoc_what ); ?>">
					<input type="hidden" name="agent" value="<?php echo (int) $vars['id']; ?>">
					<input type="hidden" name="_wpnonce" value="<?php echo esc_attr( wp_create_nonce( AgentActions::nonce( $aidoc_what, $vars['id'] ) ) ); ?>">
					<button type="submit" class="button-link<?php echo in_array( $aidoc_what, array( 'revoke', 'delete' ), true ) ? ' aidoc-danger' : ''; ?>" title="<?php echo esc_attr( AgentActions::hint( $aidoc_what ) ); ?>" data-what="<?php echo esc_attr( $aidoc_what ); ?>">
						<?php echo esc_html( AgentActions::label( $aidoc_what ) ); ?><span class="screen-reader-text">: <?php echo esc_html( $vars['name'] ); ?></span>
					</button>
				</form>
			<?php endforeach; ?>
		</div>
		<button type="button" class="toggle-row"><span class="screen-reader-text"><?php esc_html_e( 'Show more details', 'ai-doc-pipeline' ); ?></span></button>
	</td>
	<td class="column-shown" data-colname="<?php esc_attr_e( 'State', 'ai-doc-pipeline' ); ?>">
		<span class="aidoc-state aidoc-state-<?php echo esc_attr( $vars['state'] ); ?>"><span class="dashicons dashicons-<?php echo esc_attr( $vars['icon'] ); ?>" aria-hidden="true"></span> <?php echo esc_html( $vars['state_label'] ); ?></span>
		<div class="aidoc-muted">
			<?php
			/* translators: %s: such as "12 seconds ago", or "Never". */
			echo esc_html( sprintf( __( 'Last seen: %s', 'ai-doc-pipeline' ), $vars['seen'] ) );
			?>
		</div>
	</td>
	<td class="column-shown" data-colname="<?php esc_attr_e( 'Documents in progress', 'ai-doc-pipeline' ); ?>">
		<?php echo esc_html( $vars['work'] ); ?>
		<?php if ( $vars['leases'] ) : ?>
			<ul class="aidoc-leases">
				<?php foreach ( $vars['leases'] as $aidoc_lease ) : ?>
					<li>
						<a class="aidoc-break" href="<?php echo esc_url( Screens::url( Screens::QUEUE, array( 'job' => $aidoc_lease['job'] ) ) ); ?>"><?php echo esc_html( $aidoc_lease['name'] ); ?></a>
						<span class="aidoc-muted">
							<?php echo esc_html( $aidoc_lease['step'] ); ?> ·
							<span title="<?php esc_attr_e( 'Until then the agent has to report, or the document goes back to the queue.', 'ai-doc-pipeline' ); ?>"><span class="screen-reader-text"><?php esc_html_e( 'Lease ends in', 'ai-doc-pipeline' ); ?></span> <span class="dashicons dashicons-clock" aria-hidden="true"></span><span data-aidoc-left="<?php echo (int) $aidoc_lease['left_s']; ?>"><?php echo esc_html( $aidoc_lease['left'] ); ?></span></span>
						</span>
					</li>
				<?php endforeach; ?>
				<?php if ( $vars['more_leases'] > 0 ) : ?>
					<li class="aidoc-muted">
						<?php
						/* translators: %s: number of documents. */
						echo esc_html( sprintf( _n( 'and %s more', 'and %s more', $vars['more_leases'], 'ai-doc-pipeline' ), number_format_i18n( $vars['more_leases'] ) ) );
						?>
					</li>
				<?php endif; ?>
			</ul>
		<?php endif; ?>
		<?php if ( $vars['finished'] > 0 ) : ?>
			<div class="aidoc-muted">
				<?php
				/* translators: %s: number of documents. */
				echo esc_html( sprintf( _n( '%s finished within the last hour', '%s finished within the last hour', $vars['finished'], 'ai-doc-pipeline' ), number_format_i18n( $vars['finished'] ) ) );
				?>
			</div>
		<?php endif; ?>
	</td>
	<td class="column-spent" data-colname="<?php esc_attr_e( 'Spent', 'ai-doc-pipeline' ); ?>">
		<?php
		/* translators: %s: an amount of money. */
		echo esc_html( null === $vars['spent'] ? '–' : sprintf( __( '%s today', 'ai-doc-pipeline' ), When::usd( $vars['spent']['day'] ) ) );
		?>
		<?php if ( null !== $vars['spent'] ) : ?>
			<div class="aidoc-muted">
				<?php
				/* translators: %s: an amount of money. */
				echo esc_html( sprintf( __( '%s this month', 'ai-doc-pipeline' ), When::usd( $vars['spent']['month'] ) ) );
				?>
			</div>
		<?php endif; ?>
	</td>
	<td data-colname="<?php esc_attr_e( 'Instruction', 'ai-doc-pipeline' ); ?>">
		<?php echo esc_html( $vars['directive_label'] ); ?>
		<?php if ( '' !== $vars['directive_note'] ) : ?>
			<div class="aidoc-muted"><?php echo esc_html( $vars['directive_note'] ); ?></div>
		<?php endif; ?>
	</td>
	<td class="aidoc-break" data-colname="<?php esc_attr_e( 'Machine', 'ai-doc-pipeline' ); ?>">
		<?php echo esc_html( '' !== $vars['machine'] ? $vars['machine'] : '—' ); ?>
		<?php if ( '' !== $vars['doorbell'] ) : ?>
			<div><span class="dashicons dashicons-warning" aria-hidden="true"></span> <?php echo esc_html( $vars['doorbell'] ); ?></div>
		<?php endif; ?>
		<?php if ( '' !== $vars['model'] ) : ?>
			<div class="aidoc-muted"><?php esc_html_e( 'Model:', 'ai-doc-pipeline' ); ?> <?php echo esc_html( $vars['model'] ); ?></div>
		<?php endif; ?>
		<?php if ( $vars['languages'] ) : ?>
			<div class="aidoc-muted"><?php esc_html_e( 'Recognises:', 'ai-doc-pipeline' ); ?> <?php echo esc_html( implode( ', ', $vars['languages'] ) ); ?></div>
		<?php endif; ?>
		<?php if ( '' !== $vars['identity'] ) : ?>
			<div class="aidoc-muted"><?php esc_html_e( 'Identity:', 'ai-doc-pipeline' ); ?> <?php echo esc_html( $vars['identity'] ); ?></div>
		<?php endif; ?>
		<?php if ( '' !== $vars['identity_note'] ) : ?>
			<div class="aidoc-muted"><?php echo esc_html( $vars['identity_note'] ); ?></div>
		<?php endif; ?>
	</td>
	<td class="aidoc-break" data-colname="<?php esc_attr_e( 'Version', 'ai-doc-pipeline' ); ?>">
		<span title="<?php echo esc_attr( $vars['version_full'] ); ?>"><?php echo esc_html( '' !== $vars['version'] ? $vars['version'] : '—' ); ?></span>
		<?php if ( $vars['misfit'] ) : ?>
			<div class="aidoc-update">
				<?php
				/* translators: %s: a version such as "1.2.0". */
				echo esc_html( sprintf( __( 'It may not understand this plugin (%s): update the older of both.', 'ai-doc-pipeline' ), AIDOC_VERSION ) );
				?>
			</div>
		<?php endif; ?>
		<?php if ( $vars['outdated'] ) : ?>
			<div class="aidoc-update">
				<?php
				/* translators: %s: a version such as "1.2.0". */
				echo esc_html( sprintf( __( 'Update available: %s', 'ai-doc-pipeline' ), AIDOC_VERSION ) );
				?>
			</div>
		<?php endif; ?>
	</td>
</tr>
