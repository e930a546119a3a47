//! The proof of who is there, before what cannot be taken back: the fields `current_password` and `current_code`.

use crate::http::forms::Form;
use crate::http::pages::panel::Problem;
use crate::http::proof::Proof;
use crate::usecase::Refusal;
use crate::usecase::step_up::{CODE_WRONG, PROOF_MISSING, PROOF_WRONG};

/// As it was written; nothing for a fresh sign-in.
pub(in crate::http::panel) fn given(form: &Form) -> Proof {
    Proof::of_form(form, "current_password", "current_code")
}

/// Why it did not do.
pub(in crate::http::panel) fn problem(refusal: &Refusal) -> Option<Problem> {
    match refusal {
        Refusal::Forbidden(PROOF_MISSING) => Some(Problem::ProofMissing),
        Refusal::Forbidden(PROOF_WRONG) => Some(Problem::ProofWrong),
        Refusal::Forbidden(CODE_WRONG) => Some(Problem::ProofCodeWrong),
        _ => None,
    }
}
