//! `timeOfDay`

use super::{Form, Meaning, Operator};
use crate::eval::Reading;
use crate::ir::{Subject, TimeOfDay, ValueType};
use crate::sql::{Expr, Truth};

/// The operator.
pub(super) static OPERATOR: Operator = Operator {
    key: "timeOfDay",
    summary: "the instant is in this daily window by the clocks of a time zone; `to` is not part of it, and it may pass midnight",
    example: "{field: eventHeader.createdDate, timeOfDay: {from: \"09:00\", to: \"17:00\", zone: America/New_York}}",
    accepts: ValueType::is_instant,
    form: Form::Window(Meaning { lower, holds }),
};

fn lower(subject: &Subject, window: &TimeOfDay) -> Expr {
    window.lower(subject.seconds())
}

fn holds(field: &Reading<'_>, window: &TimeOfDay) -> Truth {
    let within = field.seconds().and_then(|seconds| window.holds(seconds));
    within.into()
}
