//! The crate's own sources, as text, for rules that the compiler does not hold.

use std::fs;
use std::path::{Path, PathBuf};

/// Below the crate's folder.
pub fn read(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Every file below `folder`: its path inside it, and its text.
pub fn files(folder: &str) -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut open: Vec<PathBuf> = vec![root.clone()];
    let mut found = Vec::new();
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            match path.is_dir() {
                true => open.push(path),
                false => {
                    let name = path.strip_prefix(&root).expect("below its root").to_string_lossy().into_owned();
                    found.push((name, fs::read_to_string(&path).expect("UTF-8")));
                }
            }
        }
    }
    found.sort();
    found
}

/// The string literals of a piece of Rust, unescaped as far as SQL needs, each with the line it begins on. Comments
/// and character literals are skipped.
pub fn literals(code: &str) -> Vec<(usize, String)> {
    let chars: Vec<char> = code.chars().collect();
    let at = |i: usize| chars.get(i).copied().unwrap_or('\0');
    let (mut i, mut line, mut found) = (0, 1, Vec::new());
    while i < chars.len() {
        match (at(i), at(i + 1)) {
            ('/', '/') => {
                while i < chars.len() && at(i) != '\n' {
                    i += 1;
                }
            }
            ('r', '"' | '#') if !(i > 0 && (at(i - 1).is_alphanumeric() || at(i - 1) == '_')) => {
                let hashes = chars[i + 1..].iter().take_while(|c| **c == '#').count();
                if at(i + 1 + hashes) != '"' {
                    i += 1; // a raw identifier
                    continue;
                }
                let close: String = std::iter::once('"').chain(std::iter::repeat_n('#', hashes)).collect();
                let rest: String = chars[i + 2 + hashes..].iter().collect();
                let text = rest.split_once(&close).map_or(rest.as_str(), |(text, _)| text).to_owned();
                i += 2 + hashes + text.chars().count() + close.len();
                found.push((line, text.clone()));
                line += text.matches('\n').count();
            }
            // 'a', '\n', '"' are characters; 'a in <'a> is a lifetime.
            ('\'', '\\') => i += 2 + chars[i + 2..].iter().take_while(|c| **c != '\'').count().max(1) + 1,
            ('\'', _) if at(i + 2) == '\'' => i += 3,
            ('"', _) => {
                let (begun, mut text) = (line, String::new());
                i += 1;
                while i < chars.len() && at(i) != '"' {
                    line += usize::from(at(i) == '\n');
                    match (at(i), at(i + 1)) {
                        ('\\', '\n') => {
                            line += 1;
                            i += 2;
                            while at(i).is_whitespace() {
                                line += usize::from(at(i) == '\n');
                                i += 1;
                            }
                            continue;
                        }
                        ('\\', escaped) => {
                            text.push(if escaped == 'n' { '\n' } else { escaped });
                            i += 2;
                            continue;
                        }
                        (c, _) => text.push(c),
                    }
                    i += 1;
                }
                i += 1;
                found.push((begun, text));
            }
            (c, _) => {
                line += usize::from(c == '\n');
                i += 1;
            }
        }
    }
    found
}
