//! Every event is valid, whatever the schema and the seed; and a schema without events says where.

use std::sync::LazyLock;

use camino::Utf8Path;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::files;
use crate::schema::{Documents, FieldPath};

fn schema(value: &Value) -> Schema {
    let text = value.to_string();
    let reader = |_: &Utf8Path| Ok(text.clone());
    let documents = Documents::load(Utf8Path::new(""), Utf8Path::new("s.json"), &reader);
    Schema::new(documents.unwrap())
}

static SAMPLE: LazyLock<Schema> = LazyLock::new(|| {
    let root = Utf8Path::new(env!("CARGO_MANIFEST_DIR"));
    let read = |path: &Utf8Path| files::read_text(path);
    let documents = Documents::load(root, Utf8Path::new("schemas/event/event.json"), &read);
    Schema::new(documents.unwrap())
});

static SAMPLER: LazyLock<Sampler<'static>> = LazyLock::new(|| Sampler::new(&SAMPLE).unwrap());

fn path(text: &str) -> FieldPath {
    FieldPath::parse(text).unwrap()
}

/// Some events of a schema.
#[track_caller]
fn events(value: &Value) -> Vec<Json> {
    let schema = schema(value);
    let sampler = Sampler::new(&schema).unwrap();
    let events = (0..40).map(|stream| sampler.event(&Wishes::default(), 0, stream));
    events
        .map(|event| event.unwrap_or_else(|error| panic!("{error}: {value}")))
        .collect()
}

/// Why a schema has no events.
fn refusal(value: &Value) -> String {
    let schema = schema(value);
    let sampler = Sampler::new(&schema).unwrap();
    let error = sampler.event(&Wishes::default(), 0, 0).unwrap_err();
    format!("{}: {error}", error.place.pointer)
}

#[test]
fn the_sample_project_has_events_of_every_type() {
    let sampler = &*SAMPLER;
    for (event_type, entity) in [
        ("CarCreated", "Car"),
        ("LoanCreated", "Loan"),
        ("LoanPaymentSubmitted", "LoanPayment"),
        ("CarServiceDone", "ServiceRecord"),
    ] {
        let wishes = Wishes::default().with(
            path("eventHeader.eventType"),
            Wish::Is(Json::Text(event_type.to_owned())),
        );
        for stream in 0..20 {
            let event = sampler.event(&wishes, 0, stream).unwrap();
            let first = event.at(&path("eventBody.entities[0].entityType"));
            assert_eq!(first, Some(&Json::Text(entity.to_owned())));
        }
    }
}

