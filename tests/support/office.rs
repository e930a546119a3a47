//! An organization and the person who signed up for it, alone.

use serde_json::Value;

use super::client::{Client, World};

pub struct Office {
    pub world: World,
    pub owner: Client,
    pub owner_id: String,
    /// The organization's.
    pub id: String,
}

pub fn office_in(world: World) -> Office {
    let (owner, created) = world.sign_up("owner@example.com");
    let text = |value: &Value| value.as_str().expect("an id").to_owned();
    let (owner_id, id) = (text(&created["account_id"]), text(&created["organization"]["organization_id"]));
    Office { world, owner, owner_id, id }
}

pub fn office() -> Office {
    office_in(World::default())
}
