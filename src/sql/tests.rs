//! Laws that hold for every tree.

use std::collections::BTreeMap;

use proptest::collection::vec;
use proptest::prelude::*;

use super::arbitrary::{data_type, expr, insert, statement};
use super::*;

fn reversed(tree: &Expr) -> Expr {
    match tree {
        Expr::And(operands) => Expr::And(operands.iter().rev().map(reversed).collect()),
        Expr::Or(operands) => Expr::Or(operands.iter().rev().map(reversed).collect()),
        Expr::Not(operand) => !reversed(operand),
        Expr::In {
            expression,
            values,
            negated,
        } => Expr::In {
            expression: expression.clone(),
            values: values.iter().rev().cloned().collect(),
            negated: *negated,
        },
        other => other.clone(),
    }
}

fn routing(condition: Expr) -> Statement {
    Statement::Insert(Insert {
        sink: Ident::from("sink"),
        columns: vec![Ident::from("id")],
        select: Select {
            projections: vec![Projection::named(Expr::column("id"), "id")],
            from: Ident::from("source"),
            condition: Some(condition),
        },
    })
}

proptest! {
    #[test]
    fn one_line_comes_back(tree in expr()) {
        prop_assert_eq!(parse_expr(&tree.to_string()), Ok(tree));
    }

    #[test]
    fn readable_lines_come_back(tree in expr()) {
        prop_assert_eq!(parse_expr(&tree.in_lines(0, 2)), Ok(tree.clone()));
        prop_assert_eq!(parse_expr(&tree.as_condition(6, 2)), Ok(tree));
    }

    #[test]
    fn statements_come_back(tree in statement()) {
        prop_assert_eq!(parse(&tree.to_string()), Ok(tree));
    }

    #[test]
    fn regression_19_text_never_leaves_its_place(
        tree in statement(),
        header in vec(hostile_text(), 0..4),
    ) {
        let text = Templates::load(&BTreeMap::new()).unwrap().render(&tree, &header).unwrap();
        prop_assert_eq!(parse(&text), Ok(tree));
        let comments = text.lines().take_while(|line| line.starts_with("--")).count();
        prop_assert_eq!(comments, header.len());
    }

    #[test]
    fn regression_19_scripts_come_back(trees in vec(statement(), 1..4), header in vec(hostile_text(), 0..3)) {
        let templates = Templates::load(&BTreeMap::new()).unwrap();
        let texts = trees.iter().map(|tree| (tree.clone(), templates.render(tree, &header).unwrap()));
        let script = templates.render_script(&texts.collect::<Vec<_>>(), &header).unwrap();
        prop_assert_eq!(parse_script(&script), Ok(trees));
    }

    #[test]
    fn statement_sets_come_back(trees in vec(insert(), 1..4), header in vec(hostile_text(), 0..3)) {
        let templates = Templates::load(&BTreeMap::new()).unwrap();
        let parts: Vec<_> = trees.iter().map(|tree| (tree.clone(), header.clone())).collect();
        let text = templates.render_set(&parts).unwrap();
        prop_assert_eq!(parse(&text), Ok(Statement::StatementSet(trees)));
    }

    #[test]
    fn canonical_is_canonical(tree in statement()) {
        let once = canonical(&tree);
        prop_assert_eq!(canonical(&once), once.clone());
        prop_assert_eq!(parse(&canonical_text(&tree)), Ok(once));
    }

    #[test]
    fn canonical_forgets_order_and_repetition(tree in expr()) {
        let wanted = canonical_text(&routing(tree.clone()));
        prop_assert_eq!(canonical_text(&routing(reversed(&tree))), wanted.clone());
        prop_assert_eq!(canonical_text(&routing(tree.clone().and(tree))), wanted);
    }

    #[test]
    fn types_come_back(data_type in data_type()) {
        prop_assert_eq!(DataType::parse(&data_type.to_string()), Ok(data_type));
    }

    #[test]
    fn reading_types_never_panics(text in hostile_text(), noise in "[A-Za-z<>(),0-9` ]{0,30}") {
        let _ = DataType::parse(&text);
        let _ = DataType::parse(&noise);
        let _ = DataType::parse(&format!("ROW<{text} {noise}>"));
    }

    #[test]
    fn reading_sql_never_panics(text in hostile_text(), noise in "[A-Z<>(),0-9'`= ]{0,30}") {
        let _ = parse_expr(&text);
        let _ = parse_expr(&noise);
        let _ = parse(&format!("CREATE TABLE {noise} ({text})"));
    }
}
