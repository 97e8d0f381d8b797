-- A tutor's second step may be a code by text: the mobile number it goes to, sealed. None: an app makes the codes.
ALTER TABLE second_step ADD COLUMN phone BYTEA;

-- The last code that was sent to an account. It is gone once it is used.
CREATE TABLE text_code (
    account_id UUID PRIMARY KEY NOT NULL REFERENCES account (id),
    code_mac BYTEA NOT NULL CHECK (length(code_mac) = 32),
    expires_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX text_code_expires ON text_code (expires_at);

ALTER TABLE sign_in_try DROP CONSTRAINT sign_in_try_kind_check;
ALTER TABLE sign_in_try ADD CONSTRAINT sign_in_try_kind_check
    CHECK (kind IN ('password', 'link', 'sign-up', 'second-step', 'claim', 'text', 'text-day'));

-- After this a message is of no use to anybody, as a code that has run out: it is not sent late, but taken out.
ALTER TABLE outbox ADD COLUMN useless_after TIMESTAMPTZ;
