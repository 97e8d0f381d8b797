//! Who reads what, and how an entry is written.

use super::{Column, Reader, Sort};

pub(super) const PUBLIC: &[Reader] = &[Reader::Public];
pub(super) const ATTENDEES: &[Reader] = &[Reader::CourseAdmin, Reader::Tutor];
pub(super) const TUTOR: &[Reader] = &[Reader::Tutor, Reader::CourseAdmin, Reader::DataProtection];
pub(super) const TEAM: &[Reader] = &[Reader::CourseAdmin, Reader::DataProtection];
pub(super) const OPENING: &[Reader] = &[Reader::CourseAdminByOpening, Reader::DataProtection];
pub(super) const COMMUNICATIONS: &[Reader] = &[Reader::Communications, Reader::DataProtection];
pub(super) const CONSENTS: &[Reader] = &[
    Reader::CourseAdmin,
    Reader::Communications,
    Reader::DataProtection,
];
pub(super) const PROGRAM: &[Reader] = &[Reader::Program];

pub(super) const fn column(
    name: &'static str,
    what: &'static str,
    sort: Sort,
    readers: &'static [Reader],
) -> Column {
    Column {
        name,
        what,
        sort,
        readers,
    }
}
