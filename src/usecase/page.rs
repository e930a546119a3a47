//! Lists in pages: where one begins, how much it holds.

use super::authorized::{AuthorizedBatch, Outcome, Slot};
use super::{Failure, Refusal};
use crate::domain::id::OrganizationId;
use crate::store::authorization;

/// Rows of one round trip when the whole list is asked for.
pub const WHOLE_LIST_PAGE: usize = 500;
/// Most rows of a page that a caller may ask for (`limit`).
pub const MAX_PAGE: usize = 1_000;

/// The last row of a page, and whose list it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// A position in one organization's list is refused in another's.
    pub organization: OrganizationId,
    /// The row's id.
    pub id: [u8; 16],
}

/// What is asked for.
#[derive(Clone, Copy, Debug)]
pub struct PageRequest {
    /// `None`: from the beginning.
    pub after: Option<Position>,
    /// 1..=[`MAX_PAGE`].
    pub size: usize,
}

/// Some rows, in stable order.
#[derive(Debug)]
pub struct Page<T> {
    /// At most as many as asked for.
    pub items: Vec<T>,
    /// `None`: that was all.
    pub next: Option<Position>,
}

impl<T> Page<T> {
    /// The same page of other items.
    pub fn map<U>(self, item: impl FnMut(T) -> U) -> Page<U> {
        Page { items: self.items.into_iter().map(item).collect(), next: self.next }
    }
}

const FOREIGN_CURSOR: &str = "foreign_cursor";

impl PageRequest {
    /// One row more than the page holds, to know whether another page follows.
    pub(super) fn rows(&self) -> i64 {
        i64::try_from(self.size).map_or(i64::MAX, |size| size.saturating_add(1))
    }

    /// Refuses a position of another organization's list.
    pub(super) fn guard(&self, batch: &mut AuthorizedBatch<'_>) {
        if let Some(position) = self.after {
            batch.push(authorization::acts_in(batch.token(), position.organization, FOREIGN_CURSOR));
        }
    }

    /// Cuts the rows of `slot` to a page.
    pub(super) fn page<R, T>(
        &self,
        outcome: &Outcome,
        slot: Slot,
        id: impl Fn(&R) -> [u8; 16],
        item: impl Fn(R) -> T,
    ) -> Result<Page<T>, Failure>
    where
        R: serde::de::DeserializeOwned,
    {
        let mut rows: Vec<R> = outcome.all(slot)?;
        let more = rows.len() > self.size;
        rows.truncate(self.size);
        let organization = outcome.principal.organization();
        let next = if more { rows.last().map(|row| Position { organization, id: id(row) }) } else { None };
        Ok(Page { items: rows.into_iter().map(item).collect(), next })
    }
}

/// What a list's batch may be refused for beyond authorization.
pub(super) fn refusal(name: &str) -> Option<Refusal> {
    (name == FOREIGN_CURSOR).then_some(Refusal::Malformed("The cursor does not belong to this list."))
}
