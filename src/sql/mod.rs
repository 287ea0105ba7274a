//! Flink SQL: tree, printer, dialects, parse-back.
