-- Whose records an account saw between two moments is read from the index alone.
DROP INDEX audit_entry_account;
CREATE INDEX audit_entry_account ON audit_entry (account_id, at, person_id);
