//! The page `/style`: every component in every state.
