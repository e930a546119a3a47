//! What a screen says besides what is stored.

use http::StatusCode;

use crate::http::call::Call;
use crate::http::pages::panel::{Notice, Problem};
use crate::usecase::{Failure, Refusal};

/// What was done, or what went wrong.
pub(in crate::http::panel) struct Said {
    /// What was done just now.
    pub notice: Option<Notice>,
    /// What was refused just now.
    pub problems: Vec<Problem>,
    /// Of the answer.
    pub status: StatusCode,
}

impl Said {
    /// What the address of a GET says.
    pub fn by(call: &Call) -> Result<Self, Failure> {
        let notice = call.query("done")?.and_then(|code| Notice::of(&code));
        Ok(Self { notice, problems: Vec::new(), status: StatusCode::OK })
    }

    /// Nothing.
    pub fn nothing() -> Self {
        Self { notice: None, problems: Vec::new(), status: StatusCode::OK }
    }

    /// What is wrong with what was written; nothing if that is nothing.
    pub fn wrong(problems: Vec<Problem>) -> Self {
        let status = if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
        Self { notice: None, problems, status }
    }

    /// What was refused, where the screen has words for it: `known` first, then what the policy or a rule about ranks
    /// says. Any other failure is no matter of the screen.
    pub fn refused(failure: Failure, known: impl FnOnce(&Refusal) -> Option<Problem>) -> Result<Self, Failure> {
        let Failure::Refused(refusal) = failure else {
            return Err(failure);
        };
        let forbidden = matches!(refusal, Refusal::Forbidden(_) | Refusal::InsufficientScope(_));
        let problem = known(&refusal).or(forbidden.then_some(Problem::NotAllowed));
        let status = match refusal {
            Refusal::Conflict { .. } => StatusCode::CONFLICT,
            _ if forbidden => StatusCode::FORBIDDEN,
            _ => StatusCode::UNPROCESSABLE_ENTITY,
        };
        let problem = problem.ok_or(refusal)?;
        Ok(Self { notice: None, problems: vec![problem], status })
    }
}
