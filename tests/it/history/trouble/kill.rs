//! SIGKILL in the middle of whatever the server does, and a new start.

use crate::history::scene::Scene;

pub async fn strike(scene: &Scene, dice: &mut fastrand::Rng) {
    scene.kill(dice.usize(0..scene.nodes.len())).await;
}
