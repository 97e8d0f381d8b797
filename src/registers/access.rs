//! Who sees which list: decided here, and by nothing else. Every statement about a run that somebody is shown begins with
//! [`seen!`] and joins it.

/// Begins a statement with `seen (run_id, session_id)`: the sessions whose list the account `$1` sees at `$2`. A tutor sees
/// every session of the runs that they give, and those sessions of others' that they lead; a coordinator sees every session of
/// what their organisation gives. Each only while they have the role.
macro_rules! seen {
    ($rest:expr) => {
        concat!(
            "WITH held AS (SELECT role, organisation_id FROM role_grant \
                           WHERE account_id = $1 AND (ends_at IS NULL OR ends_at > $2)), \
                  me AS (SELECT id FROM tutor WHERE account_id = $1 AND EXISTS (SELECT 1 FROM held WHERE role = 'tutor')), \
                  seen AS (SELECT session.run_id, session.id AS session_id FROM me \
                           JOIN run ON run.tutor_id = me.id JOIN session ON session.run_id = run.id \
                           UNION \
                           SELECT session.run_id, session.id AS session_id FROM me \
                           JOIN session_tutor ON session_tutor.tutor_id = me.id \
                           JOIN session ON session.id = session_tutor.session_id \
                           UNION \
                           SELECT session.run_id, session.id AS session_id FROM held \
                           JOIN organisation ON organisation.id = held.organisation_id AND organisation.kind = 'provider' \
                                AND (organisation.ended_at IS NULL OR organisation.ended_at > $2) \
                           JOIN run ON run.provider_id = organisation.id JOIN session ON session.run_id = run.id \
                           WHERE held.role = 'coordinator') ",
            $rest
        )
    };
}
pub(super) use seen;
