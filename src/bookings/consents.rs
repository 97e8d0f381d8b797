//! What somebody agrees to about their bookings, or takes back.

use crate::privacy::consents::Wording;

/// Beside "Email and text message".
pub const TEXTS: Wording = Wording {
    about: "texts",
    words: "Yes, you may text me about my bookings. Texts do not say what the course is. I can stop at any time.",
    version: "1",
};

/// Beside the box about naming the course.
pub const NAME_COURSE: Wording = Wording {
    about: "course-name",
    words: "You may name the course in emails to me. Someone who shares my email may see it.",
    version: "2",
};

/// Beside "What would help you on the day?".
pub const ACCESS_NOTE: Wording = Wording {
    about: "access-note",
    words: "What you tell us under “What would help you” is locked away. Only the course team can open it. You can \
            change or remove it at any time.",
    version: "1",
};

/// Beside the question about somebody's ethnic group.
pub const ETHNICITY: Wording = Wording {
    about: "ethnicity",
    words: "If you answer, we lock your answer away and only count it together with other people’s. You can change \
            or remove it at any time.",
    version: "1",
};
