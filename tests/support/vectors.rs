//! Known answers, natively and in wasm. They were computed by other software: Python's `hmac` and `hashlib`, and
//! Argon2id and HKDF of its `cryptography` package.

use global_accounts::domain::password::Password;
use global_accounts::domain::password::hash::{HashFault, Hasher, Pepper, RECOMMENDED, Verdict};
use global_accounts::domain::time::Timestamp;
use global_accounts::oauth::digest::Digest;
use global_accounts::oauth::envelope::{self, Issuer, Kind};
use global_accounts::oauth::keys::{KeyRing, MasterSecret};

/// Argon2id 19 MiB, two passes, one lane; salt sixteen bytes 7; pepper 1 the bytes 0..32.
pub const HASHES: [(&str, &str); 2] = [
    (
        "BG0SaleEBL",
        "$argon2id$v=19$m=19456,t=2,p=1,keyid=AQ$BwcHBwcHBwcHBwcHBwcHBw$2r6x+LvWUh7pWnYc/6OLFCwRoLrJeRfKPZmwmppP5Dk",
    ),
    (
        "e\u{301}e\u{301}e\u{301}e\u{301}e\u{301}e\u{301}e\u{301}e\u{301}\u{1f600}",
        "$argon2id$v=19$m=19456,t=2,p=1,keyid=AQ$BwcHBwcHBwcHBwcHBwcHBw$6O63D/CakGeiZS5KIix/CKQE1gUKvPXPc5tk3Mtfxo0",
    ),
];

/// Master secret the bytes 32..64 under key id 2, region `fra-a`, random id the bytes 0..16, expiry 1700000060.
pub const TOKENS: [(Kind, &str); 10] = [
    (Kind::Access, "fra-a:QgABAgMEBQYHCAkKCwwNDg8AZVPxPMror2psOLiVfirw_44nXkM"),
    (Kind::Refresh, "RgABAgMEBQYHCAkKCwwNDg8AZVPxPBZlcr7qeff68O4Q0RM_9GI"),
    (Kind::Code, "fra-a:SgABAgMEBQYHCAkKCwwNDg8AZVPxPIfK8h7nc-sh7io4PZzCBQs"),
    (Kind::Personal, "fra-a:TgABAgMEBQYHCAkKCwwNDg8AZVPxPC1-vXbjK7CGzUbERsTPw4w"),
    (Kind::Session, "fra-a:UgABAgMEBQYHCAkKCwwNDg8AZVPxPNMfWI172TQ_NiEgyKkjvXs"),
    (Kind::Reset, "fra-a:VgABAgMEBQYHCAkKCwwNDg8AZVPxPNOFOefljqmnZ5a1lAEci6E"),
    (Kind::Verify, "fra-a:WgABAgMEBQYHCAkKCwwNDg8AZVPxPLdiWCJzvyHFZ-ZDYVUWjO4"),
    (Kind::Invite, "fra-a:XgABAgMEBQYHCAkKCwwNDg8AZVPxPJSd-189-qmjt0AuaigPgEM"),
    (Kind::Cursor, "fra-a:YgABAgMEBQYHCAkKCwwNDg8AZVPxPDGsHK45hwUERyCIVgbx-QI"),
    (Kind::Csrf, "fra-a:ZgABAgMEBQYHCAkKCwwNDg8AZVPxPN7ccdi3sx41KOF_ddYVYRM"),
];
/// The same personal token without an expiry.
pub const NEVER: &str = "fra-a:TgABAgMEBQYHCAkKCwwNDg_______3Hfid93chlOlOPMWyMTMLw";
/// SHA-256 of the random id.
pub const DIGEST: &str = "vkXLJgW_Nr695oSEGijw_UPGmFCj3OX-26aZKO46iZE";
/// The throttle's name of the network 192.0.2.1.
pub const BUCKET: &str = "sign_up:E26iNtY19S90mlgagRNJrC4VwXtWOVxykmokZyWZSyQ";

fn bytes<const N: usize>(from: u8) -> [u8; N] {
    std::array::from_fn(|at| from + u8::try_from(at).unwrap_or(0))
}

/// Every password hashes to its known string, and verifies against it.
pub fn passwords() -> Result<(), HashFault> {
    let hasher = Hasher::new(RECOMMENDED, Pepper { id: 1, key: bytes::<32>(0).to_vec() }, None);
    for (password, phc) in HASHES {
        let password = Password::given(password);
        assert_eq!(hasher.hash(&password, &[7; 16])?, phc);
        assert_eq!(hasher.verify(&password, phc)?, Verdict::Right { outdated: false });
        assert_eq!(hasher.verify(&Password::given("BG0SaleEBl"), phc)?, Verdict::Wrong);
    }
    Ok(())
}

/// Every type of token has its known text, and opens as that type alone.
pub fn tokens() {
    let keys = KeyRing::new(&MasterSecret { id: 2, bytes: bytes::<32>(32).to_vec() }, None);
    let issuer = Issuer { keys: &keys, region: "fra-a", context: &[] };
    let random = bytes::<16>(0);
    let expiry = Timestamp::from_millis(1_700_000_060_999);
    let now = Timestamp::from_millis(1_700_000_000_000);
    for (kind, text) in TOKENS {
        let minted = envelope::mint(issuer, kind, &random, Some(expiry)).map(|minted| (minted.text, minted.digest));
        assert_eq!(minted, Some((text.to_owned(), Digest::of(&random))), "{kind:?}");
        for other in Kind::ALL {
            let opened = envelope::open(issuer, other, text, now).map(|opened| (opened.id, opened.expires_at));
            let known = (random, Some(Timestamp::from_millis(1_700_000_060_000)));
            assert_eq!(opened.ok(), (other == kind).then_some(known), "{kind:?} as {other:?}");
        }
    }
    let never = envelope::mint(issuer, Kind::Personal, &random, None).map(|minted| minted.text);
    assert_eq!(never.as_deref(), Some(NEVER));
    assert_eq!(envelope::open(issuer, Kind::Personal, NEVER, now).map(|opened| opened.expires_at), Ok(None));
    assert_eq!(Digest::of(&random).as_str(), DIGEST);
    assert_eq!(keys.blind("sign_up", "192.0.2.1"), BUCKET);
}
