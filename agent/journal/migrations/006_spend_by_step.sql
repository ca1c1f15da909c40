-- What was paid for is a line of its own: summaries, embeddings, pages that a model read. What was booked before counts as summaries.
CREATE TABLE spend_by_step (
	day           TEXT    NOT NULL CHECK (day GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
	site          TEXT    NOT NULL,
	provider      TEXT    NOT NULL,
	model         TEXT    NOT NULL,
	batch         INTEGER NOT NULL, -- 1: asked in a batch
	step          TEXT    NOT NULL,
	calls         INTEGER NOT NULL,
	tokens_in     INTEGER NOT NULL,
	tokens_cached INTEGER NOT NULL,
	tokens_out    INTEGER NOT NULL,
	usd           REAL    NOT NULL,
	PRIMARY KEY (day, site, provider, model, batch, step)
) STRICT, WITHOUT ROWID;
INSERT INTO spend_by_step SELECT day, site, provider, model, batch, 'summary', calls, tokens_in, tokens_cached, tokens_out, usd FROM spend;
DROP TABLE spend;
ALTER TABLE spend_by_step RENAME TO spend;
ALTER TABLE reservations ADD COLUMN step TEXT NOT NULL DEFAULT 'summary';
