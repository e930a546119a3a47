//! Stylesheets and scripts of the pages. Each name holds a digest of the content, so that a browser may keep it for ever
//! and a new deployment is seen at once.

use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};

use crate::domain::brand::Brand;

const CSS: &str = "text/css; charset=utf-8";
const JAVASCRIPT: &str = "text/javascript; charset=utf-8";
const FILES: [(&str, &str, &str); 5] = [
    ("pages.css", CSS, include_str!("../../../templates/assets/pages.css")),
    ("account.js", JAVASCRIPT, include_str!("../../../templates/assets/account.js")),
    ("passkey.js", JAVASCRIPT, include_str!("../../../templates/assets/passkey.js")),
    ("panel.js", JAVASCRIPT, include_str!("../../../templates/assets/panel.js")),
    ("message.js", JAVASCRIPT, include_str!("../../../templates/assets/message.js")),
];
const BRAND: &str = include_str!("../../../templates/assets/brand.css");

/// A file, ready to be sent.
pub struct Asset {
    /// Media type.
    pub media_type: &'static str,
    /// Content.
    pub text: String,
}

struct Named {
    plain: &'static str,
    url: String,
    media_type: &'static str,
    text: &'static str,
}

/// Digested once per isolate.
static NAMED: LazyLock<Vec<Named>> = LazyLock::new(|| {
    let named = |(plain, media_type, text): (&'static str, &'static str, &'static str)| {
        let (stem, extension) = plain.split_once('.').unwrap_or((plain, ""));
        Named { plain, url: format!("/assets/{stem}-{}.{extension}", digest(text)), media_type, text }
    };
    FILES.map(named).into()
});
static BRAND_DIGEST: LazyLock<String> = LazyLock::new(|| digest(BRAND));

/// The address of a file by its plain name.
pub fn url(plain: &str) -> &'static str {
    NAMED.iter().find(|file| file.plain == plain).map_or("", |file| &file.url)
}

/// The address of the stylesheet that holds the brand's colours. They are its only content that varies.
pub fn brand_url(brand: &Brand) -> String {
    format!("/assets/brand-{}-{}.css", brand.colour, *BRAND_DIGEST)
}

/// The file that `/assets/{name}` names; of brands, this deployment's only.
pub fn find(name: &str, brand: &Brand) -> Option<Asset> {
    let is = |url: &str| url.strip_prefix("/assets/") == Some(name);
    if is(&brand_url(brand)) {
        return Some(Asset { media_type: CSS, text: brand_stylesheet(brand) });
    }
    let file = NAMED.iter().find(|file| is(&file.url))?;
    Some(Asset { media_type: file.media_type, text: file.text.to_owned() })
}

fn brand_stylesheet(brand: &Brand) -> String {
    let colours = [
        ("BRAND", brand.colour),
        ("INK", brand.colour.ink()),
        ("LIGHT", brand.colour.on_light()),
        ("DARK", brand.colour.on_dark()),
    ];
    colours
        .iter()
        .fold(BRAND.to_owned(), |text, (name, colour)| text.replace(&format!("${name}"), &format!("#{colour}")))
}

/// 72 bits of SHA-256 in base64url.
fn digest(text: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(text).iter().take(9).copied().collect::<Vec<u8>>())
}
