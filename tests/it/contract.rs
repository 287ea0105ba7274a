//! The vendor's contract: every request and every answer is held to the document in `tests/contract`.
//!
//! [`HeldToContract`] watches the emulator of a test; [`Contract`] says what is wrong with an exchange;
//! `amendments` is how the document's weak places are read. Fields that the document does not know are wrong too.

mod amendments;
mod recorder;
mod tests;

use std::collections::BTreeMap;
use std::sync::OnceLock;

use jsonschema::Validator;
use reqwest::Url;
use routectl::emulator::Exchange;
use serde_json::{Map, Value, json};

pub(crate) use recorder::HeldToContract;

const DOCUMENT: &str = include_str!("../contract/statements.openapi.yaml");
const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// The contract, ready to be asked.
pub(crate) struct Contract {
    operations: Vec<Operation>,
}

struct Operation {
    method: String,
    /// The path in its parts, parameters in braces.
    path: Vec<String>,
    /// Path and query parameters by name: whether they are required, and what they look like.
    parameters: BTreeMap<String, (bool, Validator)>,
    request: Option<Validator>,
    answers: BTreeMap<u16, Response>,
}

struct Response {
    body: Option<Validator>,
    headers: BTreeMap<String, Validator>,
}

impl Contract {
    /// The one contract.
    pub(crate) fn get() -> &'static Self {
        static CONTRACT: OnceLock<Contract> = OnceLock::new();
        CONTRACT.get_or_init(|| Self::new(serde_yaml::from_str(DOCUMENT).unwrap()))
    }

    fn new(document: Value) -> Self {
        let mut requests = document.clone();
        amendments::of_requests(&mut requests);
        let mut answers = document;
        amendments::of_answers(&mut answers);
        let mut operations = Vec::new();
        for (path, methods) in answers["paths"].as_object().unwrap() {
            for method in METHODS
                .iter()
                .filter(|method| methods.get(**method).is_some())
            {
                let asked = &requests["paths"][path][method];
                operations.push(Operation::new(
                    path,
                    method,
                    (&requests, asked),
                    (&answers, &methods[method]),
                ));
            }
        }
        Self { operations }
    }

    fn find(&self, method: &str, path: &str) -> Option<(&Operation, BTreeMap<String, String>)> {
        let parts: Vec<_> = path.split('/').collect();
        self.operations.iter().find_map(|operation| {
            let same = operation.method.eq_ignore_ascii_case(method)
                && operation.path.len() == parts.len();
            let mut found = BTreeMap::new();
            for (wanted, part) in operation.path.iter().zip(&parts).filter(|_| same) {
                match wanted
                    .strip_prefix('{')
                    .and_then(|name| name.strip_suffix('}'))
                {
                    Some(name) => {
                        found.insert(name.to_owned(), (*part).to_owned());
                    }
                    None if wanted != part => return None,
                    None => {}
                }
            }
            same.then_some((operation, found))
        })
    }

    /// What is wrong with a request.
    pub(crate) fn request_problems(&self, exchange: &Exchange) -> Vec<String> {
        let url = Url::parse(&format!("http://x{}", exchange.target)).unwrap();
        let Some((operation, mut given)) = self.find(&exchange.method, url.path()) else {
            return vec![format!("there is no {} {}", exchange.method, url.path())];
        };
        given.extend(url.query_pairs().into_owned());
        let mut problems = Vec::new();
        for (name, (required, schema)) in &operation.parameters {
            match given.remove(name) {
                None if *required => problems.push(format!("the parameter {name} is missing")),
                None => {}
                Some(text) => {
                    let number = text.parse::<i64>().map(Value::from);
                    let value = number.unwrap_or_else(|_| text.into());
                    problems.extend(complain(&format!("the parameter {name}"), schema, &value));
                }
            }
        }
        problems.extend(
            given
                .keys()
                .map(|name| format!("there is no parameter {name}")),
        );
        match (&operation.request, exchange.request.is_empty()) {
            (None, true) => {}
            (None, false) => problems.push("there should be no body".to_owned()),
            (Some(schema), _) => match serde_json::from_slice(&exchange.request) {
                Ok(body) => problems.extend(complain("the request", schema, &body)),
                Err(error) => problems.push(format!("the request is no JSON: {error}")),
            },
        }
        let typed = exchange
            .request_headers
            .iter()
            .any(|(name, value)| name == "content-type" && value.starts_with("application/json"));
        if !exchange.request.is_empty() && !typed && exchange.method != "PATCH" {
            problems.push("the request does not say that it is JSON".to_owned());
        }
        problems
    }

    /// What is wrong with an answer.
    pub(crate) fn answer_problems(&self, exchange: &Exchange) -> Vec<String> {
        let path = exchange.target.split('?').next().unwrap_or_default();
        let Some((operation, _)) = self.find(&exchange.method, path) else {
            let refused = matches!(exchange.status, 401 | 403 | 404 | 405);
            return (!refused)
                .then(|| "it should be refused".to_owned())
                .into_iter()
                .collect();
        };
        let Some(response) = operation.answers.get(&exchange.status) else {
            return vec![format!(
                "the status {} is not among its answers",
                exchange.status
            )];
        };
        let mut problems = Vec::new();
        for (name, schema) in &response.headers {
            match exchange
                .answer_headers
                .iter()
                .find(|(given, _)| given == name)
            {
                None => problems.push(format!("the header {name} is missing")),
                Some((_, value)) => {
                    problems.extend(complain(
                        &format!("the header {name}"),
                        schema,
                        &json!(value),
                    ));
                }
            }
        }
        match (&response.body, exchange.answer.is_empty()) {
            (None, true) => {}
            (None, false) => problems.push("there should be no body".to_owned()),
            (Some(schema), _) => match serde_json::from_slice(&exchange.answer) {
                Ok(body) => problems.extend(complain("the answer", schema, &body)),
                Err(error) => problems.push(format!("the answer is no JSON: {error}")),
            },
        }
        problems
    }
}

