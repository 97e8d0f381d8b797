-- One session may be somewhere else than its run: at another venue, or online (elsewhere, without a venue).
ALTER TABLE session ADD COLUMN elsewhere BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE session ADD COLUMN venue_id UUID REFERENCES venue (id) CHECK (venue_id IS NULL OR elsewhere);
ALTER TABLE session ADD COLUMN room_id UUID REFERENCES room (id) CHECK (room_id IS NULL OR venue_id IS NOT NULL);
CREATE INDEX session_venue ON session (venue_id) WHERE venue_id IS NOT NULL;
CREATE INDEX session_room ON session (room_id) WHERE room_id IS NOT NULL;

-- A session is put into no room that holds fewer than the run has places. (A run that is given more places is checked by the
-- program: only sessions to come count then, and that needs the clock.)
CREATE FUNCTION session_fits_its_room() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT capacity FROM run WHERE id = NEW.run_id) > (SELECT capacity FROM room WHERE id = NEW.room_id FOR SHARE) THEN
        RAISE EXCEPTION 'the room holds fewer' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER session_fits_its_room BEFORE UPDATE OF room_id ON session
    FOR EACH ROW EXECUTE FUNCTION session_fits_its_room();

-- Whoever leads one session instead of the run's tutor; the others in this table lead beside them.
ALTER TABLE session_tutor ADD COLUMN instead BOOLEAN NOT NULL DEFAULT FALSE;
CREATE UNIQUE INDEX session_tutor_instead ON session_tutor (session_id) WHERE instead;
