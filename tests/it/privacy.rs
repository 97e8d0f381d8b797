//! The privacy desk: requests about people's own data.

mod requests;
