//! The mail server is in a bad mood while people go on booking.

use crate::history::record::Recorder;
use crate::history::scene::Scene;
use crate::support::smtp::Mood;

const MOODS: [Mood; 5] = [
    Mood::Slow,
    Mood::Away,
    Mood::Later,
    Mood::NoSuchPerson,
    Mood::BreaksOff,
];

/// For so many answers.
const ANSWERS: usize = 60;

pub async fn strike(scene: &Scene, recorder: &Recorder, dice: &mut fastrand::Rng) {
    scene.post.set(MOODS[dice.usize(0..MOODS.len())]);
    recorder.answers_more(ANSWERS).await;
    scene.post.set(Mood::Takes);
}
