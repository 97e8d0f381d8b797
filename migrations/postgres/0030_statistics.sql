-- Whether somebody may be counted in statistics is a choice with its words, too.
ALTER TABLE consent DROP CONSTRAINT consent_about_check;
ALTER TABLE consent ADD CONSTRAINT consent_about_check CHECK (about IN ('newsletter', 'texts', 'course-name', 'privacy-notice',
    'guardian', 'ethnicity', 'access-note', 'statistics'));
