//! A condition as a tree whose leaves are single tests.

use super::border::{self, Candidate};
use super::{Aim, place};
use crate::ir::{Condition, SomeText, Test};
use crate::sample::json::Json;
use crate::sample::wish::{Wish, Wishes};
use crate::schema::{FieldPath, Schema, Segment};

/// A part of a condition that is true or false by itself.
pub(super) struct Leaf<'c> {
    /// The part.
    pub(super) condition: &'c Condition,
    /// The field as the route names it.
    pub(super) field: String,
    /// The key of the operator.
    pub(super) operator: &'static str,
    /// Whether the values of the field are listed, and tried, one by one.
    pub(super) is_listed: bool,
    /// Values to try; none where no field of the document decides.
    pub(super) candidates: Vec<Candidate>,
}

/// A condition, taken apart.
pub(super) struct Leaves<'c> {
    tree: Tree,
    /// The leaves, in the order of the condition.
    pub(super) all: Vec<Leaf<'c>>,
    /// Fields that no event document holds.
    pub(super) outside: Vec<String>,
    /// What must be so for the leaves to count.
    frame: Vec<(FieldPath, Wish)>,
}

enum Tree {
    Always,
    All(Vec<Self>),
    Any(Vec<Self>),
    Not(Box<Self>),
    Leaf(usize),
}

/// What a leaf should be.
pub(super) type Wanted = Vec<(usize, bool)>;

impl<'c> Leaves<'c> {
    pub(super) fn of(condition: &'c Condition, schema: &Schema, aim: Aim<'_>) -> Self {
        let mut leaves = Self {
            tree: Tree::Always,
            all: Vec::new(),
            outside: Vec::new(),
            frame: Vec::new(),
        };
        leaves.tree = leaves.grow(condition, schema, aim);
        leaves
    }

    fn grow(&mut self, condition: &'c Condition, schema: &Schema, aim: Aim<'_>) -> Tree {
        let mut each = |parts: &'c [Condition]| -> Vec<Tree> {
            let parts = parts.iter();
            parts.map(|part| self.grow(part, schema, aim)).collect()
        };
        match condition {
            Condition::Always => Tree::Always,
            Condition::All(parts) => Tree::All(each(parts)),
            Condition::Any(parts) => Tree::Any(each(parts)),
            Condition::Not(part) => Tree::Not(Box::new(self.grow(part, schema, aim))),
            Condition::Test(test) => {
                let candidates = of_test(test, schema, aim);
                let operator = test.operator.key;
                self.leaf(condition, &test.origin.path, operator, candidates)
            }
            Condition::SomeText(some) => {
                let candidates = of_some_text(some, aim);
                self.leaf(condition, &some.origin.path, "in", (candidates, false))
            }
            Condition::AnyElement(any) => {
                // With one element the condition on some element is the condition on the first.
                if let Some(array) = place::path_of(&any.array, aim.source) {
                    self.frame.push((array, Wish::Length(1)));
                }
                let first = any.elements.first();
                first.map_or(Tree::Always, |first| self.grow(first, schema, aim))
            }
        }
    }

    /// A leaf, unless nothing in the document decides it.
    fn leaf(
        &mut self,
        condition: &'c Condition,
        field: &str,
        operator: &'static str,
        (candidates, is_listed): (Vec<Candidate>, bool),
    ) -> Tree {
        if candidates.is_empty() {
            self.outside.push(field.to_owned());
            return Tree::Always;
        }
        self.all.push(Leaf {
            condition,
            field: field.to_owned(),
            operator,
            is_listed,
            candidates,
        });
        Tree::Leaf(self.all.len() - 1)
    }

    /// The wishes with what must be so for the leaves to count.
    pub(super) fn framed(&self, mut wishes: Wishes) -> Wishes {
        for (path, wish) in &self.frame {
            if wishes.at(path).is_none() {
                wishes.set(path.clone(), wish.clone());
            }
        }
        wishes
    }

    /// What makes the condition true.
    pub(super) fn wanted(&self) -> Wanted {
        let mut wanted = Vec::new();
        self.tree.want(true, &mut wanted);
        wanted
    }

    /// What the other leaves must be for one to decide.
    pub(super) fn around(&self, leaf: usize) -> Wanted {
        let mut wanted = Vec::new();
        self.tree.around(leaf, &mut wanted);
        wanted
    }
}

impl Tree {
    fn want(&self, value: bool, wanted: &mut Wanted) {
        match self {
            Self::Always => {}
            Self::Leaf(leaf) => wanted.push((*leaf, value)),
            Self::Not(part) => part.want(!value, wanted),
            Self::All(parts) | Self::Any(parts) => {
                let common = matches!(self, Self::All(_));
                // One part decides; the others must not.
                for (position, part) in parts.iter().enumerate() {
                    let decides = value != common && position == 0;
                    part.want(if decides { value } else { common }, wanted);
                }
            }
        }
    }

    fn has(&self, leaf: usize) -> bool {
        match self {
            Self::Always => false,
            Self::Leaf(own) => *own == leaf,
            Self::Not(part) => part.has(leaf),
            Self::All(parts) | Self::Any(parts) => parts.iter().any(|part| part.has(leaf)),
        }
    }

    fn around(&self, leaf: usize, wanted: &mut Wanted) {
        match self {
            Self::Always | Self::Leaf(_) => {}
            Self::Not(part) => part.around(leaf, wanted),
            Self::All(parts) | Self::Any(parts) => {
                let neutral = matches!(self, Self::All(_));
                for part in parts {
                    if part.has(leaf) {
                        part.around(leaf, wanted);
                    } else {
                        part.want(neutral, wanted);
                    }
                }
            }
        }
    }
}

/// The candidates of a test, and whether the schema lists the values of its field.
fn of_test(test: &Test, schema: &Schema, aim: Aim<'_>) -> (Vec<Candidate>, bool) {
    match place::path_of(&test.subject.place, aim.source) {
        Some(path) => border::of_test(test, &path, schema, aim),
        None => (Vec::new(), false),
    }
}

fn of_some_text(some: &SomeText, aim: Aim<'_>) -> Vec<Candidate> {
    let Some(array) = place::path_of(&some.array, aim.source) else {
        return Vec::new();
    };
    let candidate = |label: &str, index: u32, text: &str| {
        let mut path = array.join(Segment::Index(index));
        path.segments.extend(some.steps.iter().map(place::segment));
        let length = usize::try_from(index).unwrap_or(0) + 1;
        Candidate {
            label: label.to_owned(),
            wishes: vec![
                (array.clone(), Wish::Length(length)),
                (path, Wish::Is(Json::Text(text.to_owned()))),
            ],
        }
    };
    let mut candidates = Vec::new();
    for text in &some.texts {
        candidates.push(candidate(&format!("has `{text}` first"), 0, text));
        candidates.push(candidate(&format!("has `{text}` second"), 1, text));
        candidates.push(candidate(
            &format!("has just `{text}x`"),
            0,
            &format!("{text}x"),
        ));
    }
    let alone = |label: &str, wish: Wish| Candidate {
        label: label.to_owned(),
        wishes: vec![(array.clone(), wish)],
    };
    candidates.push(alone("has one element", Wish::Length(1)));
    candidates.push(alone("has no element", Wish::Length(0)));
    candidates.push(alone("has a list that is missing", Wish::Missing));
    candidates
}
