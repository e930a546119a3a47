//! Where the person belongs, whom they invited, who invited them, what they registered.

use super::{instant, me, truth};

/// Memberships with roles, terms and picture.
pub(super) const MEMBERSHIPS: &str = concat!(
    "SELECT own.organization_id AS key, json_object('organization_id', own.organization_id,
  'organization', organization.name, 'active', ",
    truth!("active"),
    ", 'suspended', ",
    truth!("suspended"),
    ", 'chosen_at', ",
    instant!("chosen_at"),
    ", 'created_at', ",
    instant!("own.created_at"),
    ", 'updated_at', ",
    instant!("own.updated_at"),
    ", 'roles', json((SELECT json_group_array(json_object('role_id', held.role_id, 'product', held.product,
      'role', role.role, 'type', held.type, 'since', ",
    instant!("held.created_at"),
    ")) FROM membership_role AS held JOIN role ON role.role_id = held.role_id
    WHERE held.organization_id = own.organization_id AND held.account_id = own.account_id)),
  'suspended_from', json((SELECT json_group_array(json_object('product', product, 'since', ",
    instant!("product_suspension.created_at"),
    ")) FROM product_suspension WHERE product_suspension.organization_id = own.organization_id
      AND product_suspension.account_id = own.account_id)),
  'picture', json((SELECT json_object('avatar_url', coalesce(avatar_url, ?4 || '/avatars/' || avatar_id),
      'content_type', content_type, 'updated_at', ",
    instant!("member_avatar.updated_at"),
    ") FROM member_avatar WHERE member_avatar.organization_id = own.organization_id
      AND member_avatar.account_id = own.account_id))) AS item
FROM membership AS own JOIN organization ON organization.organization_id = own.organization_id
WHERE own.account_id = ",
    me!(),
    " AND own.organization_id > ?2 ORDER BY own.organization_id LIMIT ?3"
);

macro_rules! invitation {
    () => {
        concat!(
            "SELECT invitation.invitation_id AS key, json_object('invitation_id', invitation.invitation_id,
  'organization_id', invitation.organization_id, 'kind', kind, 'state', state, 'email', email,
  'email_normal_form', email_key, 'name', name, 'product', product, 'role_id', role_id, 'created_at', ",
            instant!("created_at"),
            ", 'updated_at', ",
            instant!("updated_at"),
            ", 'expires_at', ",
            instant!("expires_at"),
            ") AS item
FROM invitation WHERE "
        )
    };
}

/// Invitations that the person sent.
pub(super) const INVITATIONS_SENT: &str = concat!(
    invitation!(),
    "creator_id = ",
    me!(),
    " AND invitation_id > ?2 AND ?4 IS NOT NULL ORDER BY invitation_id LIMIT ?3"
);

/// Invitations to an address that the person has proven, and their own requests for access.
pub(super) const INVITATIONS_RECEIVED: &str = concat!(
    invitation!(),
    "invitation_id IN (
    SELECT received.invitation_id FROM proven_address AS own
    CROSS JOIN invitation AS received ON received.email_key = own.email_key WHERE own.account_id = ",
    me!(),
    "
    UNION
    SELECT asked.invitation_id FROM invitation AS asked WHERE asked.account_id = ",
    me!(),
    ")
  AND invitation_id > ?2 AND ?4 IS NOT NULL ORDER BY invitation_id LIMIT ?3"
);

/// Applications that the person registered. They are the organization's; who registered them is the person's.
pub(super) const CLIENTS: &str = concat!(
    "SELECT client_id AS key, json_object('client_id', client_id, 'organization_id', organization_id, 'name', name,
  'created_at', ",
    instant!("created_at"),
    ") AS item
FROM client WHERE created_by = ",
    me!(),
    " AND client_id > ?2 AND ?4 IS NOT NULL ORDER BY client_id LIMIT ?3"
);
