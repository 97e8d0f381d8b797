//! What a record says about somebody, which of two records' values are kept, and how they go back. Pure.

use serde::{Deserialize, Serialize};

macro_rules! values {
    ($($(#[$with:meta])* $field:ident: $type:ty),* $(,)?) => {
        /// The values of a record that can be chosen.
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, sqlx::FromRow)]
        pub struct Values { $($(#[$with])* pub $field: $type),* }

        impl Values {
            /// What it says now, put back to what it said `before` wherever nobody has changed it since (`after`).
            pub fn back(self, before: &Self, after: &Self) -> Self {
                Self { $($field: if self.$field == after.$field { before.$field.clone() } else { self.$field }),* }
            }
        }
    };
}

values! {
    full_name: String,
    preferred_name: Option<String>,
    date_of_birth: Option<String>,
    phone: Option<String>,
    email: Option<String>,
    address: Option<String>,
    town: Option<String>,
    postcode: Option<String>,
    no_fixed_address: bool,
    out_of_area: bool,
    reach_by_email: bool,
    reach_by_text: bool,
    reach_by_call: bool,
    reach_by_letter: bool,
    safe_to_leave_message: bool,
    format: String,
    name_course_in_messages: Option<bool>,
    remind_by: String,
    remind_each_session: bool,
    keep_from_tutors: bool,
    #[serde(default)]
    keep_from_statistics: bool,
    #[serde(default = "asked_before")]
    ask_feedback: bool,
}

/// What a merge that was sealed before this was asked says of it.
const fn asked_before() -> bool {
    true
}

/// What is chosen together, by its word in the form.
pub const PARTS: [(&str, &str); 6] = [
    ("name", "Name"),
    ("born", "Date of birth"),
    ("phone", "Phone"),
    ("email", "Email"),
    ("address", "Address"),
    ("reach", "How we reach them"),
];

impl Values {
    /// Takes one part over from the other record.
    pub fn take(&mut self, part: &str, from: &Self) {
        let from = from.clone();
        match part {
            "name" => {
                self.full_name = from.full_name;
                self.preferred_name = from.preferred_name;
            }
            "born" => self.date_of_birth = from.date_of_birth,
            "phone" => self.phone = from.phone,
            "email" => self.email = from.email,
            "address" => {
                self.address = from.address;
                self.town = from.town;
                self.postcode = from.postcode;
                self.no_fixed_address = from.no_fixed_address;
                self.out_of_area = from.out_of_area;
            }
            "reach" => {
                self.reach_by_email = from.reach_by_email;
                self.reach_by_text = from.reach_by_text;
                self.reach_by_call = from.reach_by_call;
                self.reach_by_letter = from.reach_by_letter;
                self.safe_to_leave_message = from.safe_to_leave_message;
                self.format = from.format;
                self.name_course_in_messages = from.name_course_in_messages;
                self.remind_by = from.remind_by;
                self.remind_each_session = from.remind_each_session;
            }
            _ => {}
        }
    }

    /// The values that are kept: those of this record but for the parts in `taken`. What they objected to stays
    /// so, whichever record they said it to.
    pub fn merged(&self, other: &Self, taken: &[&str]) -> Self {
        let mut kept = self.clone();
        for part in taken {
            kept.take(part, other);
        }
        kept.keep_from_tutors |= other.keep_from_tutors;
        kept.keep_from_statistics |= other.keep_from_statistics;
        kept.ask_feedback &= other.ask_feedback;
        kept
    }

    /// Whether a part is the same in both.
    pub fn agrees(&self, part: &str, other: &Self) -> bool {
        let mut taken = self.clone();
        taken.take(part, other);
        taken == *self
    }

    /// Whether a part says nothing.
    pub fn is_silent(&self, part: &str) -> bool {
        match part {
            "born" => self.date_of_birth.is_none(),
            "phone" => self.phone.is_none(),
            "email" => self.email.is_none(),
            "address" => {
                self.address.is_none() && self.postcode.is_none() && !self.no_fixed_address
            }
            _ => false,
        }
    }
}

/// What the kept record said, and what it says since: sealed with the merge.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    pub before: Values,
    pub after: Values,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    prop_compose! {
        fn values()(
            words in prop::array::uniform8("[a-c]{1}"),
            maybe in prop::array::uniform8(any::<bool>()),
            yes in prop::array::uniform11(any::<bool>()),
        ) -> Values {
            let some = |at: usize| maybe[at].then(|| words[at].clone());
            Values {
                full_name: words[0].clone(),
                preferred_name: some(0),
                date_of_birth: some(1),
                phone: some(2),
                email: some(3),
                address: some(4),
                town: some(5),
                postcode: some(6),
                no_fixed_address: yes[0],
                out_of_area: yes[1],
                reach_by_email: yes[2],
                reach_by_text: yes[3],
                reach_by_call: yes[4],
                reach_by_letter: yes[5],
                safe_to_leave_message: yes[6],
                format: words[7].clone(),
                name_course_in_messages: maybe[7].then_some(yes[7]),
                remind_by: words[1].clone(),
                remind_each_session: yes[7],
                keep_from_tutors: yes[8],
                keep_from_statistics: yes[9],
                ask_feedback: yes[10],
            }
        }
    }

    proptest! {
        #[test]
        fn what_nobody_changed_since_goes_back_exactly(
            one in values(), other in values(), taken in prop::sample::subsequence(PARTS.to_vec(), 0..=6)
        ) {
            let taken: Vec<&str> = taken.into_iter().map(|(part, _)| part).collect();
            let after = one.merged(&other, &taken);
            prop_assert_eq!(after.clone().back(&one, &after), one.clone());
            for (part, _) in PARTS {
                let from = if taken.contains(&part) { &other } else { &one };
                prop_assert!(after.agrees(part, from));
            }
            prop_assert_eq!(after.keep_from_tutors, one.keep_from_tutors || other.keep_from_tutors);
            prop_assert_eq!(after.keep_from_statistics, one.keep_from_statistics || other.keep_from_statistics);
            prop_assert_eq!(after.ask_feedback, one.ask_feedback && other.ask_feedback);
        }

        #[test]
        fn what_was_sealed_before_two_values_came_is_read(one in values()) {
            let mut old = serde_json::to_value(&one).unwrap();
            let fields = old.as_object_mut().unwrap();
            fields.remove("keep_from_statistics");
            fields.remove("ask_feedback");
            let read: Values = serde_json::from_value(old).unwrap();
            prop_assert_eq!(read, Values { keep_from_statistics: false, ask_feedback: true, ..one });
        }

        #[test]
        fn what_was_put_right_since_stays(one in values(), other in values()) {
            let after = one.merged(&other, &["name", "phone"]);
            let mut now = after.clone();
            now.phone = Some("put right".into());
            let back = now.back(&one, &after);
            prop_assert_eq!(back.phone.as_deref(), Some("put right"));
            prop_assert_eq!(back.full_name, one.full_name);
        }
    }
}
