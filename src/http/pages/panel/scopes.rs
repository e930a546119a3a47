//! Scopes to tick, by what they are about.

use super::super::frame::Frame;

/// A scope that can be ticked.
#[derive(Clone, Debug)]
pub struct ScopeBox {
    /// As tokens write it.
    pub scope: String,
    /// The catalogue's description, shown where the texts have no words of their own.
    pub description: String,
    /// Ticked.
    pub ticked: bool,
    /// For an application: whether sign-in fails without it.
    pub required: bool,
}

/// All of them.
#[derive(Clone, Copy, Debug)]
pub struct ScopePicker<'a> {
    /// In alphabetical order.
    pub boxes: &'a [ScopeBox],
    /// Whether each can also be demanded.
    pub with_required: bool,
}

impl<'a> ScopePicker<'a> {
    /// Resource and its scopes: `accounts.roles--all:ro` is about `accounts`.
    pub(in crate::http::pages) fn groups(&self) -> Vec<(&'a str, Vec<&'a ScopeBox>)> {
        let mut groups: Vec<(&'a str, Vec<&'a ScopeBox>)> = Vec::new();
        for one in self.boxes {
            let resource = one.scope.split(['.', ':', '-']).next().unwrap_or_default();
            match groups.last_mut() {
                Some((last, boxes)) if *last == resource => boxes.push(one),
                _ => groups.push((resource, vec![one])),
            }
        }
        groups
    }
}

impl ScopeBox {
    pub(in crate::http::pages) fn words(&self, frame: &Frame<'_>) -> String {
        frame.scope(&self.scope, &self.description).to_owned()
    }
}
