//! A member gets another picture.

use serde_json::json;

use super::{Avatar, address};
use crate::app::App;
use crate::domain::id::{AccountId, AvatarId, OrganizationId};
use crate::store::audit::Change;
use crate::store::{member_avatars, memberships};
use crate::usecase::authorized::{AuthorizedBatch, Caller};
use crate::usecase::{Failure, accounts, organizations};

const FACTS: &str = r#"{"fields":["avatar_url"]}"#;

/// Gives a member of the caller's organization a picture there, takes it away (`Some(None)`), or leaves it; `None` are
/// the caller and that organization. Nobody changes somebody who ranks above. Answers the address as it is now.
///
/// A picture is stored as it came and gets a new address with every change, so that what was seen there never changes.
pub async fn update(
    app: &App,
    caller: &Caller,
    account: Option<AccountId>,
    organization: Option<OrganizationId>,
    avatar: Option<Option<Avatar>>,
) -> Result<Option<String>, Failure> {
    let now = app.now();
    let mut batch = AuthorizedBatch::new(app, caller, account);
    organizations::guard_own(&mut batch, organization);
    let by = batch.token();
    batch.push(memberships::refuse_unknown(by, account));
    batch.push(memberships::refuse_above(by, account));
    let target = accounts::audit_target(account);
    let change = Change {
        facts: FACTS,
        before: member_avatars::BEFORE,
        ..Change::new("account.update_avatar", "account", &target)
    };
    match &avatar {
        None => {}
        Some(None) => {
            batch.push(member_avatars::touch(by, account, now));
            batch.audit(&Change { only_if_changed: true, ..change })?;
            batch.push(member_avatars::delete(by, account));
        }
        Some(Some(avatar)) => {
            let after = match avatar {
                Avatar::Link(link) => json!({ "avatar_url": link }).to_string(),
                Avatar::Picture(_) => "{}".to_owned(),
            };
            batch.audit(&Change { after: &after, ..change })?;
            batch.push(member_avatars::set(by, account, AvatarId::new(now, &app.random()?), avatar, now));
        }
    }
    let found = batch.push(member_avatars::find_for_caller(by, account));
    let refused = |name: &str| accounts::refused(name, account).or_else(|| organizations::refusal(name, organization));
    let outcome = batch.run(refused).await?;
    Ok(outcome.first(found)?.map(|avatar| address(app, avatar)))
}
