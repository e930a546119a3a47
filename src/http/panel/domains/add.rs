//! `POST /panel/domains`

use axum::response::Response;

use super::page;
use crate::domain::mail_domain::{InvalidDomain, MailDomain};
use crate::http::account::submitted;
use crate::http::call::Call;
use crate::http::pages::panel::{Notice, Problem};
use crate::http::panel::around::done;
use crate::http::panel::said::Said;
use crate::usecase::domains::FULL;
use crate::usecase::domains::add::add;
use crate::usecase::{Failure, Refusal};

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let (caller, form) = submitted(&call)?;
    let written = form.text("domain");
    let said = match MailDomain::parse(written) {
        Err(InvalidDomain::Free) => Said::wrong(vec![Problem::DomainFree]),
        Err(InvalidDomain::Disposable) => Said::wrong(vec![Problem::DomainDisposable]),
        Err(_) => Said::wrong(vec![Problem::DomainInvalid]),
        Ok(domain) => match add(&call.app, &caller, None, &domain).await {
            Ok(_) => return done(&call, page::PATH, Notice::DomainAdded),
            Err(failure) => Said::refused(failure, problem)?,
        },
    };
    page::show(&call, &caller, &said, written).await
}

fn problem(refusal: &Refusal) -> Option<Problem> {
    match refusal {
        Refusal::Conflict { description: FULL, .. } => Some(Problem::TooManyDomains),
        Refusal::Conflict { .. } => Some(Problem::DomainTaken),
        _ => None,
    }
}
