//! Mails and their links, as the person at the other end has them.

use global_accounts::domain::id::MailTokenId;
use global_accounts::domain::time::Timestamp;
use global_accounts::oauth::digest::Digest;
use global_accounts::oauth::mail_link::Purpose;
use global_accounts::ports::Mail;
use global_accounts::usecase::mail::send::{Sent, send_all_due};

use super::client::World;

/// Whom mails come from.
pub const FROM: &str = "accounts@example.com";

impl World {
    /// One that sends its mail.
    pub fn mailing() -> Self {
        Self::mailing_with(&[])
    }

    /// The same with settings of its own.
    pub fn mailing_with(settings: &[(&str, &str)]) -> Self {
        let settings: Vec<_> = [("MAIL_FROM", FROM)].into_iter().chain(settings.iter().copied()).collect();
        Self::with(&settings)
    }

    /// The token of the newest link of a purpose that nobody has used, derived as the sender derives it.
    pub fn link_token(&self, purpose: Purpose) -> String {
        let row: (String, String, i64) = self
            .database
            .raw()
            .query_row(
                "SELECT mail_token_id, token_digest, expires_at FROM mail_token WHERE purpose = ?1 AND used_at IS NULL
                 ORDER BY mail_token_id DESC LIMIT 1",
                [purpose.name()],
                |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
            )
            .expect("a link");
        let id: MailTokenId = row.0.parse().expect("an id");
        let expires_at = Timestamp::from_millis(row.2);
        self.app().mail_link_again(purpose.kind(), id, expires_at, &Digest::stored(&row.1)).expect("a live key")
    }

    /// Path and query of that link.
    pub fn link(&self, purpose: Purpose) -> String {
        purpose.link("", &self.link_token(purpose))
    }

    /// Every mail that went out, oldest first.
    pub fn mails(&self) -> Vec<Mail> {
        self.mailer.0.lock().expect("lock").clone()
    }

    /// The mails to an address whose subject begins like this.
    pub fn mails_to(&self, address: &str, subject: &str) -> Vec<Mail> {
        self.mails().into_iter().filter(|mail| mail.to == address && mail.subject.starts_with(subject)).collect()
    }

    /// What the cron trigger does with the outbox.
    pub fn send_due(&self) -> Sent {
        futures_executor::block_on(send_all_due(&self.app())).expect("the sender's work")
    }
}

/// Path and query of the link with a token in a mail.
pub fn link_in(mail: &Mail) -> String {
    let line = mail.text.lines().find(|line| line.contains("?token=")).unwrap_or_else(|| panic!("{}", mail.text));
    let path = line.strip_prefix("http://localhost:8787").unwrap_or_else(|| panic!("E7 {line}"));
    assert!(mail.html.contains(&format!("href=\"{}", "http://localhost:8787")), "{}", mail.html);
    path.to_owned()
}

/// The token in a link.
pub fn token_in(link: &str) -> &str {
    link.split_once("?token=").expect("a token").1.split('&').next().unwrap_or_default()
}
