-- Which organisation gives a run: its coordinators see who comes. And how the room is set up, in the team's words, without
-- names.
ALTER TABLE run ADD COLUMN provider_id UUID REFERENCES organisation (id);
ALTER TABLE run ADD COLUMN room_setup TEXT CHECK (length(room_setup) BETWEEN 1 AND 500);
CREATE INDEX run_provider ON run (provider_id);
CREATE INDEX run_tutor ON run (tutor_id);

-- Who leads a session beside the run's tutor, or instead of them.
CREATE TABLE session_tutor (
    session_id UUID NOT NULL REFERENCES session (id) ON DELETE CASCADE,
    tutor_id UUID NOT NULL REFERENCES tutor (id),
    created_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (session_id, tutor_id)
);
CREATE INDEX session_tutor_tutor ON session_tutor (tutor_id);

-- They objected to tutors being given their details.
ALTER TABLE person ADD COLUMN keep_from_tutors BOOLEAN NOT NULL DEFAULT FALSE;

-- What somebody wrote to everybody on a run, and how many it went to: by email, by text, and by a call. Some get two.
CREATE TABLE run_message (
    id UUID PRIMARY KEY NOT NULL,
    run_id UUID NOT NULL REFERENCES run (id),
    account_id UUID NOT NULL REFERENCES account (id),
    words TEXT NOT NULL CHECK (length(words) BETWEEN 1 AND 500),
    people BIGINT NOT NULL CHECK (people > 0),
    by_email BIGINT NOT NULL CHECK (by_email >= 0),
    by_text BIGINT NOT NULL CHECK (by_text >= 0),
    by_call BIGINT NOT NULL CHECK (by_call >= 0),
    sent_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX run_message_run ON run_message (run_id, sent_at);

-- Whoever rings reads it out.
ALTER TABLE phone_call ADD COLUMN message_id UUID REFERENCES run_message (id);

-- Somebody who came to a session without a place: the course team makes one of it, and then it is done.
CREATE TABLE walk_in (
    id UUID PRIMARY KEY NOT NULL,
    session_id UUID NOT NULL REFERENCES session (id) ON DELETE CASCADE,
    full_name TEXT NOT NULL CHECK (length(full_name) BETWEEN 1 AND 100),
    phone TEXT CHECK (length(phone) BETWEEN 3 AND 20),
    noted_by UUID NOT NULL REFERENCES account (id),
    noted_at TIMESTAMPTZ NOT NULL,
    done_at TIMESTAMPTZ
);
CREATE INDEX walk_in_session ON walk_in (session_id);
