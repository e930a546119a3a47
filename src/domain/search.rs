//! What people type to find somebody: the beginning of a name, of a further word of it, or of an address.

use super::text::{InvalidText, bounded};

/// Longest text, in code points.
pub const MAX_LENGTH: usize = 128;

/// The beginnings that a text stands for.
///
/// Terms are stored with ASCII letters in lower case and all others as they were written, because the database knows no
/// other case. So a text stands for itself as it is, in lower case, in capitals, and with a capital at the beginning of each word:
/// `łuc` finds `Łucja` too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Beginning {
    text: String,
    spellings: Vec<String>,
}

impl Beginning {
    /// `None` for white space alone: everybody.
    pub fn parse(text: &str) -> Result<Option<Self>, InvalidText> {
        let text = bounded(text, MAX_LENGTH)?;
        if text.is_empty() {
            return Ok(None);
        }
        let mut spellings = [text.clone(), text.to_lowercase(), text.to_uppercase(), titled(&text)]
            .map(|one| one.to_ascii_lowercase())
            .to_vec();
        spellings.sort();
        spellings.dedup();
        Ok(Some(Self { text, spellings }))
    }

    /// As it was typed.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Pairs of texts: whatever begins so is not before the first, and before the second.
    pub fn ranges(&self) -> Vec<(String, String)> {
        self.spellings.iter().map(|from| (from.clone(), format!("{from}{}", char::MAX))).collect()
    }
}

fn titled(text: &str) -> String {
    let mut begins = true;
    text.chars().fold(String::new(), |mut titled, c| {
        match begins {
            true => titled.extend(c.to_uppercase()),
            false => titled.extend(c.to_lowercase()),
        }
        begins = !c.is_alphanumeric();
        titled
    })
}

#[cfg(test)]
mod tests {
    use super::{Beginning, InvalidText};

    #[test]
    fn a_beginning_is_looked_for_in_every_case_that_names_are_written_in() {
        let spellings = |text| Beginning::parse(text).map(|found| found.map(|found| found.spellings));
        assert_eq!(spellings(" Anna "), Ok(Some(vec!["anna".to_owned()])), "ASCII is one");
        assert_eq!(spellings("łuc"), Ok(Some(vec!["Łuc".to_owned(), "łuc".to_owned()])));
        let both = ["ŻUK ŚMIAŁY", "Żuk Śmiały", "żuk śmiały"].map(str::to_ascii_lowercase).to_vec();
        assert_eq!(
            spellings("ŻUK śmiały").map(|found| found.map(|all| both.iter().all(|one| all.contains(one)))),
            Ok(Some(true))
        );
        assert_eq!(spellings("   "), Ok(None));
        assert_eq!(spellings("a\u{202e}b"), Err(InvalidText::ForbiddenCharacter));
        let range = Beginning::parse("an").ok().flatten().map(|found| found.ranges());
        assert_eq!(range, Some(vec![("an".to_owned(), "an\u{10ffff}".to_owned())]));
    }
}
