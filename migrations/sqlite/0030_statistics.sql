-- Whether somebody may be counted in statistics is a choice with its words, too.
CREATE TABLE consent_new (
    id BLOB PRIMARY KEY NOT NULL,
    person_id BLOB REFERENCES person (id),
    subscription_id BLOB REFERENCES subscription (id),
    about TEXT NOT NULL CHECK (about IN ('newsletter', 'texts', 'course-name', 'privacy-notice', 'guardian', 'ethnicity', 'access-note',
        'statistics')),
    given INTEGER NOT NULL CHECK (given IN (0, 1)),
    wording TEXT NOT NULL,
    wording_version TEXT NOT NULL,
    channel TEXT NOT NULL CHECK (channel IN ('sign-up', 'account', 'booking', 'newsletter-page', 'email-link', 'one-click', 'phone',
        'letter', 'in-person', 'staff')),
    recorded_at TEXT NOT NULL,
    CHECK (person_id IS NOT NULL OR subscription_id IS NOT NULL)
) STRICT;
INSERT INTO consent_new (id, person_id, subscription_id, about, given, wording, wording_version, channel, recorded_at)
    SELECT id, person_id, subscription_id, about, given, wording, wording_version, channel, recorded_at FROM consent;
DROP TABLE consent;
ALTER TABLE consent_new RENAME TO consent;
CREATE INDEX consent_person ON consent (person_id, about, recorded_at);
CREATE INDEX consent_subscription ON consent (subscription_id, recorded_at);
