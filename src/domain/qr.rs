//! A text as a picture that a phone's camera reads.

use std::fmt::Write as _;

use qrcodegen::{QrCode, QrCodeEcc};

/// Modules of white around the symbol that readers need (ISO/IEC 18004, section 6.3.8).
const QUIET: i32 = 4;

/// The symbol as an SVG element for an HTML page: dark on light in every colour scheme, without a style of its own, so that
/// the strictest policy shows it. It grows with the box that it is put in. `None` for more than a symbol holds.
pub fn svg(text: &str) -> Option<String> {
    let code = QrCode::encode_text(text, QrCodeEcc::Medium).ok()?;
    let side = code.size() + 2 * QUIET;
    let mut path = String::new();
    for y in 0..code.size() {
        for x in (0..code.size()).filter(|x| code.get_module(*x, y)) {
            let _never = write!(path, "M{} {}h1v1h-1z", x + QUIET, y + QUIET);
        }
    }
    Some(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" width=\"200\" height=\"200\" \
         shape-rendering=\"crispEdges\" role=\"img\" aria-hidden=\"true\" focusable=\"false\">\
         <path fill=\"#fff\" d=\"M0 0h{side}v{side}h-{side}z\"></path><path fill=\"#000\" d=\"{path}\"></path></svg>"
    ))
}

#[cfg(test)]
mod tests {
    use super::svg;

    #[test]
    fn a_picture_holds_no_text_and_nothing_that_acts() {
        let text = "otpauth://totp/A:b?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=<script>";
        let picture = svg(text).unwrap_or_default();
        assert!(picture.starts_with("<svg ") && picture.ends_with("</svg>"), "{picture}");
        for word in ["secret", "GEZD", "<script", "style", "href", "on"] {
            assert!(!picture.replace("version", "").contains(&format!(" {word}=")), "{word}");
        }
        assert!(!picture.contains("GEZD") && !picture.contains("<script"), "{picture}");
        assert_ne!(svg("a"), svg("b"));
        assert_eq!(svg(&"x".repeat(4_000)), None);
    }
}
