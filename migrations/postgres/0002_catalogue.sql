-- What can be booked: course, its runs, their sessions; where, about what and with whom.
CREATE TABLE topic (
    id UUID PRIMARY KEY NOT NULL,
    slug TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    art TEXT NOT NULL,
    position BIGINT NOT NULL
);

CREATE TABLE venue (
    id UUID PRIMARY KEY NOT NULL,
    slug TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    address_1 TEXT NOT NULL,
    address_2 TEXT,
    town TEXT NOT NULL,
    postcode TEXT NOT NULL,
    latitude DOUBLE PRECISION NOT NULL CHECK (latitude BETWEEN -90 AND 90),
    longitude DOUBLE PRECISION NOT NULL CHECK (longitude BETWEEN -180 AND 180),
    short_access TEXT NOT NULL,
    travel TEXT NOT NULL,
    about TEXT
);

CREATE TABLE room (
    id UUID PRIMARY KEY NOT NULL,
    venue_id UUID NOT NULL REFERENCES venue (id),
    name TEXT NOT NULL,
    UNIQUE (venue_id, name)
);

CREATE TABLE venue_fact (
    venue_id UUID NOT NULL REFERENCES venue (id),
    position BIGINT NOT NULL,
    icon TEXT NOT NULL,
    words TEXT NOT NULL,
    PRIMARY KEY (venue_id, position)
);

CREATE TABLE tutor (
    id UUID PRIMARY KEY NOT NULL,
    slug TEXT NOT NULL UNIQUE,
    full_name TEXT NOT NULL,
    known_as TEXT NOT NULL,
    about TEXT NOT NULL
);

CREATE TABLE course (
    id UUID PRIMARY KEY NOT NULL,
    slug TEXT NOT NULL UNIQUE CHECK (length(slug) BETWEEN 1 AND 100),
    title TEXT NOT NULL,
    topic_id UUID NOT NULL REFERENCES topic (id),
    audience TEXT NOT NULL CHECK (audience IN ('everyone', 'adults', 'carers', 'volunteers', 'under-16s')),
    summary TEXT NOT NULL,
    lead TEXT NOT NULL,
    description TEXT NOT NULL,
    who_for TEXT NOT NULL,
    not_for TEXT,
    status TEXT NOT NULL CHECK (status IN ('draft', 'published')),
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX course_topic ON course (topic_id);

-- "Your first visit": four short lines.
CREATE TABLE course_first_visit (
    course_id UUID NOT NULL REFERENCES course (id),
    position BIGINT NOT NULL,
    icon TEXT NOT NULL,
    strong TEXT NOT NULL,
    words TEXT NOT NULL,
    PRIMARY KEY (course_id, position)
);

-- One offering of a course. No venue means online. starts_at and ends_at are those of the first and the last session.
CREATE TABLE run (
    id UUID PRIMARY KEY NOT NULL,
    course_id UUID NOT NULL REFERENCES course (id),
    tutor_id UUID REFERENCES tutor (id),
    venue_id UUID REFERENCES venue (id),
    room_id UUID REFERENCES room (id),
    join_link TEXT,
    place_note TEXT,
    status TEXT NOT NULL CHECK (status IN ('draft', 'open', 'closed', 'cancelled')),
    volunteers_only BOOLEAN NOT NULL DEFAULT FALSE,
    capacity BIGINT NOT NULL CHECK (capacity > 0),
    places_taken BIGINT NOT NULL DEFAULT 0 CHECK (places_taken >= 0),
    places_held BIGINT NOT NULL DEFAULT 0 CHECK (places_held >= 0),
    sequence BIGINT NOT NULL DEFAULT 0,
    starts_at TIMESTAMPTZ NOT NULL,
    ends_at TIMESTAMPTZ NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    CHECK (places_taken + places_held <= capacity),
    CHECK (ends_at > starts_at)
);
CREATE INDEX run_course ON run (course_id, starts_at);
CREATE INDEX run_starts ON run (starts_at);
CREATE INDEX run_ends ON run (ends_at);
CREATE INDEX run_venue ON run (venue_id);

-- One dated meeting of a run.
CREATE TABLE session (
    id UUID PRIMARY KEY NOT NULL,
    run_id UUID NOT NULL REFERENCES run (id),
    position BIGINT NOT NULL CHECK (position > 0),
    starts_at TIMESTAMPTZ NOT NULL,
    ends_at TIMESTAMPTZ NOT NULL,
    theme TEXT,
    note TEXT,
    UNIQUE (run_id, position),
    CHECK (ends_at > starts_at)
);
CREATE INDEX session_starts ON session (starts_at);

-- Goes up with every change that the public pages show; the search index and the page cache follow it.
CREATE TABLE catalogue_version (
    id BIGINT PRIMARY KEY NOT NULL CHECK (id = 1),
    version BIGINT NOT NULL
);
INSERT INTO catalogue_version (id, version) VALUES (1, 1);
