//! Registers: the tutor sees name, phone and email of those who come to their own runs, while they need to, and each of
//! those can see that they did.

mod canaries;
mod marking;
mod messages;
mod offline;
pub mod scene;
mod seeing;
pub mod sharing;
mod walk_ins;
