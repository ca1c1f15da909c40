<?php
declare( strict_types=1 );

namespace AIDoc\Auth;

/** What the signature of an answer states; see docs/protocol.md, section 3. */
enum Tag: string {

	/** The site's answer to this request, whose signature was verified. */
	case Response = 'aidoc-response';

	/** The site could not verify the request, which may have been changed in transit: the agent concludes nothing and asks again. */
	case Refusal = 'aidoc-refusal';
}
