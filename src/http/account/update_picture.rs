//! `POST /account/picture`, as `multipart/form-data`

use axum::response::Response;

use super::done;
use super::page::{self, Said};
use crate::domain::picture::{InvalidPicture, Picture};
use crate::http::call::Call;
use crate::http::forms::FormOf;
use crate::http::pages::{Notice, Problem};
use crate::usecase::Failure;
use crate::usecase::organization_settings::Avatar;
use crate::usecase::organization_settings::update::update;

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let caller = call.caller()?;
    let (_, file) = call.form_with_file(FormOf::Session(caller.credential.digest()), "avatar")?;
    let problem = match file.map(Picture::read) {
        Some(Ok(picture)) => {
            update(&call.app, &caller, None, None, Some(Some(Avatar::Picture(picture)))).await?;
            return done(&call, Notice::PictureSaved, "picture");
        }
        Some(Err(InvalidPicture::TooLarge)) => Problem::PictureTooLarge,
        Some(Err(InvalidPicture::Format)) => Problem::PictureFormat,
        Some(Err(InvalidPicture::Sides)) => Problem::PictureSides,
        None => Problem::PictureMissing,
    };
    page::show(&call, &caller, &Said { problems: vec![problem], ..Said::default() }).await
}
