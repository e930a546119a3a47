//! `multipart/form-data` of a few small parts, as browsers and HTTP clients write it (RFC 7578, RFC 2046 section 5.1.1).
//! The whole body is in memory already, so the parts are slices of it.

use crate::usecase::{Failure, Refusal};

/// Most parts that any form of this service has.
const MAX_PARTS: usize = 8;
/// What is no such form.
pub(super) const MALFORMED: Refusal = Refusal::Malformed("The body is not valid multipart/form-data.");

/// One field of the form.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Part<'a> {
    /// Its name.
    pub(super) name: &'a str,
    /// Whether it is a file's content, told by its having a file name. What that is, nobody asks.
    pub(super) is_file: bool,
    /// As they came.
    pub(super) bytes: &'a [u8],
}

/// The parts of a body, in order; `content_type` is the request's header.
pub(super) fn parts<'a>(content_type: &str, body: &'a [u8]) -> Result<Vec<Part<'a>>, Failure> {
    let boundary = parameter(content_type, "boundary");
    boundary.and_then(|boundary| split(boundary, body)).ok_or(Failure::Refused(MALFORMED))
}

fn split<'a>(boundary: &str, body: &'a [u8]) -> Option<Vec<Part<'a>>> {
    if boundary.is_empty() || boundary.len() > 70 {
        return None;
    }
    let delimiter = format!("\r\n--{boundary}");
    let mut rest = body.strip_prefix(delimiter.trim_start().as_bytes())?;
    let mut parts = Vec::new();
    while !rest.starts_with(b"--") {
        let (head, content) = cut(rest.strip_prefix(b"\r\n")?, b"\r\n\r\n")?;
        let (bytes, after) = cut(content, delimiter.as_bytes())?;
        let disposition = std::str::from_utf8(head).ok()?.split("\r\n").find_map(disposition)?;
        let (name, is_file) = (parameter(disposition, "name")?, parameter(disposition, "filename").is_some());
        parts.push(Part { name, is_file, bytes });
        rest = after;
        if parts.len() > MAX_PARTS {
            return None;
        }
    }
    Some(parts)
}

/// The value of a `Content-Disposition: form-data` line.
fn disposition(line: &str) -> Option<&str> {
    let (name, value) = line.split_once(':')?;
    let (kind, parameters) = value.split_once(';')?;
    let is_it = name.eq_ignore_ascii_case("content-disposition") && kind.trim().eq_ignore_ascii_case("form-data");
    is_it.then_some(parameters)
}

/// `name=value` or `name="value"` among the parameters of a header. Semicolons within quotes belong to the value.
fn parameter<'a>(header: &'a str, wanted: &str) -> Option<&'a str> {
    let mut quoted = false;
    let mut at_end_of_parameter = |c: char| {
        quoted ^= c == '"';
        c == ';' && !quoted
    };
    let mut parameters = header.split(&mut at_end_of_parameter);
    parameters.find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        let value = value.trim();
        let value = value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(value);
        name.trim().eq_ignore_ascii_case(wanted).then_some(value)
    })
}

/// What stands before and behind the first `needle`.
fn cut<'a>(bytes: &'a [u8], needle: &[u8]) -> Option<(&'a [u8], &'a [u8])> {
    let at = bytes.windows(needle.len()).position(|window| window == needle)?;
    let (before, from) = bytes.split_at_checked(at)?;
    Some((before, from.get(needle.len()..)?))
}

#[cfg(test)]
mod tests {
    use super::{Part, parts};

    const TYPE: &str = "multipart/form-data; charset=utf-8; boundary=\"--x;y\"";

    #[test]
    fn texts_and_files_are_told_apart_and_bytes_stay() {
        let body = b"----x;y\r\nContent-Disposition: form-data; name=\"avatar\"; filename=\"a;b\\\".png\"\r\ncontent-type: image/png\r\n\r\n\x89PNG\r\n----x\r\n\0\r\n----x;y\r\ncontent-disposition:form-data;name=avatar_url\r\n\r\n\r\n----x;y--\r\nignored";
        let avatar = Part { name: "avatar", is_file: true, bytes: b"\x89PNG\r\n----x\r\n\0" };
        let link = Part { name: "avatar_url", is_file: false, bytes: b"" };
        assert_eq!(parts(TYPE, body).ok(), Some(vec![avatar, link]));
        assert_eq!(parts(TYPE, b"----x;y--").ok(), Some(Vec::new()));
    }

    #[test]
    fn what_does_not_end_as_it_must_is_malformed() {
        let one = "----x;y\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n";
        let whole = format!("{one}----x;y--");
        assert!(parts(TYPE, whole.as_bytes()).is_ok());
        for end in 0..whole.len() {
            assert!(parts(TYPE, whole.get(..end).unwrap_or_default().as_bytes()).is_err(), "{end}");
        }
        let others = [
            format!("preamble\r\n{whole}"),
            whole.replace("form-data", "attachment"),
            whole.replace("; name=\"a\"", ""),
            whole.replace("\r\n", "\n"),
            one.replace("\"a\"", "\"b\"")
                + &(0..9).map(|n| one.replace("\"a\"", &n.to_string())).collect::<String>()
                + "----x;y--",
        ];
        for body in others {
            assert!(parts(TYPE, body.as_bytes()).is_err(), "{body}");
        }
        for header in ["multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=other"] {
            assert!(parts(header, whole.as_bytes()).is_err(), "{header}");
        }
    }
}
