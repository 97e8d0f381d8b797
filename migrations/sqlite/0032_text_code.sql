-- A tutor's second step may be a code by text: the mobile number it goes to, sealed. None: an app makes the codes.
ALTER TABLE second_step ADD COLUMN phone BLOB;

-- The last code that was sent to an account. It is gone once it is used.
CREATE TABLE text_code (
    account_id BLOB PRIMARY KEY NOT NULL REFERENCES account (id),
    code_mac BLOB NOT NULL CHECK (length(code_mac) = 32),
    expires_at TEXT NOT NULL
) STRICT;
CREATE INDEX text_code_expires ON text_code (expires_at);

CREATE TABLE sign_in_try_new (
    id BLOB PRIMARY KEY NOT NULL,
    address_hash BLOB NOT NULL CHECK (length(address_hash) = 32),
    kind TEXT NOT NULL CHECK (kind IN ('password', 'link', 'sign-up', 'second-step', 'claim', 'text', 'text-day')),
    tried_at TEXT NOT NULL
) STRICT;
INSERT INTO sign_in_try_new (id, address_hash, kind, tried_at) SELECT id, address_hash, kind, tried_at FROM sign_in_try;
DROP TABLE sign_in_try;
ALTER TABLE sign_in_try_new RENAME TO sign_in_try;
CREATE INDEX sign_in_try_address ON sign_in_try (address_hash, kind, tried_at);
CREATE INDEX sign_in_try_at ON sign_in_try (tried_at);

-- After this a message is of no use to anybody, as a code that has run out: it is not sent late, but taken out.
ALTER TABLE outbox ADD COLUMN useless_after TEXT;
