//! JSON Schemas as types, and the paths that lead into them.
