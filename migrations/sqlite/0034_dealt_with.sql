-- A message that did not arrive and that nobody is rung about: when somebody of the team dealt with it, and who.
ALTER TABLE outbox ADD COLUMN dealt_at TEXT;
ALTER TABLE outbox ADD COLUMN dealt_by BLOB REFERENCES account (id);
CREATE INDEX outbox_not_dealt ON outbox (finished_at) WHERE state = 'dead' AND dealt_at IS NULL;
CREATE INDEX outbox_dealt ON outbox (dealt_at) WHERE dealt_at IS NOT NULL;
