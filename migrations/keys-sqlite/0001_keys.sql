-- The vault's keys, apart from the data: one per subject and record class, wrapped by the master key.
CREATE TABLE data_key (
    subject_id BLOB NOT NULL,
    record_class TEXT NOT NULL,
    wrapped BLOB NOT NULL,
    created_at TEXT NOT NULL,
    PRIMARY KEY (subject_id, record_class)
) STRICT;
