//! What a caller proves it by, in what cannot be taken back: the fields `password` and `code`, or those of a form.

use std::convert::Infallible;

use super::fields::Fields;
use super::forms::Form;
use crate::domain::password::Password;
use crate::usecase::step_up::Presented;

/// As given; either, both or neither.
pub(super) struct Proof {
    pub password: Option<Password>,
    /// A code by time, or a recovery code.
    pub code: Option<String>,
}

impl Proof {
    pub(super) fn read(fields: &mut Fields) -> Self {
        let password = fields.text("password", |text| Ok::<_, Infallible>(Password::given(text)));
        Self { password, code: Self::read_code(fields) }
    }

    /// From a form with fields of these names; an empty one is none.
    pub(super) fn of_form(form: &Form, password: &'static str, code: &'static str) -> Self {
        Self { password: form.written(password).map(Password::given), code: form.written(code).map(ToOwned::to_owned) }
    }

    /// Where a password is not enough.
    pub(super) fn read_code(fields: &mut Fields) -> Option<String> {
        fields.text("code", |text| Ok::<_, Infallible>(text.to_owned()))
    }

    pub(super) fn presented(&self) -> Presented<'_> {
        Presented { password: self.password.as_ref(), code: self.code.as_deref() }
    }
}
