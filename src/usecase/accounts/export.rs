//! Everything that is held about a person, for that person.

use crate::app::App;
use crate::domain::id::AccountId;
use crate::domain::time::Timestamp;
use crate::store::audit::{Change, OWN_ACCOUNT};
use crate::store::exports::{HeldRow, PARTS, Part};
use crate::usecase::authorized::{AuthorizedBatch, Caller, Outcome, Slot};
use crate::usecase::step_up::{self, Presented};
use crate::usecase::{Failure, Fault, present};

/// Most rows of one part in one round trip.
pub const PART_ROWS: usize = 500;

/// What the first round trip gave: the beginning of every part, as of one instant.
pub struct Export {
    /// Whose.
    pub account: AccountId,
    /// When.
    pub at: Timestamp,
    /// As many as there are parts, in their order.
    pub parts: Vec<PartRows>,
}

/// Some rows of one part.
pub struct PartRows {
    /// The field of the document; neighbours of the same name are one list.
    pub list: &'static str,
    /// The field is one object, not a list.
    pub single: bool,
    /// The things, as JSON texts.
    pub items: Vec<String>,
    /// Where the part goes on; `None`: that was all of it.
    pub next: Option<String>,
}

/// Reads the whole account, whatever organization the caller acts in. One round trip, after a proof as for a transfer of
/// ownership (which takes another with a password or code): a token that was stolen does not carry a person's whole life away.
/// That it was done is written into the log first, and told in it.
pub async fn begin(app: &App, caller: &Caller, presented: Presented<'_>) -> Result<Export, Failure> {
    let now = app.now();
    let first = AuthorizedBatch::new(app, caller, None);
    let proof = step_up::prove(app, first, presented, step_up::refused).await?;
    let mut batch = AuthorizedBatch::new(app, caller, None);
    proof.guard(app, &mut batch, now)?;
    batch.audit(&Change::new("account.export", "account", OWN_ACCOUNT))?;
    let slots: Vec<(&Part, Slot)> = PARTS.iter().map(|part| (part, push(&mut batch, app, part, ""))).collect();
    let outcome = batch.run(step_up::refused).await?;
    let parts: Result<_, Failure> = slots.into_iter().map(|(part, slot)| rows(&outcome, part, slot)).collect();
    Ok(Export { account: outcome.principal.account(), at: now, parts: parts? })
}

/// What follows in the part number `part`. One round trip, which asks the policy again.
pub async fn go_on(app: &App, caller: &Caller, part: usize, after: &str) -> Result<PartRows, Failure> {
    let part = present(PARTS.get(part))?;
    let mut batch = AuthorizedBatch::new(app, caller, None);
    let slot = push(&mut batch, app, part, after);
    let outcome = batch.run(|_| None).await?;
    rows(&outcome, part, slot)
}

fn push(batch: &mut AuthorizedBatch<'_>, app: &App, part: &Part, after: &str) -> Slot {
    batch.push(part.of_caller(batch.token(), after, PART_ROWS, &app.config().public_url))
}

fn rows(outcome: &Outcome, part: &Part, slot: Slot) -> Result<PartRows, Failure> {
    let rows: Vec<HeldRow> = outcome.all(slot)?;
    let next = if rows.len() < PART_ROWS { None } else { rows.last().map(|row| row.key.clone()) };
    if part.single && rows.len() != 1 {
        return Err(Fault::Internal(format!("{} rows of {}", rows.len(), part.list)).into());
    }
    Ok(PartRows {
        list: part.list,
        single: part.single,
        items: rows.into_iter().map(|row| row.item).collect(),
        next: next.filter(|_| !part.single),
    })
}
