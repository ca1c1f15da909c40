-- Which jobs a paid step was for, so that it can be erased with what is known of a job. Steps from before this are not in it; they go by age.
CREATE TABLE step_uses (
	site   TEXT    NOT NULL,
	job_id INTEGER NOT NULL,
	key    TEXT    NOT NULL REFERENCES steps (key) ON DELETE CASCADE,
	PRIMARY KEY (site, job_id, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX step_uses_key ON step_uses (key);
