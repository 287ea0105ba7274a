//! The statements API as a local server: its state machine, its journal, its HTTP face.
