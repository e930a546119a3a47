//! `POST /panel/merges`

use std::collections::{BTreeMap, BTreeSet};

use axum::response::Response;

use super::{list_page, page, problem};
use crate::domain::account::MAX_PRODUCT;
use crate::domain::id::OrganizationId;
use crate::domain::text::required;
use crate::http::account::submitted;
use crate::http::call::Call;
use crate::http::forms::Form;
use crate::http::pages::panel::{Notice, Problem};
use crate::http::panel::around::done;
use crate::http::panel::proof;
use crate::http::panel::said::Said;
use crate::usecase::merges::request::{Wish, request};
use crate::usecase::{Failure, Refusal};

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let (caller, form) = submitted(&call)?;
    // The page wrote it into the form; without it the form is not ours.
    let own: OrganizationId = form.text("organization_id").parse().map_err(|_| Refusal::StaleForm)?;
    let mut wrong = BTreeSet::new();
    let said = match read(&form, own) {
        Err(problems) => Said::wrong(problems),
        Ok(wish) => match request(&call.app, &caller, Some(own), &wish, proof::given(&form).presented()).await {
            Ok(merge) => return done(&call, &page::path(merge.row.merge_id), Notice::MergeRequested),
            Err(failure) => {
                wrong = products(&failure);
                Said::refused(failure, |refusal| told(refusal, &wish))?
            }
        },
    };
    list_page::show(&call, &caller, &said, Some(&form), &wrong).await
}

/// Whose instance of each product stays is said by `own` or `source`, because the page cannot know the other's id.
fn read(form: &Form, own: OrganizationId) -> Result<Wish, Vec<Problem>> {
    let source = form.text("source_organization_id").trim().parse().map_err(|_| Problem::SourceUnknown);
    let choice = |text: &str| {
        let (product, whose) = text.rsplit_once('/')?;
        let whose = match whose {
            "own" => own,
            list_page::SOURCE => *source.as_ref().ok()?,
            _ => return None,
        };
        Some((required(product, MAX_PRODUCT).ok()?, whose))
    };
    match source {
        Err(problem) => Err(vec![problem]),
        Ok(source) => match form.all("keep").map(choice).collect::<Option<BTreeMap<_, _>>>() {
            Some(keep) => Ok(Wish { source, keep }),
            None => Err(vec![Problem::KeepInvalid]),
        },
    }
}

/// The products about which the choice was refused.
fn products(failure: &Failure) -> BTreeSet<String> {
    match failure {
        Failure::Refused(Refusal::Invalid(fields)) => {
            fields.keys().filter_map(|path| path.strip_prefix("keep.")).map(str::to_owned).collect()
        }
        _ => BTreeSet::new(),
    }
}

fn told(refusal: &Refusal, wish: &Wish) -> Option<Problem> {
    match refusal {
        Refusal::NotFound { id, .. } if *id == Some(wish.source.to_string()) => Some(Problem::SourceUnknown),
        Refusal::Invalid(fields) if fields.contains_key("source_organization_id") => Some(Problem::SourceOwn),
        Refusal::Invalid(_) => Some(Problem::KeepInvalid),
        other => problem(other),
    }
}
