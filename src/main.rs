//! The `routectl` binary.

fn main() {}
