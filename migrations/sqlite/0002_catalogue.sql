-- What can be booked: course, its runs, their sessions; where, about what and with whom.
CREATE TABLE topic (
    id BLOB PRIMARY KEY NOT NULL,
    slug TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    art TEXT NOT NULL,
    position INTEGER NOT NULL
) STRICT;

CREATE TABLE venue (
    id BLOB PRIMARY KEY NOT NULL,
    slug TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    address_1 TEXT NOT NULL,
    address_2 TEXT,
    town TEXT NOT NULL,
    postcode TEXT NOT NULL,
    latitude REAL NOT NULL CHECK (latitude BETWEEN -90 AND 90),
    longitude REAL NOT NULL CHECK (longitude BETWEEN -180 AND 180),
    short_access TEXT NOT NULL,
    travel TEXT NOT NULL,
    about TEXT
) STRICT;

CREATE TABLE room (
    id BLOB PRIMARY KEY NOT NULL,
    venue_id BLOB NOT NULL REFERENCES venue (id),
    name TEXT NOT NULL,
    UNIQUE (venue_id, name)
) STRICT;

CREATE TABLE venue_fact (
    venue_id BLOB NOT NULL REFERENCES venue (id),
    position INTEGER NOT NULL,
    icon TEXT NOT NULL,
    words TEXT NOT NULL,
    PRIMARY KEY (venue_id, position)
) STRICT;

CREATE TABLE tutor (
    id BLOB PRIMARY KEY NOT NULL,
    slug TEXT NOT NULL UNIQUE,
    full_name TEXT NOT NULL,
    known_as TEXT NOT NULL,
    about TEXT NOT NULL
) STRICT;

CREATE TABLE course (
    id BLOB PRIMARY KEY NOT NULL,
    slug TEXT NOT NULL UNIQUE CHECK (length(slug) BETWEEN 1 AND 100),
    title TEXT NOT NULL,
    topic_id BLOB NOT NULL REFERENCES topic (id),
    audience TEXT NOT NULL CHECK (audience IN ('everyone', 'adults', 'carers', 'volunteers', 'under-16s')),
    summary TEXT NOT NULL,
    lead TEXT NOT NULL,
    description TEXT NOT NULL,
    who_for TEXT NOT NULL,
    not_for TEXT,
    status TEXT NOT NULL CHECK (status IN ('draft', 'published')),
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
) STRICT;
CREATE INDEX course_topic ON course (topic_id);

-- "Your first visit": four short lines.
CREATE TABLE course_first_visit (
    course_id BLOB NOT NULL REFERENCES course (id),
    position INTEGER NOT NULL,
    icon TEXT NOT NULL,
    strong TEXT NOT NULL,
    words TEXT NOT NULL,
    PRIMARY KEY (course_id, position)
) STRICT;

-- One offering of a course. No venue means online. starts_at and ends_at are those of the first and the last session.
CREATE TABLE run (
    id BLOB PRIMARY KEY NOT NULL,
    course_id BLOB NOT NULL REFERENCES course (id),
    tutor_id BLOB REFERENCES tutor (id),
    venue_id BLOB REFERENCES venue (id),
    room_id BLOB REFERENCES room (id),
    join_link TEXT,
    place_note TEXT,
    status TEXT NOT NULL CHECK (status IN ('draft', 'open', 'closed', 'cancelled')),
    volunteers_only INTEGER NOT NULL DEFAULT FALSE CHECK (volunteers_only IN (0, 1)),
    capacity INTEGER NOT NULL CHECK (capacity > 0),
    places_taken INTEGER NOT NULL DEFAULT 0 CHECK (places_taken >= 0),
    places_held INTEGER NOT NULL DEFAULT 0 CHECK (places_held >= 0),
    sequence INTEGER NOT NULL DEFAULT 0,
    starts_at TEXT NOT NULL,
    ends_at TEXT NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    CHECK (places_taken + places_held <= capacity),
    CHECK (ends_at > starts_at)
) STRICT;
CREATE INDEX run_course ON run (course_id, starts_at);
CREATE INDEX run_starts ON run (starts_at);
CREATE INDEX run_ends ON run (ends_at);
CREATE INDEX run_venue ON run (venue_id);

-- One dated meeting of a run.
CREATE TABLE session (
    id BLOB PRIMARY KEY NOT NULL,
    run_id BLOB NOT NULL REFERENCES run (id),
    position INTEGER NOT NULL CHECK (position > 0),
    starts_at TEXT NOT NULL,
    ends_at TEXT NOT NULL,
    theme TEXT,
    note TEXT,
    UNIQUE (run_id, position),
    CHECK (ends_at > starts_at)
) STRICT;
CREATE INDEX session_starts ON session (starts_at);

-- Goes up with every change that the public pages show; the search index and the page cache follow it.
CREATE TABLE catalogue_version (
    id INTEGER PRIMARY KEY NOT NULL CHECK (id = 1),
    version INTEGER NOT NULL
) STRICT;
INSERT INTO catalogue_version (id, version) VALUES (1, 1);
