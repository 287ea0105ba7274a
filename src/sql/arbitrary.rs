//! Generators of trees for property tests, with text that tries to leave its place.

use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;

use super::*;

/// Any text, with the characters that SQL gives a meaning to more often than chance would.
pub(crate) fn hostile_text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("`".to_owned()),
        Just("'".to_owned()),
        Just("''".to_owned()),
        Just("\"".to_owned()),
        Just("\\".to_owned()),
        Just("\n".to_owned()),
        Just("\r".to_owned()),
        Just("--".to_owned()),
        Just("; DROP TABLE x; --".to_owned()),
        Just("/*".to_owned()),
        Just("*/".to_owned()),
        Just("/*+ OPTIONS('a'='b') */".to_owned()),
        Just("{{ sink }}{% raw %}".to_owned()),
        Just("\0".to_owned()),
        Just("\u{2028}\u{85}".to_owned()),
        Just("\u{202e}\u{200f}".to_owned()),
        Just("🦀".to_owned()),
        Just("$.".to_owned()),
        Just("   ".to_owned()),
        "[a-zA-Z_ ]{1,8}",
        any::<char>().prop_map(String::from),
    ];
    vec(piece, 0..5).prop_map(|pieces| pieces.concat())
}

fn ident() -> impl Strategy<Value = Ident> {
    hostile_text().prop_map(Ident)
}

fn literal() -> impl Strategy<Value = Literal> {
    let time = (
        0..=9999_i16,
        1..=12_i8,
        1..=28_i8,
        0..=23_i8,
        0..=59_i8,
        0..=999_999_999_i32,
    )
        .prop_map(|(year, month, day, hour, minute, nanosecond)| {
            jiff::civil::date(year, month, day).at(hour, minute, 30, nanosecond)
        });
    let number = "-?(0|[1-9][0-9]{0,9})(\\.[0-9]{1,8})?";
    prop_oneof![
        hostile_text().prop_map(Literal::String),
        number.prop_map(|text| Literal::Number(Number::parse(&text).unwrap())),
        any::<bool>().prop_map(Literal::Boolean),
        Just(Literal::Null),
        time.prop_map(Literal::Timestamp),
    ]
}

/// Any type.
pub(super) fn data_type() -> impl Strategy<Value = DataType> {
    let kind = prop_oneof![
        Just(TypeKind::Boolean),
        Just(TypeKind::TinyInt),
        Just(TypeKind::SmallInt),
        Just(TypeKind::Int),
        Just(TypeKind::BigInt),
        Just(TypeKind::Float),
        Just(TypeKind::Double),
        (1..=38_u8)
            .prop_flat_map(|precision| (Just(precision), 0..=precision))
            .prop_map(|(precision, scale)| TypeKind::Decimal { precision, scale }),
        Just(TypeKind::String),
        (1..1000_u32).prop_map(TypeKind::Char),
        (1..1000_u32).prop_map(TypeKind::VarChar),
        Just(TypeKind::Bytes),
        (1..1000_u32).prop_map(TypeKind::Binary),
        (1..1000_u32).prop_map(TypeKind::VarBinary),
        Just(TypeKind::Date),
        (0..=9_u8).prop_map(TypeKind::Time),
        (0..=9_u8).prop_map(TypeKind::Timestamp),
        (0..=9_u8).prop_map(TypeKind::TimestampLtz),
    ];
    let leaf = (kind, any::<bool>()).prop_map(|(kind, nullable)| DataType { kind, nullable });
    leaf.prop_recursive(3, 12, 3, |inner| {
        let boxed = || inner.clone().prop_map(Box::new);
        let fields = vec((ident(), inner.clone()), 0..4).prop_map(|mut fields| {
            let mut seen = std::collections::HashSet::new();
            fields.retain(|(name, _)| seen.insert(name.clone()));
            fields
        });
        let kind = prop_oneof![
            boxed().prop_map(TypeKind::Array),
            (boxed(), boxed()).prop_map(|(key, value)| TypeKind::Map(key, value)),
            boxed().prop_map(TypeKind::Multiset),
            fields.prop_map(TypeKind::Row),
        ];
        (kind, any::<bool>()).prop_map(|(kind, nullable)| DataType { kind, nullable })
    })
}

const OPERATORS: &[BinaryOperator] = &[
    BinaryOperator::Equal,
    BinaryOperator::NotEqual,
    BinaryOperator::Less,
    BinaryOperator::LessOrEqual,
    BinaryOperator::Greater,
    BinaryOperator::GreaterOrEqual,
    BinaryOperator::Add,
    BinaryOperator::Subtract,
    BinaryOperator::Multiply,
];
const TRUTHS: &[Truth] = &[Truth::True, Truth::False, Truth::Unknown];

