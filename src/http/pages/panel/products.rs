//! Products: `GET /panel/products`; `POST /panel/products` and `POST /panel/products/disable` with `product`.

use askama::Template;

use super::super::frame::Frame;
use super::Panel;
use crate::domain::time::Timestamp;

/// A product that the organization has.
#[derive(Clone, Debug)]
pub struct ProductLine {
    /// Its name.
    pub product: String,
    /// Of the subscription.
    pub state: String,
    /// Since when.
    pub since: Timestamp,
}

/// The screen.
#[derive(Template)]
#[template(path = "panel/products.html")]
pub struct Products<'a> {
    /// Around it.
    pub frame: Frame<'a>,
    /// Around it, too.
    pub panel: Panel<'a>,
    /// What the organization has.
    pub enabled: &'a [ProductLine],
    /// What it could have.
    pub others: &'a [String],
    /// Whether the person may change that.
    pub can_change: bool,
}

impl Products<'_> {
    fn title(&self) -> &str {
        self.frame.t().panel.products
    }

    fn min(&self) -> usize {
        self.panel.min_password
    }

    fn state(&self, line: &ProductLine) -> &'static str {
        let t = &self.frame.t().panel_products;
        match line.state.as_str() {
            "trial" => t.state_trial,
            "past_due" => t.state_past_due,
            "cancelled" => t.state_cancelled,
            "expired" => t.state_expired,
            _ => t.state_active,
        }
    }

    fn wants_care(line: &ProductLine) -> bool {
        matches!(line.state.as_str(), "past_due" | "cancelled" | "expired")
    }
}
