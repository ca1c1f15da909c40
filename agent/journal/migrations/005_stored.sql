-- Jobs of which the store has objects, for as long as these are kept for so many days (store.keep); own: this agent has put them there. When a
-- store was listed for a site stands in meta.
CREATE TABLE stored (
	site   TEXT    NOT NULL CHECK (site <> ''),
	job_id INTEGER NOT NULL CHECK (job_id > 0),
	at     INTEGER NOT NULL,
	own    INTEGER NOT NULL CHECK (own IN (0, 1)),
	PRIMARY KEY (site, job_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX stored_at ON stored (site, at);
