//! A seam for whoever wants to see what goes in and out, such as a test that holds it to the vendor's contract.

use std::fmt::Debug;

/// Sees every exchange on the statements API.
pub trait Witness: Send + Sync + Debug {
    /// A request was answered.
    fn saw(&self, exchange: &Exchange);
}

/// A request and its answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exchange {
    /// The method, in capital letters.
    pub method: String,
    /// The path and the query.
    pub target: String,
    /// The headers of the request, with lower-case names; without credentials.
    pub request_headers: Vec<(String, String)>,
    /// The body of the request.
    pub request: Vec<u8>,
    /// The status of the answer.
    pub status: u16,
    /// The headers of the answer, with lower-case names.
    pub answer_headers: Vec<(String, String)>,
    /// The body of the answer.
    pub answer: Vec<u8>,
    /// Whether a fault rule made up the answer, or kept it from the client.
    pub tampered: bool,
}
