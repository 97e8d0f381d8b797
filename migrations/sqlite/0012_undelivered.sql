-- What could not be delivered is looked for by the sweeps: a call is noted instead.
CREATE INDEX outbox_dead ON outbox (finished_at) WHERE state = 'dead';
