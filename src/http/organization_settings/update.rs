//! `PATCH /v2/accounts/{account_id}/organization_settings/{organization_id}`: a link as JSON or a form, or a picture's
//! bytes as `multipart/form-data`.

use axum::response::Response;
use http::header::CONTENT_TYPE;

use super::{Settings, target};
use crate::domain::address::{InvalidAddress, web_address};
use crate::domain::picture::Picture;
use crate::http::answer;
use crate::http::call::Call;
use crate::http::fields::Fields;
use crate::http::multipart::{self, Part};
use crate::usecase::Failure;
use crate::usecase::organization_settings::Avatar;
use crate::usecase::organization_settings::update::update;

/// Largest body: a picture, and what a form puts around it.
pub(in crate::http) const MAX_BODY_BYTES: usize = 1_100_000;

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let caller = call.caller()?;
    let (account, organization) = target(&call)?;
    let avatar = read(&call)?;
    let avatar_url = update(&call.app, &caller, account, organization, avatar).await?;
    answer::ok(&Settings { avatar_url })
}

/// `None` where nothing is said; `null` or an empty link takes the picture away.
fn read(call: &Call) -> Result<Option<Option<Avatar>>, Failure> {
    let (mut fields, file) = match call.content_type() {
        "multipart/form-data" => {
            let header = call.header(CONTENT_TYPE).unwrap_or_default();
            form(multipart::parts(header, call.body())?)?
        }
        _ => (call.fields_or_form()?, None),
    };
    if let Some(bytes) = file {
        fields.forbid("avatar_url", &"is not taken together with avatar");
        let picture = fields.file("avatar", bytes, Picture::read);
        return fields.finish(picture.map(|picture| Some(Some(Avatar::Picture(picture)))));
    }
    fields.forbid("avatar", &"must be a file of a multipart form");
    let link = fields.nullable_text("avatar_url", |text| match text.trim() {
        "" => Ok::<_, InvalidAddress>(None),
        link => web_address(link).map(Some),
    });
    fields.finish(Some(link.map(|link| link.flatten().map(Avatar::Link))))
}

/// The texts, and the bytes of the one file that is asked for.
fn form(parts: Vec<Part<'_>>) -> Result<(Fields, Option<&[u8]>), Failure> {
    let (files, texts): (Vec<_>, Vec<_>) = parts.into_iter().partition(|part| part.is_file && part.name == "avatar");
    let texts = texts.into_iter().map(|part| (part.name.to_owned(), String::from_utf8_lossy(part.bytes).into_owned()));
    match files.as_slice() {
        [] => Ok((Fields::of_form(texts)?, None)),
        [file] => Ok((Fields::of_form(texts)?, Some(file.bytes))),
        _ => Err(multipart::MALFORMED.into()),
    }
}
