-- The way a message goes: each has its own workers and its own pace.
ALTER TABLE outbox ADD COLUMN channel TEXT NOT NULL DEFAULT 'email' CHECK (channel IN ('email', 'text'));
DROP INDEX outbox_due;
CREATE INDEX outbox_due ON outbox (channel, next_try_at) WHERE state = 'waiting';
