-- What became of a call: how often somebody was tried, by whom it was done, and how.
ALTER TABLE phone_call ADD COLUMN tries INTEGER NOT NULL DEFAULT 0 CHECK (tries >= 0);
ALTER TABLE phone_call ADD COLUMN last_try_at TEXT;
ALTER TABLE phone_call ADD COLUMN done_by BLOB REFERENCES account (id);
ALTER TABLE phone_call ADD COLUMN outcome TEXT CHECK (outcome IN ('reached', 'left-message', 'other-way'));
CREATE INDEX phone_call_done ON phone_call (done_at) WHERE done_at IS NOT NULL;
