//! A person of whom something is held in every table that can hold anything about one. Every value that could name them
//! contains the word `canary` or is [`IP`].

use super::cast::{Cast, MEMBER};
use super::client::World;
use serde_json::json;

pub const EMAIL: &str = "canary.ann@example.com";
pub const PASSWORD: &str = "BG0SaleEBL";
/// Where the person came from.
pub const IP: &str = "203.0.113.77";
/// Where those came from who did something about them.
pub const FOREIGN_IP: &str = "198.51.100.9";
/// An invitation to them by an organization in which they are not.
pub const OPEN_INVITATION: &str = "00000000-0000-7000-8000-000000000a03";

/// Ann, a member of two organizations, and a third that only invited her.
pub struct Ann {
    pub world: World,
    pub id: String,
    pub home: Cast,
    pub second: Cast,
    pub third: Cast,
}

impl Ann {
    pub fn new(world: World) -> Self {
        let home = Cast::of(world.clone(), "owner@example.com");
        let second = Cast::of(world.clone(), "second@example.com");
        let third = Cast::of(world.clone(), "third@example.com");
        let new = json!({"email": "Canary.Ann@Example.com", "name": "Canary Ann", "password": PASSWORD});
        let id = home.owner.client.post("/v2/accounts", &new).json()["account_id"].as_str().expect("an id").to_owned();
        world.join(&id, &second.organization, MEMBER);
        let ann = Self { world, id, home, second, third };
        ann.furnish();
        ann
    }

    /// With a token that her roles alone limit, of a sign-in just now.
    pub fn client(&self) -> super::client::Client {
        self.world.bearer(&self.world.full_token_for(&self.id, &self.home.organization))
    }

