-- A companion is somebody who comes along: a partner, a relative, a friend. SQLite cannot change a CHECK, so the table is
-- made anew; nothing refers to it.
CREATE TABLE representation_new (
    id BLOB PRIMARY KEY NOT NULL,
    account_id BLOB NOT NULL REFERENCES account (id),
    person_id BLOB NOT NULL REFERENCES person (id),
    kind TEXT NOT NULL CHECK (kind IN ('self', 'parent', 'guardian', 'carer', 'attorney', 'advocate', 'companion')),
    scope TEXT NOT NULL DEFAULT 'everything' CHECK (scope IN ('everything', 'bookings')),
    evidence TEXT,
    created_at TEXT NOT NULL,
    ends_at TEXT
) STRICT;
INSERT INTO representation_new (id, account_id, person_id, kind, scope, evidence, created_at, ends_at)
SELECT id, account_id, person_id, kind, scope, evidence, created_at, ends_at FROM representation;
DROP TABLE representation;
ALTER TABLE representation_new RENAME TO representation;
CREATE UNIQUE INDEX representation_pair ON representation (account_id, person_id) WHERE ends_at IS NULL;
CREATE UNIQUE INDEX representation_self ON representation (account_id) WHERE kind = 'self' AND ends_at IS NULL;
CREATE INDEX representation_person ON representation (person_id);
