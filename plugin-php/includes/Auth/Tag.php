<?php
declare( strict_types=1 );

namespace AIDoc\Auth;

/** What the signature of an answer vouches for; see docs/protocol.md, section 3. */
enum Tag: string {

	/** The site's word about this very request, whose signature was verified. */
	case Response = 'aidoc-response';

	/** The site could not verify the request, which anybody on the way may have changed: nothing follows from it but asking again. */
	case Refusal = 'aidoc-refusal';
}
