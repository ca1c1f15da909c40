<?php
/**
 * The agents page.
 *
 * @var array $vars agents, join, form, queued, why, lock, plugin, download; see AIDoc\Admin\AgentsPage::render().
 */

defined( 'ABSPATH' ) || exit;

use AIDoc\Admin\AgentActions;
use AIDoc\Admin\Flash;
use AIDoc\Admin\Screens;

$aidoc_join  = $vars['join'];
$aidoc_lock  = $vars['lock'];
$aidoc_error = (string) ( $vars['form']['error'] ?? '' );
?>
<div class="wrap aidoc-wrap">
	<h1><?php esc_html_e( 'Agents', 'ai-doc-pipeline' ); ?></h1>
	<?php Flash::render_message(); ?>

	<?php if ( null !== $vars['why'] && $vars['agents'] ) : ?>
		<div class="notice notice-warning inline"><p>
			<?php
			/* translators: %s: number of documents. */
			echo esc_html( sprintf( _n( '%s document is waiting to be read.', '%s documents are waiting to be read.', $vars['queued'], 'ai-doc-pipeline' ), number_format_i18n( $vars['queued'] ) ) . ' ' . $vars['why'] );
			?>
		</p></div>
	<?php endif; ?>

	<?php if ( null !== $aidoc_join ) : ?>
		<div class="aidoc-join" data-seconds="<?php echo (int) $aidoc_join['seconds']; ?>" data-name="<?php echo esc_attr( $aidoc_join['name'] ); ?>">
			<h2>
				<?php
				/* translators: %s: name of an agent. */
				echo esc_html( sprintf( __( 'Connect “%s”', 'ai-doc-pipeline' ), $aidoc_join['name'] ) );
				?>
			</h2>
			<p><?php esc_html_e( 'Run this on the machine that will read the documents:', 'ai-doc-pipeline' ); ?></p>
			<div class="aidoc-join__row">
				<textarea readonly rows="3" class="code large-text" id="aidoc-command" aria-label="<?php esc_attr_e( 'Join command', 'ai-doc-pipeline' ); ?>" spellcheck="false" autocomplete="off"><?php echo esc_textarea( $aidoc_join['command'] ); ?></textarea>
				<button type="button" class="button button-primary hide-if-no-js" id="aidoc-copy"><?php esc_html_e( 'Copy', 'ai-doc-pipeline' ); ?></button>
			</div>
			<p class="aidoc-join__facts">
				<span class="dashicons dashicons-clock" aria-hidden="true"></span>
				<strong id="aidoc-countdown"><?php esc_html_e( 'Valid for 15 minutes.', 'ai-doc-pipeline' ); ?></strong>
				<?php esc_html_e( 'It works once and is not shown again: it contains a secret, so do not send it by mail or chat.', 'ai-doc-pipeline' ); ?>
			</p>
			<p class="aidoc-join__wait" role="status"><span class="spinner is-active"></span><span class="aidoc-join__text"><?php esc_html_e( 'Waiting for the agent to join …', 'ai-doc-pipeline' ); ?></span></p>
		</div>
	<?php endif; ?>

	<?php if ( ! $vars['agents'] ) : ?>
		<div class="aidoc-empty">
			<h2><?php esc_html_e( 'Let your own machine read the documents', 'ai-doc-pipeline' ); ?></h2>
			<p><?php esc_html_e( 'An agent is a program on your own machine. It asks this site for new documents, reads them there and sends back a summary as a draft. Nothing connects to your machine, so no firewall needs to be opened.', 'ai-doc-pipeline' ); ?></p>
			<ol>
				<li><strong><?php esc_html_e( 'Get the program', 'ai-doc-pipeline' ); ?></strong>
				<?php
					/* translators: 1: the name of a program, 2: a version such as "1.2.0". */
					echo wp_kses( sprintf( __( '%1$s in version %2$s, for a machine that can open this site in a browser. Linux, with Tesseract for scans.', 'ai-doc-pipeline' ), '<code>aidoc-agent</code>', esc_html( $vars['plugin'] ) ), array( 'code' => array() ) );
				?>
				<?php if ( '' !== $vars['download'] ) : ?>
					<a href="<?php echo esc_url( $vars['download'] ); ?>"><?php esc_html_e( 'Download the agent', 'ai-doc-pipeline' ); ?></a>
				<?php else : ?>
					<?php esc_html_e( 'The release that this plugin came with has it; or build it from its source with “make build”.', 'ai-doc-pipeline' ); ?>
				<?php endif; ?>
				</li>
				<li><strong><?php esc_html_e( 'Name it', 'ai-doc-pipeline' ); ?></strong> <?php esc_html_e( 'below. You get a join command that works once, for 15 minutes.', 'ai-doc-pipeline' ); ?></li>
				<li><strong><?php esc_html_e( 'Join', 'ai-doc-pipeline' ); ?></strong> <?php esc_html_e( 'by running that command on the machine. The agent appears here.', 'ai-doc-pipeline' ); ?></li>
				<li><strong><?php esc_html_e( 'Check and run', 'ai-doc-pipeline' ); ?></strong> <?php echo wp_kses( __( 'with <code>aidoc-agent doctor</code>, which says what is missing, and <code>aidoc-agent run</code>, which starts to work.', 'ai-doc-pipeline' ), array( 'code' => array() ) ); ?></li>
			</ol>
			<?php if ( $vars['queued'] > 0 ) : ?>
				<p>
					<?php
					/* translators: %s: number of documents. */
					echo esc_html( sprintf( _n( '%s document is waiting to be read.', '%s documents are waiting to be read.', $vars['queued'], 'ai-doc-pipeline' ), number_format_i18n( $vars['queued'] ) ) );
					?>
				</p>
			<?php endif; ?>
		</div>
	<?php endif; ?>

	<?php if ( null !== $aidoc_lock ) : ?>
		<div class="aidoc-join aidoc-lock" role="alert">
			<h2><?php esc_html_e( 'No agent can be created yet', 'ai-doc-pipeline' ); ?></h2>
			<p><?php echo esc_html( $aidoc_lock['problem'] ); ?></p>
			<div class="aidoc-join__row">
				<textarea readonly rows="2" class="code large-text" id="aidoc-command" aria-label="<?php esc_attr_e( 'Line for wp-config.php', 'ai-doc-pipeline' ); ?>" spellcheck="false" autocomplete="off"><?php echo esc_textarea( $aidoc_lock['line'] ); ?></textarea>
				<button type="button" class="button button-primary hide-if-no-js" id="aidoc-copy"><?php esc_html_e( 'Copy', 'ai-doc-pipeline' ); ?></button>
			</div>
			<p class="aidoc-join__facts"><?php esc_html_e( 'The value was made for this page and is stored nowhere: reload for another. Put the line above “That’s all, stop editing!”, and keep it: without it agents have to join again.', 'ai-doc-pipeline' ); ?></p>
		</div>
	<?php else : ?>
	<form method="post" action="<?php echo esc_url( admin_url( 'admin-post.php' ) ); ?>" class="aidoc-create">
		<input type="hidden" name="action" value="<?php echo esc_attr( AgentActions::ACTION ); ?>">
		<input type="hidden" name="what" value="create">
		<?php wp_nonce_field( AgentActions::nonce( 'create' ) ); ?>
		<label for="aidoc-name"><strong><?php esc_html_e( 'New agent', 'ai-doc-pipeline' ); ?></strong></label>
		<div class="aidoc-create__row">
			<input type="text" id="aidoc-name" name="name" class="regular-text" maxlength="64" required value="<?php echo esc_attr( (string) ( $vars['form']['name'] ?? '' ) ); ?>"
				placeholder="<?php esc_attr_e( 'A name for the machine, such as office-01', 'ai-doc-pipeline' ); ?>"<?php echo '' !== $aidoc_error ? ' aria-invalid="true" aria-describedby="aidoc-name-error"' : ''; ?>>
			<button type="submit" class="button <?php echo $vars['agents'] ? '' : 'button-primary'; ?>"><?php esc_html_e( 'Create join command', 'ai-doc-pipeline' ); ?></button>
		</div>
		<?php if ( '' !== $aidoc_error ) : ?>
			<p class="aidoc-field-error" id="aidoc-name-error" role="alert"><span class="dashicons dashicons-warning" aria-hidden="true"></span> <?php echo esc_html( $aidoc_error ); ?></p>
		<?php endif; ?>
	</form>
	<?php endif; ?>

	<?php if ( $vars['agents'] ) : ?>
		<table class="wp-list-table widefat striped aidoc-agents">
			<caption class="screen-reader-text"><?php esc_html_e( 'Agents of this site', 'ai-doc-pipeline' ); ?></caption>
			<thead>
				<tr>
					<th scope="col" class="column-primary"><?php esc_html_e( 'Name', 'ai-doc-pipeline' ); ?></th>
					<th scope="col" class="column-state"><?php esc_html_e( 'State', 'ai-doc-pipeline' ); ?></th>
					<th scope="col" class="column-work"><?php esc_html_e( 'Documents in progress', 'ai-doc-pipeline' ); ?></th>
					<th scope="col"><?php esc_html_e( 'Spent', 'ai-doc-pipeline' ); ?></th>
					<th scope="col"><?php esc_html_e( 'Instruction', 'ai-doc-pipeline' ); ?></th>
					<th scope="col" class="column-machine"><?php esc_html_e( 'Machine', 'ai-doc-pipeline' ); ?></th>
					<th scope="col"><?php esc_html_e( 'Version', 'ai-doc-pipeline' ); ?></th>
				</tr>
			</thead>
			<tbody id="aidoc-agents">
				<?php
				foreach ( $vars['agents'] as $aidoc_agent ) {
					Screens::render( 'agents-row', $aidoc_agent );
				}
				?>
			</tbody>
		</table>
	<?php endif; ?>
</div>
