-- Where somebody is written to, and since when the search knows them as they are.
ALTER TABLE person ADD COLUMN address TEXT CHECK (length(address) BETWEEN 1 AND 300);
ALTER TABLE person ADD COLUMN town TEXT CHECK (length(town) BETWEEN 1 AND 100);
ALTER TABLE person ADD COLUMN searchable_at TIMESTAMPTZ;
CREATE INDEX person_not_searchable ON person (id) WHERE searchable_at IS NULL;

-- Whoever writes a person need not know of the search.
CREATE FUNCTION person_found_anew() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.searchable_at := NULL;
    RETURN NEW;
END
$$;
CREATE TRIGGER person_found_anew BEFORE UPDATE OF full_name, preferred_name, phone, email ON person
    FOR EACH ROW EXECUTE FUNCTION person_found_anew();

-- What somebody is found by: words of their names, "#" and the phone number from its end, "@" and the email address.
-- Sorted by bytes, so that the beginning of a word is a stretch of the index.
CREATE TABLE person_word (
    person_id UUID NOT NULL REFERENCES person (id),
    word TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (person_id, word)
);
CREATE INDEX person_word_word ON person_word (word, person_id);

-- What was said when the team spoke with somebody, sealed under their key.
CREATE TABLE contact_note (
    id UUID PRIMARY KEY NOT NULL,
    person_id UUID NOT NULL REFERENCES person (id),
    account_id UUID NOT NULL REFERENCES account (id),
    channel TEXT NOT NULL CHECK (channel IN ('phone', 'email', 'letter', 'in-person')),
    sealed BYTEA NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX contact_note_person ON contact_note (person_id, created_at);

-- People agree by letter and in person, too.
ALTER TABLE consent DROP CONSTRAINT consent_channel_check;
ALTER TABLE consent ADD CONSTRAINT consent_channel_check CHECK (channel IN ('sign-up', 'account', 'booking',
    'newsletter-page', 'email-link', 'one-click', 'phone', 'letter', 'in-person', 'staff'));

-- Whoever wrote a letter and has no email is told by the team that they are booked.
ALTER TABLE phone_call DROP CONSTRAINT phone_call_about_check;
ALTER TABLE phone_call ADD CONSTRAINT phone_call_about_check
    CHECK (about IN ('reminder', 'change', 'not-going-ahead', 'new-dates', 'undelivered', 'booked'));