/// Any expression in normal form, whether its types fit or not.
pub(super) fn expr() -> impl Strategy<Value = Expr> {
    let leaf = prop_oneof![
        4 => ident().prop_map(Expr::Column),
        4 => literal().prop_map(Expr::Literal),
        1 => prop::sample::select(TimeUnit::ALL).prop_map(Expr::Unit),
        1 => Just(Expr::call(Function::CurrentTimestamp, [])),
    ];
    leaf.prop_recursive(5, 40, 4, |inner| {
        prop_oneof![values(inner.clone()), conditions(inner)]
    })
}

fn values(inner: impl Strategy<Value = Expr> + Clone + 'static) -> impl Strategy<Value = Expr> {
    let one = || inner.clone();
    prop_oneof![
        (one(), ident()).prop_map(|(of, name)| of.field(name)),
        (one(), one()).prop_map(|(of, index)| of.element(index)),
        (prop::sample::select(Function::ALL), vec(one(), 0..4))
            .prop_map(|(function, arguments)| Expr::call(function, arguments)),
        (one(), hostile_text()).prop_map(|(document, path)| Expr::json_query(document, path)),
        (one(), data_type()).prop_map(|(value, data_type)| value.cast(data_type)),
        (one(), data_type()).prop_map(|(value, data_type)| value.try_cast(data_type)),
        vec(one(), 0..4).prop_map(Expr::row),
        (vec((one(), one()), 1..4), option::of(one()))
            .prop_map(|(branches, otherwise)| Expr::case(branches, otherwise)),
        (one(), prop::sample::select(OPERATORS), one())
            .prop_map(|(left, operator, right)| left.binary(operator, right)),
    ]
}

fn conditions(inner: impl Strategy<Value = Expr> + Clone + 'static) -> impl Strategy<Value = Expr> {
    let one = || inner.clone();
    let boxed = || inner.clone().prop_map(Box::new);
    prop_oneof![
        vec(one(), 2..5).prop_map(Expr::all),
        vec(one(), 2..5).prop_map(Expr::any),
        one().prop_map(|operand| !operand),
        (boxed(), vec(one(), 1..4), any::<bool>()).prop_map(|(expression, values, negated)| {
            Expr::In {
                expression,
                values,
                negated,
            }
        }),
        (boxed(), boxed(), boxed(), any::<bool>()).prop_map(|(expression, low, high, negated)| {
            Expr::Between {
                expression,
                low,
                high,
                negated,
            }
        }),
        (boxed(), boxed(), any::<bool>()).prop_map(|(expression, pattern, negated)| Expr::Like {
            expression,
            pattern,
            negated
        }),
        (boxed(), any::<bool>()).prop_map(|(expression, negated)| Expr::IsNull {
            expression,
            negated
        }),
        (boxed(), prop::sample::select(TRUTHS), any::<bool>()).prop_map(
            |(expression, truth, negated)| Expr::IsTruth {
                expression,
                truth,
                negated
            }
        ),
        one().prop_map(Expr::is_json),
    ]
}

fn create_table() -> impl Strategy<Value = CreateTable> {
    let distribution = (vec(ident(), 0..3), 1..=u32::MAX)
        .prop_map(|(columns, buckets)| Distribution { columns, buckets });
    (
        any::<[bool; 2]>(),
        ident(),
        vec((ident(), data_type()), 1..4),
        option::of(distribution),
        btree_map(hostile_text(), hostile_text(), 0..3),
    )
        .prop_map(
            |([temporary, if_not_exists], name, columns, distribution, options)| CreateTable {
                temporary,
                name,
                if_not_exists,
                columns,
                distribution,
                options,
            },
        )
}

/// Any INSERT.
pub(super) fn insert() -> impl Strategy<Value = Insert> {
    let projection = (expr(), option::of(ident()))
        .prop_map(|(expression, alias)| Projection { expression, alias });
    (
        ident(),
        vec((ident(), projection), 1..4),
        ident(),
        option::of(expr()),
    )
        .prop_map(|(sink, columns, from, condition)| {
            let (columns, projections) = columns.into_iter().unzip();
            Insert {
                sink,
                columns,
                select: Select {
                    projections,
                    from,
                    condition,
                },
            }
        })
}

/// Any statement.
pub(super) fn statement() -> impl Strategy<Value = Statement> {
    prop_oneof![
        create_table().prop_map(Statement::CreateTable),
        insert().prop_map(Statement::Insert),
        (hostile_text(), hostile_text())
            .prop_map(|(key, value)| Statement::Set(Setting { key, value })),
        vec(insert(), 1..3).prop_map(Statement::StatementSet),
    ]
}
