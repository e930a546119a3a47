//! The mailer port on the `send_email` binding.

use worker::Env;
use worker::send::IntoSendFuture as _;

use crate::ports::{Mail, MailError, Mailer, Pending};

pub(super) struct SendEmail(Env);

impl SendEmail {
    pub(super) fn new(env: Env) -> Self {
        Self(env)
    }

    async fn hand_over(&self, mail: &Mail) -> Result<(), MailError> {
        if [&mail.to, &mail.subject].iter().any(|field| field.contains(['\r', '\n'])) {
            return Err(MailError("line break in a header field".into()));
        }
        let failed = |error: worker::Error| MailError(error.to_string());
        let from = self.0.var("MAIL_FROM").map_err(failed)?.to_string();
        let builder =
            worker::SendEmailBuilder::builder(&from, &mail.to, &mail.subject).text(&mail.text).html(&mail.html).build();
        self.0
            .send_email("MAIL")
            .map_err(failed)?
            .send_with_builder(&builder)
            .await
            .map_err(|error| MailError(format!("{error:?}")))?;
        Ok(())
    }
}

impl Mailer for SendEmail {
    fn send<'a>(&'a self, mail: &'a Mail) -> Pending<'a, Result<(), MailError>> {
        Box::pin(self.hand_over(mail).into_send())
    }
}
