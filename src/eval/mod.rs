//! Evaluation
mod big_decimal;
mod exact;
pub mod json;
mod truth;