impl Operation {
    fn new(path: &str, method: &str, asked: (&Value, &Value), answered: (&Value, &Value)) -> Self {
        let (requests, asked) = asked;
        let (document, answered) = answered;
        let parameters = asked["parameters"].as_array().into_iter().flatten();
        let answers = answered["responses"].as_object().unwrap().iter();
        Self {
            method: method.to_owned(),
            path: path.split('/').map(str::to_owned).collect(),
            parameters: parameters
                .map(|parameter| {
                    let name = parameter["name"].as_str().unwrap().to_owned();
                    let required = parameter["required"] == json!(true);
                    (name, (required, validator(requests, &parameter["schema"])))
                })
                .collect(),
            request: asked["requestBody"]["content"]
                .as_object()
                .and_then(|content| content.values().next())
                .map(|content| validator(requests, &content["schema"])),
            answers: answers
                .map(|(status, answer)| (status.parse().unwrap(), Response::new(document, answer)))
                .collect(),
        }
    }
}

impl Response {
    fn new(document: &Value, answer: &Value) -> Self {
        let body = &answer["content"]["application/json"]["schema"];
        let empty = Map::new();
        let headers = answer["headers"].as_object().unwrap_or(&empty).iter();
        Self {
            body: (!body.is_null()).then(|| validator(document, body)),
            headers: headers
                .map(|(name, header)| {
                    (
                        name.to_ascii_lowercase(),
                        validator(document, &header["schema"]),
                    )
                })
                .collect(),
        }
    }
}

fn validator(document: &Value, schema: &Value) -> Validator {
    let schema = json!({"components": document["components"], "allOf": [schema]});
    let options = jsonschema::draft202012::options().should_validate_formats(true);
    options.build(&schema).unwrap()
}

fn complain(what: &str, schema: &Validator, value: &Value) -> Vec<String> {
    let errors = schema.iter_errors(value);
    errors
        .map(|error| match error.instance_path().as_str() {
            "" => format!("{what}: {error}"),
            place => format!("{what}: {error} at {place}"),
        })
        .collect()
}
