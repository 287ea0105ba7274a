//! What differs between what runs and what should run, or between two targets.

pub mod implies;