    fn furnish(&self) {
        let (ann, home, second, third) =
            (&self.id, &self.home.organization, &self.second.organization, &self.third.organization);
        let (admin, other_admin) = (&self.home.administrator.id, &self.third.administrator.id);
        let now = self.world.app().now().millis();
        let sql = format!(
            r#"
UPDATE account SET email_verified = 1, avatar_url = 'https://canary.example/a.png', time_zone = 'canary/zone', locale = 'pl',
  default_product = 'LiveChat' WHERE account_id = '{ann}';
UPDATE membership SET chosen_at = {now} WHERE account_id = '{ann}';
INSERT INTO totp VALUES ('{ann}', 'sealed', 7, {now} + 11, {now} + 12);
INSERT INTO recovery_code VALUES ('{ann}', 'code-1', {now} + 21, {now} + 22), ('{ann}', 'code-2', NULL, {now} + 22);
INSERT INTO passkey VALUES ('00000000-0000-7000-8000-000000000a01', '{ann}', 'canary-credential', 'canary-key', -7, 3, 1, '["usb"]', 'canary key', {now} + 31, {now} + 32);
INSERT INTO email_change VALUES
  ('00000000-0000-7000-8000-000000000e01', '{ann}', 'canary.Older@example.com', 'canary.older@example.com', 1,
   'canary.Mistake@example.com', 'canary.mistake@example.com', {now} - 90, {now} - 89, {now} + 900, {now} - 88, {now} + 900),
  ('00000000-0000-7000-8000-000000000e02', '{ann}', 'canary.Old@example.com', 'canary.old@example.com', 1,
   'Canary.Ann@Example.com', '{EMAIL}', {now} - 80, {now} - 79, {now} + 901, NULL, {now} + 901),
  ('00000000-0000-7000-8000-000000000e03', '{ann}', 'Canary.Ann@Example.com', '{EMAIL}', 1,
   'canary.New@example.com', 'canary.new@example.com', {now} - 70, NULL, NULL, NULL, {now} + 902);
INSERT INTO member_avatar VALUES
  ('{home}', '{ann}', '00000000-0000-7000-8000-000000000c01', 'https://canary.example/b.png', {now} + 41, NULL, NULL),
  ('{second}', '{ann}', '00000000-0000-7000-8000-000000000c02', NULL, {now} + 42, 'image/png', CAST('canary' AS BLOB));
INSERT INTO product_suspension VALUES ('{home}', '{ann}', 'LiveChat', {now} + 51);
INSERT INTO invitation VALUES
  ('00000000-0000-7000-8000-000000000a01', '{home}', 'invitation', 'pending', 'Guest@example.com', 'guest@example.com', 'Guest',
   'LiveChat', '{MEMBER}', NULL, '{ann}', {now} + 61, {now} + 62, {now} + 63),
  ('00000000-0000-7000-8000-000000000a02', '{second}', 'invitation', 'accepted', 'Canary.Ann@example.com', '{EMAIL}',
   'canary Ann', 'Accounts', '{MEMBER}', NULL, '{other_admin}', {now} + 64, {now} + 65, {now} + 66),
  ('{OPEN_INVITATION}', '{third}', 'invitation', 'approved', 'CANARY.ann@example.com', '{EMAIL}', 'canary Ann', 'Accounts',
   '{MEMBER}', NULL, '{other_admin}', {now} + 67, {now} + 68, {now} + 69),
  ('00000000-0000-7000-8000-000000000a04', '{home}', 'request', 'pending', 'Canary.Ann@Example.com', '{EMAIL}', 'Canary Ann',
   'HelpDesk', NULL, '{ann}', NULL, {now} + 70, {now} + 71, {now} + 72);
INSERT INTO client (client_id, organization_id, name, type, created_by, created_at, updated_at)
  VALUES ('0123456789abcdef0123456789abcd01', '{home}', 'App', 'server_side_app', '{ann}', {now} + 81, {now} + 82);
INSERT INTO session VALUES
  ('00000000-0000-7000-8000-000000000501', '{ann}', 0, 'canary-cookie', 'canary-embedded', 'credentials', 'CanaryBrowser/1 canary',
   '{IP}', {now} + 91, 0, {now} + 92, {now} + 93, {now} + 99994, {now} + 99995, NULL),
  ('00000000-0000-7000-8000-000000000502', '{ann}', 0, NULL, NULL, 'google', 'canary/2', '{IP}', {now}, 1, {now}, {now}, {now}, {now},
   {now} + 96);
INSERT INTO session_organization VALUES ('00000000-0000-7000-8000-000000000501', '{home}', '{ann}');
INSERT INTO session_application VALUES
  ('00000000-0000-7000-8000-000000000501', '0123456789abcdef0123456789abcd01', {now} + 101, {now} + 102);
INSERT INTO known_device VALUES ('{ann}', 'canary-device-digest', 'canary/3', {now} + 111, {now} + 112, {now} + 99999113);
INSERT INTO consent VALUES ('{home}', '{ann}', '0123456789abcdef0123456789abcd01', '["accounts--my:ro"]', {now} + 121, {now} + 122);
INSERT INTO refresh_family VALUES ('family', '{ann}', '{home}', '0123456789abcdef0123456789abcd01',
  '00000000-0000-7000-8000-000000000501', '["accounts--my:ro"]', 0, 0, 0, {now} + 133, {now} + 131, {now} + 132);
INSERT INTO refresh_token VALUES ('canary-refresh', 'family', {now} + 134, NULL, {now}, {now} + 99999999);
INSERT INTO access_token VALUES ('canary-access', '{ann}', '{second}', '0123456789abcdef0123456789abcd01',
  '00000000-0000-7000-8000-000000000501', 'family', 'canary-sealed', '["accounts--my:rw"]', 0, 0, 0, {now} + 141, {now} + 99999142);
INSERT INTO personal_token VALUES ('00000000-0000-7000-8000-000000000b01', 'canary-personal', '{ann}', '{home}', 'canary script',
  '["accounts--my:ro"]', 0, 0, {now} + 151, {now} + 99999152, {now} + 153);
INSERT INTO operator_command VALUES
  ('00000000-0000-7000-8000-000000000f01', 'reset_second_factor', '{ann}', '{home}', {now} + 161, {now} + 162, {now} + 163, NULL),
  ('00000000-0000-7000-8000-000000000f02', 'reset_second_factor', '{ann}', '{second}', {now} + 164, {now} + 165, NULL, {now} + 166);
INSERT INTO mail_token VALUES
  ('00000000-0000-7000-8000-000000000601', 'canary-link', 'verify', '{EMAIL}', '{ann}', NULL, NULL, NULL, 0, {now} + 173, {now} + 171, {now} + 172),
  ('00000000-0000-7000-8000-000000000602', 'canary-invite', 'invite', '{EMAIL}', NULL, '{OPEN_INVITATION}', NULL, NULL, 0, NULL, {now}, {now} + 99999);
INSERT INTO outbox VALUES
  ('00000000-0000-7000-8000-000000000701', 'new_device', 'pl', 'account', '{ann}', NULL, '{{"session_id":"x"}}', {now} + 181, 3, {now} + 99999182, NULL, {now} + 183),
  ('00000000-0000-7000-8000-000000000702', 'invitation', 'en', 'invitation', '{OPEN_INVITATION}', '00000000-0000-7000-8000-000000000602', '{{}}', {now}, 0, {now} + 99999, NULL, NULL);
INSERT INTO authorization_request (request_digest, browser_digest, email_hint, created_at, expires_at)
  VALUES ('request', 'browser', 'Canary.ANN@example.com', {now}, {now} + 99999999);
INSERT INTO audit_log VALUES
  ('00000000-0000-7000-9000-000000000001', {now} + 191, 'session.begin', NULL, 'account', '{ann}', NULL, '00000000-0000-7000-8000-0000000005ff', 'session', '00000000-0000-7000-8000-0000000005ff', 'r1', '{{}}'),
  ('00000000-0000-7000-9000-000000000002', {now} + 192, 'account.update', '{home}', 'account', '{ann}', '0123456789abcdef0123456789abcd01', NULL, 'account', '{ann}', 'r2', '{{"fields":["name"]}}'),
  ('00000000-0000-7000-9000-000000000003', {now} + 193, 'account.update', '{home}', 'account', '{admin}', NULL, NULL, 'account', '{ann}', 'r3', '{{}}'),
  ('00000000-0000-7000-9000-000000000004', {now} + 194, 'account.ask_password_reset', NULL, 'anonymous', NULL, NULL, NULL, 'account', '{ann}', 'r4', '{{}}'),
  ('00000000-0000-7000-9000-000000000005', {now} + 195, 'token.reuse', '{home}', 'system', NULL, NULL, '00000000-0000-7000-8000-000000000501', 'session', '00000000-0000-7000-8000-000000000501', 'r5', '{{}}'),
  ('00000000-0000-7000-9000-000000000006', {now} + 196, 'token.reuse', '{home}', 'system', NULL, NULL, '00000000-0000-7000-8000-0000000005ff', 'session', '00000000-0000-7000-8000-0000000005ff', 'r6', '{{}}'),
  ('00000000-0000-7000-9000-000000000007', {now} + 197, 'invitation.create', '{third}', 'account', '{other_admin}', NULL, NULL, 'invitation', 'forgotten', 'r7', '{{}}'),
  ('00000000-0000-7000-9000-000000000008', {now} + 198, 'invitation.create', '{second}', 'account', '{other_admin}', NULL, NULL, 'invitation', 'answered', 'r8', '{{}}'),
  ('00000000-0000-7000-9000-000000000009', {now} + 199, 'invitation.accept', '{second}', 'account', '{ann}', NULL, NULL, 'invitation', 'answered', 'r9', '{{}}');
INSERT INTO audit_detail VALUES
  ('00000000-0000-7000-9000-000000000001', {now}, '{IP}', 'canary/4', '{{}}'),
  ('00000000-0000-7000-9000-000000000002', {now}, '{IP}', 'canary/5', '{{"before":{{"name":"canary before"}},"after":{{"name":"canary after"}}}}'),
  ('00000000-0000-7000-9000-000000000003', {now}, '{FOREIGN_IP}', 'foreign/1', '{{"before":{{"name":"canary told"}},"after":null}}'),
  ('00000000-0000-7000-9000-000000000004', {now}, '{FOREIGN_IP}', 'foreign/2', '{{}}'),
  ('00000000-0000-7000-9000-000000000005', {now}, '{IP}', 'canary/6', '{{}}'),
  ('00000000-0000-7000-9000-000000000006', {now}, '{IP}', 'canary/7', '{{}}'),
  ('00000000-0000-7000-9000-000000000007', {now}, '{FOREIGN_IP}', 'foreign/3', '{{"before":null,"after":{{"email":"Canary.OLD@example.com","name":"canary"}}}}'),
  ('00000000-0000-7000-9000-000000000008', {now}, '{FOREIGN_IP}', 'foreign/4', '{{"before":null,"after":{{"email":"canary.a@elsewhere.example","name":"canary"}}}}');
"#
        );
        self.world.database.raw().execute_batch(&sql).unwrap_or_else(|error| panic!("{error}"));
    }

    /// Every cell that still names her.
    pub fn traces(&self) -> Vec<(String, String, String)> {
        let named = |text: &str| {
            let text = text.to_lowercase();
            text.contains("canary") || text.contains(IP) || text.contains("99, 97, 110, 97, 114, 121")
        };
        self.world.database.dump().into_iter().filter(|(.., text)| named(text)).collect()
    }
}
