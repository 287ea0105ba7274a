//! What a route becomes on the service: statements with names, labels and fingerprints.
//!
//! [`compile`] makes the SQL of routes, `table` that of tables, `header` the comments above them (`length` says
//! where it would be too long), [`script`] all of it in one text; [`desired`] adds where it is to run and how it is named.
//! What these modules write is frozen by the first deployment: names ([`name`]), labels ([`label`]) and
//! fingerprints ([`fingerprint`]) must come out the same for ever.

pub mod compile;
pub mod desired;
pub mod fingerprint;
mod header;
pub mod label;
mod length;
pub mod name;
pub mod script;
mod table;

pub use compile::{Compilation, CompiledInsert, CompiledTable};
pub use desired::{Desired, DesiredRoute, DesiredTable, Placement};
pub use fingerprint::Fingerprint;
pub use name::{Identity, RouteId, StatementName, TaskName};
