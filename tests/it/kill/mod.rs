//! The proof of the protocol: whatever dies when, and whatever happens meanwhile, nothing is lost and nothing doubled.
//!
//! `world` is an emulator with a client that can be killed at any call, and says what must hold at the end. `process`
//! kills the real binary, `sweep` the library at every call of every change,
//! `restart` where the user says where to begin anew,
//! `service` under every fault and behaviour of the service, `seeds` plays at random;
//! `mutants` shows that protocols which are not ours are found out. Offsets grow with every call and with time.
//!
//! The whole of it: `cargo test --test it kill -- --include-ignored`.

mod config;
mod diary;
mod mutants;
mod process;
mod restart;
mod seeds;
mod service;
mod sweep;
mod world;
