-- Somebody new may begin with any session up to this one, counted from 1, and until that one begins.
ALTER TABLE run ADD COLUMN join_by_session INTEGER NOT NULL DEFAULT 1 CHECK (join_by_session >= 1);
ALTER TABLE run ADD COLUMN join_until TEXT CHECK ((join_by_session > 1) = (join_until IS NOT NULL));
CREATE INDEX run_joins ON run ((COALESCE(join_until, starts_at)));
