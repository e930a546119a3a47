//! A person's authenticator application, computed by the standard once more and not by the service's own code.

use global_accounts::domain::id::AccountId;
use global_accounts::domain::recovery_code::RecoveryCode;
use global_accounts::ports::Clock as _;
use hmac::{Hmac, Mac as _};
use sha1::Sha1;

use super::browser::Browser;
use super::client::{Answer, World};

/// Shows codes of one secret.
#[derive(Clone)]
pub struct Authenticator {
    pub secret: Vec<u8>,
    world: World,
}

impl World {
    /// An application that was given this secret, in base 32.
    pub fn authenticator(&self, base32: &str) -> Authenticator {
        let mut bits = String::new();
        for letter in base32.chars() {
            let value = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".find(letter).expect("base 32");
            bits.push_str(&format!("{value:05b}"));
        }
        let bytes = bits.as_bytes().chunks_exact(8).map(|eight| std::str::from_utf8(eight).expect("ASCII"));
        let secret = bytes.map(|eight| u8::from_str_radix(eight, 2).expect("bits")).collect();
        Authenticator { secret, world: self.clone() }
    }

    /// An account that has finished its enrolment some time ago, without the calls for it.
    pub fn enrol(&self, account: &str) -> Authenticator {
        let secret = *b"a secret of the test";
        let owner: AccountId = account.parse().expect("an id");
        let app = self.app();
        let sealed = app.seal_at_rest(owner.bytes(), &secret, &app.random().expect("randomness")).expect("a key");
        self.database.execute(&format!(
            "INSERT INTO totp (account_id, sealed_secret, confirmed_at, created_at) VALUES ('{account}', '{sealed}', 1, 1)"
        ));
        Authenticator { secret: secret.to_vec(), world: self.clone() }
    }

    /// A recovery code of the account; `number` tells it from others.
    pub fn recovery_code(&self, account: &str, number: u8) -> String {
        let code = RecoveryCode::of([number; 7]);
        let owner: AccountId = account.parse().expect("an id");
        let digest = self.app().recovery_digests(owner, &code).remove(0);
        self.database.execute(&format!(
            "INSERT INTO recovery_code (account_id, code_digest, created_at) VALUES ('{account}', '{digest}', 1)"
        ));
        code.text()
    }
}

impl Authenticator {
    /// The code that it shows now.
    pub fn code(&self) -> String {
        self.code_in(0)
    }

    /// The code that it shows so many steps later.
    pub fn code_in(&self, steps: i64) -> String {
        let step = self.world.clock.now().millis() / 30_000 + steps;
        let mut mac = Hmac::<Sha1>::new_from_slice(&self.secret).expect("a key");
        mac.update(&step.to_be_bytes());
        let hash = mac.finalize().into_bytes();
        let at = usize::from(hash[19] & 15);
        let number = u32::from_be_bytes([hash[at] & 0x7f, hash[at + 1], hash[at + 2], hash[at + 3]]);
        format!("{:06}", number % 1_000_000)
    }

    /// A code that is none of those that are taken now.
    pub fn wrong(&self) -> String {
        let near: Vec<String> = (-2..=2).map(|steps| self.code_in(steps)).collect();
        (0..).map(|number| format!("{number:06}")).find(|code| !near.contains(code)).expect("a code")
    }
}

impl Browser {
    /// Sends the form of the second step that was seen last.
    pub fn second_step(&self, field: &str, code: &str) -> Answer {
        let page = self.page();
        let hidden = |name: &str| super::browser::hidden(&page, name);
        let way: Vec<(&str, String)> =
            ["request", "token"].into_iter().filter_map(|name| Some((name, hidden(name)?))).collect();
        let mut fields: Vec<(&str, &str)> = way.iter().map(|(name, value)| (*name, value.as_str())).collect();
        fields.push((field, code));
        self.post("/second-step", &fields)
    }
}
