-- What was paid at the price of batches is a line of its own.
CREATE TABLE spend_by_tariff (
	day           TEXT    NOT NULL CHECK (day GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
	site          TEXT    NOT NULL,
	provider      TEXT    NOT NULL,
	model         TEXT    NOT NULL,
	batch         INTEGER NOT NULL, -- 1: asked in a batch
	calls         INTEGER NOT NULL,
	tokens_in     INTEGER NOT NULL,
	tokens_cached INTEGER NOT NULL,
	tokens_out    INTEGER NOT NULL,
	usd           REAL    NOT NULL,
	PRIMARY KEY (day, site, provider, model, batch)
) STRICT, WITHOUT ROWID;
INSERT INTO spend_by_tariff SELECT day, site, provider, model, 0, calls, tokens_in, tokens_cached, tokens_out, usd FROM spend;
DROP TABLE spend;
ALTER TABLE spend_by_tariff RENAME TO spend;
ALTER TABLE reservations ADD COLUMN batch INTEGER NOT NULL DEFAULT 0;

-- Batches at a provider.
CREATE TABLE batches (
	id         TEXT    PRIMARY KEY CHECK (id <> ''), -- ours
	account    TEXT    NOT NULL,                     -- provider, host, fingerprint of the key
	remote     TEXT    NOT NULL,                     -- the provider's id; '' until it is known
	state      TEXT    NOT NULL CHECK (state IN ('sending','sent','cancelling','ended')),
	questions  INTEGER NOT NULL,
	sent_at    INTEGER NOT NULL,
	next_at    INTEGER NOT NULL,                     -- when it is looked at again
	updated_at INTEGER NOT NULL
) STRICT;

-- Questions to a model that wait for a batch, or have waited, by the key of their step. body holds text of a document: it is emptied as
-- soon as it cannot be needed any more.
CREATE TABLE batch_questions (
	key         TEXT    PRIMARY KEY CHECK (key <> ''),
	provider    TEXT    NOT NULL,
	model       TEXT    NOT NULL,
	path        TEXT    NOT NULL,
	site        TEXT    NOT NULL,
	document    TEXT    NOT NULL,
	body        BLOB    NOT NULL,
	bytes       INTEGER NOT NULL, -- of the body as it is sent
	reservation INTEGER NOT NULL, -- of reservations; 0 once it is settled
	state       TEXT    NOT NULL CHECK (state IN ('gathered','sent','answered','given_up')),
	batch       TEXT    NOT NULL, -- '' while gathered
	answer      BLOB,
	tokens      INTEGER NOT NULL DEFAULT 0, -- what it has cost, once it is settled
	usd         REAL    NOT NULL DEFAULT 0,
	created_at  INTEGER NOT NULL,
	updated_at  INTEGER NOT NULL
) STRICT;
CREATE INDEX batch_questions_state ON batch_questions (state, created_at);
CREATE INDEX batch_questions_batch ON batch_questions (batch);
CREATE INDEX batch_questions_document ON batch_questions (site, document);
CREATE INDEX batch_questions_reservation ON batch_questions (reservation);
