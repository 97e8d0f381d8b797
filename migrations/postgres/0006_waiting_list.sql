-- How many entries wait on the run without an offer: while there are any, places go through the list.
ALTER TABLE run ADD COLUMN waiting BIGINT NOT NULL DEFAULT 0 CHECK (waiting >= 0);

-- One or two people who wait together for a place on a full run, both or neither, in the order of turn. offered: they
-- have an open offer. over: the run began, closed or was cancelled before there was a place.
CREATE TABLE waiting_entry (
    id UUID PRIMARY KEY NOT NULL,
    run_id UUID NOT NULL REFERENCES run (id),
    account_id UUID REFERENCES account (id),
    channel TEXT NOT NULL CHECK (channel IN ('website', 'phone', 'letter', 'in-person', 'referral')),
    places BIGINT NOT NULL CHECK (places IN (1, 2)),
    turn BIGINT NOT NULL CHECK (turn > 0),
    status TEXT NOT NULL CHECK (status IN ('waiting', 'offered', 'booked', 'left', 'declined', 'lapsed', 'over')),
    joined_at TIMESTAMPTZ NOT NULL,
    called_at TIMESTAMPTZ,
    ended_at TIMESTAMPTZ,
    UNIQUE (run_id, turn),
    CHECK ((status IN ('waiting', 'offered')) = (ended_at IS NULL))
);
CREATE INDEX waiting_entry_live ON waiting_entry (run_id, turn) WHERE ended_at IS NULL;
CREATE INDEX waiting_entry_account ON waiting_entry (account_id);

CREATE TABLE waiting_person (
    entry_id UUID NOT NULL REFERENCES waiting_entry (id),
    person_id UUID NOT NULL REFERENCES person (id),
    run_id UUID NOT NULL REFERENCES run (id),
    active BOOLEAN NOT NULL,
    PRIMARY KEY (entry_id, person_id)
);
CREATE UNIQUE INDEX waiting_person_run ON waiting_person (run_id, person_id) WHERE active;
CREATE INDEX waiting_person_person ON waiting_person (person_id);

-- Places kept for people on the waiting list until they answer, counted in run.places_held until they are let go.
CREATE TABLE offered_place (
    id UUID PRIMARY KEY NOT NULL,
    run_id UUID NOT NULL REFERENCES run (id),
    places BIGINT NOT NULL CHECK (places IN (1, 2)),
    created_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL,
    released_at TIMESTAMPTZ
);
CREATE INDEX offered_place_run ON offered_place (run_id, expires_at) WHERE released_at IS NULL;

-- What one entry was offered. Up to three entries share one offered place; the last call keeps none for anybody.
CREATE TABLE place_offer (
    id UUID PRIMARY KEY NOT NULL,
    entry_id UUID NOT NULL REFERENCES waiting_entry (id),
    run_id UUID NOT NULL REFERENCES run (id),
    offered_place_id UUID REFERENCES offered_place (id),
    token_hash BYTEA NOT NULL CHECK (length(token_hash) = 32),
    state TEXT NOT NULL CHECK (state IN ('open', 'taken', 'declined', 'lapsed', 'gone')),
    created_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL,
    ended_at TIMESTAMPTZ,
    CHECK ((state = 'open') = (ended_at IS NULL))
);
CREATE UNIQUE INDEX place_offer_token ON place_offer (token_hash);
CREATE UNIQUE INDEX place_offer_open ON place_offer (entry_id) WHERE state = 'open';
CREATE INDEX place_offer_place ON place_offer (offered_place_id);
