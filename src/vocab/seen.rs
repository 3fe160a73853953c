//! Names looked up before: a table says the same ones in row after row.

use std::collections::HashMap;
use std::sync::RwLock;

/// What was looked up before, by the name as written.
#[derive(Debug)]
pub(super) struct Seen<T>(RwLock<HashMap<Box<str>, T>>);

impl<T> Default for Seen<T> {
    fn default() -> Self {
        Self(RwLock::default())
    }
}

impl<T: std::clone::Clone> Seen<T> {
    /// Most names that are kept.
    const MOST: usize = 1 << 16;
    /// Longest name that is kept, in bytes.
    const LONGEST: usize = 64;

    pub(super) fn clear(&mut self) {
        if let Ok(seen) = self.0.get_mut() {
            seen.clear();
        }
    }

    pub(super) fn get_or(&self, name: &str, look_up: impl FnOnce() -> T) -> T {
        if let Ok(seen) = self.0.read()
            && let Some(found) = seen.get(name)
        {
            return found.clone();
        }
        let found = look_up();
        if name.len() <= Self::LONGEST
            && let Ok(mut seen) = self.0.write()
            && seen.len() < Self::MOST
        {
            seen.insert(name.into(), found.clone());
        }
        found
    }
}
