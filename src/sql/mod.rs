//! Flink SQL as a tree: what the compiler builds, prints, parses back and fingerprints.
//!
//! | module | concept |
//! | --- | --- |
//! | [`ast`] | statements and expressions |
//! | [`build`] | constructors that keep expressions in normal form |
//! | [`literal`], [`function`], [`data_type`] | the leaves of the tree |
//! | `print`, `layout` | trees as text, on one line or in readable ones |
//! | [`render`] | whole files from templates, parsed back before anybody sees them |
//! | `terminal` | SQL for a program that takes it for what somebody types |
//! | [`parse`](mod@parse) | text as trees, with sqlparser's grammar |
//! | [`canonical`](mod@canonical) | one text for all trees that differ in order alone |
//! | `repeats` | comparisons that Flink's planner would turn round for ever |
//!
//! A new kind of expression takes four steps: a variant of [`ast::Expr`], its text in `print`, its
//! reading in `parse`, its operands in `canonical`. The property tests then cover it once the
//! generator in `arbitrary` knows it. A new builtin function is one line in [`function`].

pub mod ast;
pub mod build;
pub mod canonical;
pub mod data_type;
pub mod function;
mod invisible;
mod layout;
pub mod literal;
pub mod parse;
mod print;
pub mod render;
mod repeats;

#[cfg(test)]
mod arbitrary;
#[cfg(test)]
mod tests;

#[cfg(test)]
pub(crate) use arbitrary::hostile_text;

pub use ast::{
    BinaryOperator, CreateTable, Distribution, Expr, Ident, Insert, Projection, Select, Setting,
    Statement, Truth,
};
pub use build::escape_like;
pub(crate) use canonical::expr as canonical_expr;
pub use canonical::{canonical, canonical_text};
pub use data_type::{DataType, DataTypeError, TypeKind};
pub use function::{Function, TimeUnit};
pub(crate) use invisible::is_invisible;
pub use literal::{Literal, Number, NumberError};
pub use parse::{ParseError, parse, parse_expr, parse_script};
pub use render::{RenderError, Templates};
pub(crate) use repeats::{shielded, shields};
