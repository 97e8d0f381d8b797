-- The address where an account's own calendar reads its dates: the id, signed, is the address. Another address is another
-- id; without a row there is none.
CREATE TABLE calendar_feed (
    id UUID PRIMARY KEY NOT NULL,
    account_id UUID NOT NULL UNIQUE REFERENCES account (id),
    created_at TIMESTAMPTZ NOT NULL
);
