-- Times are Unix milliseconds, UTC. Site is the canonical home URL of a WordPress site.

CREATE TABLE meta (
	name  TEXT PRIMARY KEY,
	value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- What this agent holds or held. One row per job: a later lease of the same job replaces the earlier one.
CREATE TABLE jobs (
	site          TEXT    NOT NULL CHECK (site <> ''),
	job_id        INTEGER NOT NULL CHECK (job_id > 0),
	epoch         INTEGER NOT NULL,
	lease_token   TEXT    NOT NULL,
	attachment_id INTEGER NOT NULL,
	filename      TEXT    NOT NULL,
	sha256        TEXT    NOT NULL,
	result_id     TEXT    NOT NULL,
	state         TEXT    NOT NULL CHECK (state IN
		('leased','extracting','summarising','storing','reporting','done','failed','lost','released')),
	phase         TEXT    NOT NULL,
	done          INTEGER NOT NULL CHECK (done >= 0),
	total         INTEGER NOT NULL CHECK (total >= 0),
	started_at    INTEGER NOT NULL,
	updated_at    INTEGER NOT NULL,
	error         TEXT    NOT NULL,
	PRIMARY KEY (site, job_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX jobs_state ON jobs (state, updated_at);

-- The id of a finished result is minted once per job and source revision, so a delivery that is
-- repeated after a crash is recognised by the site.
CREATE TABLE results (
	site       TEXT    NOT NULL,
	job_id     INTEGER NOT NULL,
	sha256     TEXT    NOT NULL,
	result_id  TEXT    NOT NULL UNIQUE,
	created_at INTEGER NOT NULL,
	PRIMARY KEY (site, job_id, sha256)
) STRICT, WITHOUT ROWID;

-- Extracted text, by content and by the version of the extractor. doc is NULL until known.
CREATE TABLE documents (
	id      INTEGER PRIMARY KEY,
	sha256  TEXT    NOT NULL CHECK (sha256 <> ''),
	version TEXT    NOT NULL,
	doc     BLOB,
	used_at INTEGER NOT NULL,
	UNIQUE (sha256, version)
) STRICT;
CREATE INDEX documents_used ON documents (used_at);

CREATE TABLE pages (
	document INTEGER NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
	page     INTEGER NOT NULL CHECK (page >= 1),
	body     BLOB    NOT NULL,
	PRIMARY KEY (document, page)
) STRICT;

-- Finished paid steps by content address.
CREATE TABLE steps (
	key        TEXT    PRIMARY KEY CHECK (key <> ''),
	body       BLOB    NOT NULL,
	tokens_in  INTEGER NOT NULL,
	tokens_out INTEGER NOT NULL,
	used_at    INTEGER NOT NULL
) STRICT;
CREATE INDEX steps_used ON steps (used_at);

-- What a site still has to be told. Bodies are sent byte for byte.
CREATE TABLE outbox (
	id         TEXT    PRIMARY KEY CHECK (id <> ''),
	site       TEXT    NOT NULL,
	job_id     INTEGER NOT NULL,
	epoch      INTEGER NOT NULL,
	kind       TEXT    NOT NULL CHECK (kind IN ('result','fail')),
	body       BLOB    NOT NULL,
	state      TEXT    NOT NULL DEFAULT 'pending' CHECK (state IN ('pending','buried')),
	attempts   INTEGER NOT NULL DEFAULT 0 CHECK (attempts >= 0),
	next_at    INTEGER NOT NULL,
	last_error TEXT    NOT NULL DEFAULT '',
	created_at INTEGER NOT NULL,
	updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX outbox_due ON outbox (state, next_at);

-- Money and tokens by UTC day.
CREATE TABLE spend (
	day        TEXT    NOT NULL CHECK (day GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
	provider   TEXT    NOT NULL,
	model      TEXT    NOT NULL,
	calls      INTEGER NOT NULL,
	tokens_in  INTEGER NOT NULL,
	tokens_out INTEGER NOT NULL,
	usd        REAL    NOT NULL,
	PRIMARY KEY (day, provider, model)
) STRICT, WITHOUT ROWID;
