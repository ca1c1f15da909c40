<?php
/**
 * One agent's row of the table.
 *
 * @var array $vars See AIDoc\Admin\AgentView::make().
 */

defined( 'ABSPATH' ) || exit;

use AIDoc\Admin\AgentActions;

?>
<tr id="aidoc-agent-<?php echo (int) $vars['id']; ?>" data-agent="<?php echo (int) $vars['id']; ?>" data-state="<?php echo esc_attr( $vars['state'] ); ?>" class="aidoc-agent-<?php echo esc_attr( $vars['state'] ); ?>">
	<td class="column-primary has-row-actions">
		<strong class="aidoc-break"><?php echo esc_html( $vars['name'] ); ?></strong>
		<?php if ( '' !== $vars['note'] ) : ?>
			<div class="aidoc-muted aidoc-break"><?php echo esc_html( $vars['note'] ); ?></div>
		<?php endif; ?>
		<div class="aidoc-agent-actions">
			<?php foreach ( $vars['actions'] as $aidoc_what ) : ?>
				<form method="post" action="<?php echo esc_url( admin_url( 'admin-post.php' ) ); ?>" data-confirm="<?php echo esc_attr( AgentActions::question( $aidoc_what, $vars['name'] ) ); ?>">
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
	<td data-colname="<?php esc_attr_e( 'State', 'ai-doc-pipeline' ); ?>">
		<span class="aidoc-state aidoc-state-<?php echo esc_attr( $vars['state'] ); ?>"><span class="dashicons dashicons-<?php echo esc_attr( $vars['icon'] ); ?>" aria-hidden="true"></span> <?php echo esc_html( $vars['state_label'] ); ?></span>
	</td>
	<td data-colname="<?php esc_attr_e( 'Last seen', 'ai-doc-pipeline' ); ?>"><?php echo esc_html( $vars['seen'] ); ?></td>
	<td data-colname="<?php esc_attr_e( 'Documents in progress', 'ai-doc-pipeline' ); ?>"><?php echo esc_html( $vars['work'] ); ?></td>
	<td data-colname="<?php esc_attr_e( 'Instruction', 'ai-doc-pipeline' ); ?>">
		<?php echo esc_html( $vars['directive_label'] ); ?>
		<?php if ( '' !== $vars['directive_note'] ) : ?>
			<div class="aidoc-muted"><?php echo esc_html( $vars['directive_note'] ); ?></div>
		<?php endif; ?>
	</td>
	<td data-colname="<?php esc_attr_e( 'Identity', 'ai-doc-pipeline' ); ?>">
		<?php echo esc_html( $vars['identity'] ); ?>
		<?php if ( '' !== $vars['identity_note'] ) : ?>
			<div class="aidoc-muted"><?php echo esc_html( $vars['identity_note'] ); ?></div>
		<?php endif; ?>
	</td>
	<td class="aidoc-break" data-colname="<?php esc_attr_e( 'Machine', 'ai-doc-pipeline' ); ?>"><?php echo esc_html( '' !== $vars['machine'] ? $vars['machine'] : '—' ); ?></td>
	<td class="aidoc-break" data-colname="<?php esc_attr_e( 'Version', 'ai-doc-pipeline' ); ?>"><?php echo esc_html( '' !== $vars['version'] ? $vars['version'] : '—' ); ?></td>
</tr>
