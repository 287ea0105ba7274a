//! Conditions over rows, from routes as they are written to outcomes.

mod fixture;

mod documents;
mod elements;
mod explanations;
mod laws;
mod layouts;
mod projections;
mod rows;
