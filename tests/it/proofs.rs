//! The long proofs, run by `make prove`. Each test prints what it proved as one line of its table.

mod away;
mod durable;
mod equal;
mod history;
mod kills;
mod model;
mod races;
mod record;

/// One line of the table that `scripts/prove` shows: which goal, what was done, how often, what was found and what
/// is promised.
fn proved(goal: &str, what: &str, n: &str, found: &str, promised: &str) {
    println!("proof: {goal} | {what} | {n} | {found} | {promised}");
}
