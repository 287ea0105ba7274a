//! The statements API: wire types, client, errors.
