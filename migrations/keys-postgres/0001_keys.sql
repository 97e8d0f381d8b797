-- The vault's keys, apart from the data: one per subject and record class, wrapped by the master key.
CREATE TABLE data_key (
    subject_id UUID NOT NULL,
    record_class TEXT NOT NULL,
    wrapped BYTEA NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (subject_id, record_class)
);
