//! What operators do by hand on a target: look, stop, resume, delete; each also while a route file cannot be read.
//!
//! | module | concept |
//! | --- | --- |
//! | [`roster`] | the routes that the project names, as far as their files could be read |
//! | [`inventory`] | what is on the target, and what each statement is to the project |
//! | [`subject`] | what a name on the command line means |
//! | [`tie`] | why a statement must not go |
//! | [`health`] | how each route does |
//! | [`exceptions`] | what went wrong inside a statement |
//! | [`removal`] | deleting statements, each confirmed by a look of its own |
//! | [`change`] | stopping and resuming one statement |
//! | [`route`] | stopping and deleting all statements of a route, by the executor of `apply` |
//!
//! To add an operation: decide in a pure function over [`Inventory`] what it is about, look again
//! by name before each write, and say what came of each statement. The list lags behind: it only says where to look.

pub mod change;
pub mod exceptions;
pub mod health;
pub mod inventory;
pub mod removal;
pub mod roster;
pub mod route;
pub mod subject;
#[cfg(test)]
mod tests;
pub mod tie;

pub use inventory::{Inventory, Place, Scope};
pub use roster::{Roster, Wanted};
pub use subject::Subject;
