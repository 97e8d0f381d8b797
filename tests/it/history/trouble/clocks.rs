//! All clocks jump. On by more than a day: offers run out. Back: what was due is not due any more.

use crate::history::scene::Scene;

/// So many hours. Never so many in one round that a letter that waits is given up (72 hours).
const JUMPS: [i64; 5] = [1, 13, 26, -1, -25];

pub async fn strike(scene: &Scene, dice: &mut fastrand::Rng) {
    let hours = JUMPS[dice.usize(0..JUMPS.len())];
    scene.jump(hours * 3600).await;
}
