-- Whether an offer on a run was not answered in time, without looking at everybody who waits.
CREATE INDEX place_offer_lapsed ON place_offer (run_id, expires_at) WHERE state = 'open';
