//! Flink SQL as a tree: what the compiler builds, prints, parses back and fingerprints.
//!
//! | module | concept |
//! | --- | --- |
//! | [`ast`] | statements and expressions |
//! | [`build`] | constructors that keep expressions in normal form |
//! | [`literal`], [`function`], [`data_type`] | the leaves of the tree |
//!
//! A new kind of expression takes four steps: a variant of [`ast::Expr`], its text in `print`, its
//! reading in `parse`, its operands in `canonical`. The property tests then cover it once the
//! generator in `arbitrary` knows it. A new builtin function is one line in [`function`].

pub mod ast;
pub mod build;
pub mod data_type;
pub mod function;
pub mod literal;

pub use ast::{BinaryOperator, Distribution, Expr, Ident, Insert, Select, Statement, Truth};
pub use ast::{CreateTable, Projection};
pub use build::escape_like;
pub use data_type::{DataType, DataTypeError, TypeKind};
pub use function::{Function, TimeUnit};
pub use literal::{Literal, Number, NumberError};