#[test]
fn the_same_seed_gives_the_same_bytes() {
    let sampler = &*SAMPLER;
    let event = |seed, stream| sampler.event(&Wishes::default(), seed, stream).unwrap();
    assert_eq!(event(7, 3), event(7, 3));
    assert_ne!(event(7, 3), event(8, 3));
    insta::assert_snapshot!(event(0, 0), @r#"{"eventHeader":{"uuid":"ea630a37-c3f5-418c-aa09-022b5b61bc0d","eventName":"naïve eventName 969","eventType":"CarServiceDone","createdDate":"2027-08-03T13:26:02.935301Z","savedDate":"2029-07-16T22:44:41.193826+02:00"},"eventBody":{"entities":[{"entityType":"ServiceRecord","entityId":"birch entityId 197","updatedAttributes":{"serviceRecord":{"id":"ember id 804","dealerId":"cedar dealerId 394","mileageAtService":896,"description":"lumen description 941","dealer":{"address":{"street":"delta street 372","city":"naïve city 160","state":"fjord state 343"},"phone":"delta phone 421"}}}},{"entityType":"LoanPayment","entityId":"amber entityId 472","updatedAttributes":{"loanPayment":{"id":"cedar id 487","amount":538.14,"financialInstitution":{"name":"say \"hi\" name 53","contact":{"email":"indigo471@example.com"}}}}},{"entityType":"Car","entityId":"delta entityId 820","updatedAttributes":{"car":{"id":"grove id 171","vin":"UN3XAV5VAS1D02YN4","make":"cedar make 35","model":"fjord model 119","year":2025,"color":"delta color 438","lastServiceDate":"2021-12-23T20:16:14.653Z","totalBalance":790.00,"owner":{"id":"delta id 844","firstName":"indigo firstName 241","lastName":"kelp lastName 990","email":"grove654@example.com","phone":"fjord phone 85","address":{"street":"delta street 461","city":"Zürich city 603","zipCode":"grove zipCode 150","country":"kelp country 222"}},"insurance":{"policyNumber":"harbor policyNumber 48","premiumAmount":0.00},"maintenance":{"nextServiceDue":"2023-10-17T06:19:27.087Z","oilChangeInterval":978,"tireRotationInterval":164,"warrantyCoverage":"harbor warrantyCoverage 829","warrantyExpiryDate":"2023-02-13T13:39:38.098+02:00"},"features":["amber features 657"]}}},{"entityType":"LoanPayment","entityId":"cedar entityId 827","updatedAttributes":{"loanPayment":{"id":"kelp id 570"}}}]}}"#);
}

#[test]
fn wishes_come_true_deep_inside() {
    let sampler = &*SAMPLER;
    let amount = path("eventBody.entities[2].updatedAttributes.loan.loanAmount");
    let missing = path("eventBody.entities[2].updatedAttributes.loan.status");
    let length = path("eventBody.entities");
    let wishes = Wishes::default()
        .with(
            amount.clone(),
            Wish::Is(Json::Number("100000.01".to_owned())),
        )
        .with(missing.clone(), Wish::Missing)
        .with(length.clone(), Wish::Length(4));
    for stream in 0..20 {
        let event = sampler.event(&wishes, 0, stream).unwrap();
        assert_eq!(event.at(&amount).unwrap().to_string(), "100000.01");
        assert_eq!(event.at(&missing), None);
        assert!(matches!(event.at(&length), Some(Json::Array(all)) if all.len() == 4));
    }
    let forbidden = Wishes::default().with(
        path("eventHeader.eventType"),
        Wish::Is(Json::Text("LoanCreatd".to_owned())),
    );
    let error = sampler.event(&forbidden, 0, 0).unwrap_err();
    assert!(!error.message.is_empty());
}

#[test]
fn keywords_are_honoured() {
    for schema in [
        json!({"type": ["string", "null"], "minLength": 3, "maxLength": 5}),
        json!({"type": "number", "exclusiveMinimum": 0, "maximum": 1, "multipleOf": 0.001}),
        json!({"type": "integer", "minimum": -5, "exclusiveMaximum": 0}),
        json!({"type": "string", "pattern": "^[A-Z]{2}-\\d{3,}$", "maxLength": 8}),
        json!({"type": "string", "format": "date-time"}),
        json!({"oneOf": [{"type": "number"}, {"type": "integer"}]}),
        json!({"anyOf": [{"minimum": 3, "type": "integer"}, {"type": "null"}], "not": {"const": null}}),
        json!({"type": "array", "items": {"enum": [1, 2, 3, 4]}, "uniqueItems": true, "minItems": 3}),
        json!({"type": "array", "contains": {"const": "x"}, "minContains": 2, "maxItems": 4}),
        json!({"type": "array", "prefixItems": [{"const": 1}, {"type": "string"}], "items": false, "minItems": 2}),
        json!({"type": "object", "patternProperties": {"^n_[a-z]{3}$": {"type": "integer"}}, "additionalProperties": false, "minProperties": 2}),
        json!({"type": "object", "additionalProperties": {"type": "boolean"}, "minProperties": 1, "maxProperties": 2}),
        json!({"type": "object", "propertyNames": {"pattern": "^[a-c]+$"}, "minProperties": 2}),
        json!({"properties": {"a": {}, "b": {}}, "dependentRequired": {"a": ["b"]}, "required": ["a"]}),
        json!({"properties": {"card": {"type": "string"}}, "dependentSchemas": {"card": {"required": ["cvc"], "properties": {"cvc": {"pattern": "^[0-9]{3}$"}}}}}),
        json!({"allOf": [{"properties": {"a": {"minimum": 3}}}, {"properties": {"a": {"type": "integer", "maximum": 4}}, "required": ["a"]}]}),
        json!({"required": ["kind"], "properties": {"kind": {"type": "string"}}, "if": {"properties": {"kind": {"const": "a"}}}, "then": {"required": ["x"], "properties": {"x": {"const": 1}}}, "else": {"required": ["y"]}}),
        json!({"type": "object", "if": {"required": ["n"]}, "then": {"properties": {"n": {"minimum": 10}}}, "properties": {"n": {"type": "integer", "maximum": 20}}}),
        json!({"type": "object", "properties": {"a": {"type": "string"}}, "unevaluatedProperties": false, "anyOf": [{"properties": {"b": {"type": "null"}}, "required": ["b"]}, {"required": ["a"]}]}),
        json!(true),
        json!({}),
        json!({"const": {"a": [1.50, null]}}),
    ] {
        events(&schema);
    }
}

#[test]
fn twenty_conditions_of_one_field_are_no_lottery() {
    let types: Vec<String> = (0..20).map(|number| format!("Type{number}")).collect();
    let conditions: Vec<Value> = types
        .iter()
        .map(|name| {
            json!({
                "if": {"properties": {"type": {"const": name}}},
                "then": {"properties": {"body": {"properties": {"of": {"const": name}}, "required": ["of"]}}},
            })
        })
        .collect();
    let value = json!({
        "type": "object",
        "properties": {"type": {"enum": types}, "body": {"type": "object"}},
        "required": ["type", "body"],
        "allOf": conditions,
    });
    for event in events(&value) {
        assert_eq!(event.at(&path("type")), event.at(&path("body.of")));
    }
}

#[test]
fn schemas_that_contain_themselves_end() {
    let tree = json!({
        "$ref": "#/$defs/node",
        "$defs": {"node": {
            "type": "object",
            "properties": {
                "name": {"type": "string"},
                "left": {"oneOf": [{"$ref": "#/$defs/node"}, {"type": "null"}]},
                "right": {"oneOf": [{"$ref": "#/$defs/node"}, {"type": "null"}]},
                "children": {"type": "array", "items": {"$ref": "#/$defs/node"}},
            },
            "required": ["left", "right", "children"],
        }},
    });
    events(&tree);
    let endless = json!({
        "$ref": "#/$defs/node",
        "$defs": {"node": {
            "type": "object",
            "properties": {"next": {"$ref": "#/$defs/node"}},
            "required": ["next"],
        }},
    });
    insta::assert_snapshot!(refusal(&endless), @"/$defs/node/properties/next: no value is possible for `next.next.next.next.next.next.next.next...`: the schema demands more and more values");
}

#[test]
fn what_cannot_be_satisfied_is_named() {
    let refused = [
        json!(false),
        json!({"type": "object", "required": ["a"], "properties": {"a": {"minimum": 5, "maximum": 4, "type": "integer"}}}),
        json!({"type": "object", "required": ["a"], "properties": {"a": {"type": "string", "minLength": 5, "maxLength": 4}}}),
        json!({"type": "object", "required": ["a"], "properties": {"a": {"type": "string", "pattern": "(?=b)a"}}}),
        json!({"type": "object", "required": ["a"], "properties": {"a": false}}),
        json!({"type": "object", "required": ["a"], "properties": {"b": {}}, "additionalProperties": false}),
        json!({"type": "array", "items": {"enum": [1, 2]}, "uniqueItems": true, "minItems": 3}),
        json!({"type": "array", "minItems": 3, "maxItems": 2}),
        json!({"allOf": [{"const": 1}, {"const": 2}]}),
        json!({"type": "string", "not": {"type": "string"}}),
    ]
    .map(|value| refusal(&value));
    insta::assert_snapshot!(refused.join("\n"), @"
    : no value is possible for the event: the schemas here contradict each other, or what is asked for
    /properties/a: no value is possible for `a`: no number satisfies the schema
    /properties/a: no value is possible for `a`: no text satisfies the schema, or none that routectl can find
    /properties/a: no value is possible for `a`: no text satisfies the schema, or none that routectl can find
    /properties/a: no value is possible for `a`: the schemas here contradict each other, or what is asked for
    : no value is possible for the event: the key `a` is both required and forbidden
    /uniqueItems: elements 1 and 2 are equal: `1`
    : no value is possible for the event: more elements are demanded than allowed
    : no value is possible for the event: the schemas here contradict each other, or what is asked for
    /not: the string `naïve value 821` is excluded by `not`
    ");
}

#[test]
fn five_thousand_properties_are_no_problem() {
    let properties: serde_json::Map<String, Value> = (0..5_000)
        .map(|number| {
            (
                format!("field{number}"),
                json!({"type": ["integer", "string"]}),
            )
        })
        .collect();
    let required: Vec<String> = (0..5_000)
        .step_by(50)
        .map(|number| format!("field{number}"))
        .collect();
    let value = json!({
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    });
    let schema = schema(&value);
    let sampler = Sampler::new(&schema).unwrap();
    let event = sampler.event(&Wishes::default(), 0, 0).unwrap();
    assert!(matches!(event, Json::Object(fields) if (100..200).contains(&fields.len())));
}

/// Schemas as nobody writes them; most of them have values.
fn any_schema() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(json!({})),
        Just(json!(false)),
        Just(json!({"$ref": "#"})),
        Just(json!({"type": "null"})),
        Just(json!({"type": "boolean"})),
        (-20..20_i64, -5..20_i64).prop_map(
            |(low, more)| json!({"type": "integer", "minimum": low, "maximum": low + more})
        ),
        (0..6_u64, 0..6_u64).prop_map(
            |(low, high)| json!({"type": ["string", "null"], "minLength": low, "maxLength": high})
        ),
        proptest::sample::subsequence(
            vec![json!(1), json!("a"), json!(null), json!({"a": 1})],
            1..4
        )
        .prop_map(|values| json!({"enum": values})),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        let some = || proptest::collection::vec(inner.clone(), 1..4);
        prop_oneof![
            some().prop_map(|all| json!({"oneOf": all})),
            some().prop_map(|all| json!({"anyOf": all})),
            some().prop_map(|all| json!({"allOf": all})),
            inner.clone().prop_map(|one| json!({"not": one})),
            (inner.clone(), inner.clone(), inner.clone())
                .prop_map(|(a, b, c)| json!({"if": a, "then": b, "else": c})),
            (inner.clone(), 0..3_u64, 0..4_u64, any::<bool>()).prop_map(|(items, low, high, unique)| {
                json!({"type": "array", "items": items, "minItems": low, "maxItems": high, "uniqueItems": unique})
            }),
            (some(), proptest::sample::subsequence(vec!["a", "b", "c", "d"], 0..3), any::<bool>()).prop_map(
                |(parts, required, open)| {
                    let keys = ["a", "b", "c"].map(str::to_owned);
                    let properties: serde_json::Map<_, _> = keys.into_iter().zip(parts).collect();
                    json!({"type": "object", "properties": properties, "required": required, "additionalProperties": open})
                }
            ),
        ]
    })
}

proptest! {
    #[test]
    fn events_of_the_sample_project_are_valid(seed: u64, stream: u64) {
        let event = SAMPLER.event(&Wishes::default(), seed, stream).unwrap();
        let text: Value = serde_json::from_str(&event.to_string()).unwrap();
        prop_assert_eq!(SAMPLER.validator.check(&text), []);
    }

    #[test]
    fn no_schema_yields_an_invalid_event_or_hangs(value in any_schema(), seed: u64) {
        let schema = schema(&value);
        let sampler = Sampler::new(&schema).unwrap();
        match sampler.event(&Wishes::default(), seed, 0) {
            Ok(event) => {
                let text: Value = serde_json::from_str(&event.pretty()).unwrap();
                prop_assert_eq!(schema.validator().unwrap().check(&text), []);
            }
            Err(error) => prop_assert!(!error.message.is_empty()),
        }
    }
}
