//! The proof of who is there, before what cannot be taken back: a password or a code of the second factor, in fields of
//! their own for each form of the page; neither after a fresh sign-in.

use crate::http::forms::Form;
use crate::http::pages::Problem;
use crate::http::proof::Proof;
use crate::usecase::step_up::{CODE_WRONG, PROOF_MISSING};

/// How one form asks for it.
pub(super) struct Asked {
    password: &'static str,
    code: &'static str,
    missing: Problem,
    wrong: Problem,
    code_wrong: Problem,
}

/// For another address.
pub(super) const EMAIL: Asked = Asked {
    password: "proof_password",
    code: "proof_code",
    missing: Problem::ProofMissing,
    wrong: Problem::ProofWrong,
    code_wrong: Problem::ProofCodeWrong,
};

/// For a copy of everything.
pub(super) const EXPORT: Asked = Asked {
    password: "export_password",
    code: "export_code",
    missing: Problem::ExportProofMissing,
    wrong: Problem::ExportProofWrong,
    code_wrong: Problem::ExportCodeWrong,
};

/// For the end of the account.
pub(super) const DELETE: Asked = Asked {
    password: "delete_password",
    code: "delete_code",
    missing: Problem::DeleteProofMissing,
    wrong: Problem::DeleteProofWrong,
    code_wrong: Problem::DeleteCodeWrong,
};

impl Asked {
    /// As it was written.
    pub fn given(&self, form: &Form) -> Proof {
        Proof::of_form(form, self.password, self.code)
    }

    /// Why it did not do; `why` is what the use case was forbidden for.
    pub fn problem(&self, why: &str) -> Problem {
        match why {
            PROOF_MISSING => self.missing,
            CODE_WRONG => self.code_wrong,
            _ => self.wrong,
        }
    }
}
