//! The first use of an access token that a refresh gave.

use std::time::Duration;

use crate::app::App;
use crate::oauth::envelope::Opened;
use crate::oauth::grants::refresh_token::REPLAY_WINDOW;
use crate::ports::Statement;
use crate::store::refresh_tokens;

/// Expiries in envelopes are cut to whole seconds.
const ROUNDING: Duration = Duration::from_secs(1);

/// What belongs into the batch of a call that an access token makes: from then on the refresh token replaced when it was
/// issued gives that pair no more. `None` for a token so old that the window has closed by itself, as its envelope tells.
pub fn close(app: &App, token: &Opened) -> Option<Statement> {
    let left = token.expires_at?.since(app.now());
    let recent = left + REPLAY_WINDOW + ROUNDING >= app.config().lifetimes.access_token;
    recent.then(|| refresh_tokens::close_window_of(&token.digest))
}
