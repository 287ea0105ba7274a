//! The route language: its syntax tree ([`syntax`]) and its reader ([`decode`]).
//!
//! What a route file says is read here without looking at any schema; whether it makes sense is the
//! business of [`crate::check`].

mod allow;
mod condition;
pub mod decode;
mod select;
pub mod syntax;

pub use syntax::{Literal, Node, Operand, Route, Sink, Test};
