-- What the desk's lists follow when there are the runs of many years: how many are over, what a course has to come, what was
-- called off, and who came to a run.
CREATE INDEX run_over ON run (ends_at, status);
DROP INDEX run_ends;
CREATE INDEX run_course_over ON run (course_id, ends_at);
CREATE INDEX run_called_off ON run (starts_at) WHERE status = 'cancelled';
CREATE INDEX place_run ON place (run_id);
