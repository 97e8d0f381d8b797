-- What the course team plans with: how many a room holds, how to get into a building and who opens it, whether a room is
-- hired for sure, and how many must have booked by when for a run to take place.
ALTER TABLE room ADD COLUMN capacity BIGINT CHECK (capacity BETWEEN 1 AND 500);
ALTER TABLE venue ADD COLUMN getting_in TEXT CHECK (length(getting_in) BETWEEN 1 AND 500);
ALTER TABLE venue ADD COLUMN caretaker_phone TEXT CHECK (length(caretaker_phone) BETWEEN 3 AND 30);
ALTER TABLE run ADD COLUMN hire TEXT CHECK (hire IN ('pencilled', 'confirmed'));
ALTER TABLE run ADD COLUMN minimum BIGINT CHECK (minimum > 0);
ALTER TABLE run ADD COLUMN decide_on TEXT CHECK (length(decide_on) = 10) CHECK ((minimum IS NULL) = (decide_on IS NULL));
CREATE INDEX run_room ON run (room_id);

-- No run has more places than its room holds.
CREATE FUNCTION run_fits_its_room() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.capacity > (SELECT capacity FROM room WHERE id = NEW.room_id FOR SHARE) THEN
        RAISE EXCEPTION 'the room holds fewer' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER run_added_fits_its_room BEFORE INSERT ON run
    FOR EACH ROW EXECUTE FUNCTION run_fits_its_room();
CREATE TRIGGER run_changed_fits_its_room BEFORE UPDATE OF capacity, room_id ON run
    FOR EACH ROW EXECUTE FUNCTION run_fits_its_room();
