//! The mailer port on the `send_email` binding.

use std::sync::Arc;

use worker::js_sys::Reflect;
use worker::send::IntoSendFuture as _;
use worker::wasm_bindgen::JsValue;
use worker::{EmailAddress, Env};

use crate::ports::{Mail, MailError, Mailer, Pending};

pub(super) struct SendEmail(Arc<Env>);

impl SendEmail {
    pub(super) fn new(env: Arc<Env>) -> Self {
        Self(env)
    }

    async fn hand_over(&self, mail: &Mail) -> Result<(), MailError> {
        if [&mail.to, &mail.subject].iter().any(|field| field.contains(['\r', '\n'])) {
            return Err(MailError("LINE_BREAK".into()));
        }
        let binding = self.0.send_email("MAIL").map_err(|_| MailError("NO_BINDING".into()))?;
        let from = EmailAddress::new(&mail.from_name, &mail.from);
        let builder = worker::SendEmailBuilder::builder_with_email_address_and_str(&from, &mail.to, &mail.subject)
            .text(&mail.text)
            .html(&mail.html)
            .build();
        binding.send_with_builder(&builder).await.map(|_| ()).map_err(|error| MailError(code(&error.into())))
    }
}

/// The code of the platform's error (`E_SENDER_NOT_VERIFIED`), or a word for what has none. Its message stays here.
fn code(error: &JsValue) -> String {
    let code = Reflect::get(error, &JsValue::from_str("code")).ok().and_then(|code| code.as_string());
    let plain = |code: &String| {
        !code.is_empty()
            && code.len() <= 64
            && code.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
    };
    code.filter(plain).unwrap_or_else(|| "REFUSED".to_owned())
}

impl Mailer for SendEmail {
    fn send<'a>(&'a self, mail: &'a Mail) -> Pending<'a, Result<(), MailError>> {
        Box::pin(self.hand_over(mail).into_send())
    }
}
