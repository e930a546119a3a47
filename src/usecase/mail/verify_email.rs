//! A person proves the address of an account.

use super::link::{LinkBatch, open};
use crate::app::App;
use crate::oauth::mail_link::Purpose;
use crate::store::proofs;
use crate::usecase::Failure;

/// Uses the link; the address is proven. The first proof of a never proven account removes what somebody else may have
/// planted before it. One round trip; of any number at once one succeeds.
pub async fn verify_email(app: &App, token: &str) -> Result<(), Failure> {
    let now = app.now();
    let link = open(app, Purpose::Verify, token)?;
    let mut batch = LinkBatch::new(app, &link, Purpose::Verify, now, "account.verify_email")?;
    batch.extend(proofs::clear_planted(&link));
    batch.push(proofs::verify(&link, now));
    batch.run().await.map(|_| ())
}
