//! Chance that can be repeated: a seed gives the same choices again (but not the same order of events, which is the
//! machine's).

/// Dice for one person in one round.
pub fn dice(seed: u64, round: u64, who: u64) -> fastrand::Rng {
    // Far apart, so that neighbours do not throw alike.
    let mixed = seed
        .wrapping_add(round.wrapping_mul(0x9E37_79B9_7F4A_7C15))
        .wrapping_add(who.wrapping_mul(0xBF58_476D_1CE4_E5B9));
    fastrand::Rng::with_seed(mixed)
}

/// True so many times in a hundred.
pub fn percent(dice: &mut fastrand::Rng, chance: u32) -> bool {
    dice.u32(0..100) < chance
}
