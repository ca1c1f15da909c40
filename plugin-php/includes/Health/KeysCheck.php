<?php
declare( strict_types=1 );

namespace AIDoc\Health;

use AIDoc\Auth\KeyRing;
use AIDoc\Settings;

/** Whether the keys of agents are protected by a root key in wp-config.php, and can still be read with it. */
final class KeysCheck extends Check {

	public function __construct(
		private readonly KeyRing $keys,
		private readonly Settings $settings,
	) {}

	public function name(): string {
		return 'aidoc_keys';
	}

	public function label(): string {
		return __( 'Agent keys', 'ai-doc-pipeline' );
	}

	public function run(): array {
		$keys    = $this->keys->readability();
		$problem = $this->keys->problem();
		if ( null !== $problem ) {
			$present = $keys['total'] > 0 ? __( 'Agents that have joined keep working. Their keys are encrypted at the first request after that. Rotate the keys then: earlier copies of the database contain them.', 'ai-doc-pipeline' ) : __( 'Until then no agent can be created.', 'ai-doc-pipeline' );
			return $this->found( self::CRITICAL, __( 'The keys of agents are not protected', 'ai-doc-pipeline' ), $problem, $present );
		}
		if ( $keys['unreadable'] > 0 ) {
			/* translators: 1: number of unreadable keys, 2: number of keys */
			return $this->found( self::CRITICAL, __( 'Agents cannot sign in', 'ai-doc-pipeline' ), sprintf( __( '%1$d of %2$d agent keys cannot be decrypted, because the secret keys in wp-config.php have changed since they were made. Make a new join command for each agent on the Agents page.', 'ai-doc-pipeline' ), $keys['unreadable'], $keys['total'] ) );
		}
		if ( $this->settings->has_legacy_secret() && null === $this->settings->legacy_secret() ) {
			return $this->found( self::CRITICAL, __( 'The shared secret of the legacy callback cannot be read', 'ai-doc-pipeline' ), __( 'The secret keys in wp-config.php have changed since it was set. Set it again in the settings.', 'ai-doc-pipeline' ) );
		}
		return $this->found( self::GOOD, __( 'Agent keys can be read', 'ai-doc-pipeline' ), __( 'The keys of agents are stored encrypted, and only the secret keys in wp-config.php decrypt them.', 'ai-doc-pipeline' ) );
	}
}
