-- Spending by UTC day, site and model. What was booked before sites were kept apart has the site ''.
CREATE TABLE spend_by_site (
	day           TEXT    NOT NULL CHECK (day GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
	site          TEXT    NOT NULL,
	provider      TEXT    NOT NULL,
	model         TEXT    NOT NULL,
	calls         INTEGER NOT NULL,
	tokens_in     INTEGER NOT NULL,
	tokens_cached INTEGER NOT NULL, -- the part of tokens_in that the provider had in its cache
	tokens_out    INTEGER NOT NULL,
	usd           REAL    NOT NULL,
	PRIMARY KEY (day, site, provider, model)
) STRICT, WITHOUT ROWID;
INSERT INTO spend_by_site SELECT day, '', provider, model, calls, tokens_in, 0, tokens_out, usd FROM spend;
DROP TABLE spend;
ALTER TABLE spend_by_site RENAME TO spend;

-- What one document has cost over all its attempts, as far as this agent knows.
CREATE TABLE document_spend (
	site       TEXT    NOT NULL,
	document   TEXT    NOT NULL, -- chosen by the caller: the job and its source revision
	tokens     INTEGER NOT NULL,
	usd        REAL    NOT NULL,
	updated_at INTEGER NOT NULL,
	PRIMARY KEY (site, document)
) STRICT, WITHOUT ROWID;
CREATE INDEX document_spend_updated ON document_spend (updated_at);

-- Calls under way: what they may cost at most. One that is still here at the next start counts as spent.
CREATE TABLE reservations (
	id         INTEGER PRIMARY KEY AUTOINCREMENT,
	day        TEXT    NOT NULL,
	site       TEXT    NOT NULL,
	document   TEXT    NOT NULL,
	provider   TEXT    NOT NULL,
	model      TEXT    NOT NULL,
	tokens_in  INTEGER NOT NULL,
	tokens_out INTEGER NOT NULL,
	usd        REAL    NOT NULL
) STRICT;
