//! JSON Schemas as types, and the paths that lead into them.
//!
//! [`Documents`] loads a schema with the files it refers to, through a reader function. A [`Schema`]
//! answers what stands at a [`FieldPath`] ([`Schema::resolve`]), lists all of them ([`Schema::catalogue`]) and gives a [`Validator`] for documents.
//! Places are named as (file, JSON pointer), see [`SchemaPlace`]; lines are found elsewhere.

pub mod path;

mod alternative;
mod document;
mod keywords;
mod pins;
mod pointer;
mod resolve;
mod types;
mod typeset;
mod validate;
mod written;

pub(crate) use alternative::{Alternative, Draft, Explorer, Fork, Node, Picked, Step};
pub(crate) use document::Position;
pub use document::{Documents, Reader, SchemaError, SchemaErrorKind};
pub use path::{FieldPath, PathError, Root, Segment};
pub use pins::Pins;
pub use resolve::{
    Catalogue, Discriminator, Entry, OtherKeys, PathProblem, Presence, Schema, Selects,
};
pub use types::{Bound, Bounds, Field, FieldType, SchemaPlace};
pub(crate) use typeset::TypeSet;
pub use validate::{Validator, Violation, ViolationKind};
pub use written::WrittenSchema;
