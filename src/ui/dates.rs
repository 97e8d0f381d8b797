//! How days and times are said.
