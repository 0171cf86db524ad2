//! Hashes records as they are read and results as they are written, so that both are recognized
//! when a run is resumed.

use twox_hash::XxHash3_128;

use crate::error::Result;
use crate::read::{Body, RawRecord};

/// The hash of all records so far, with their places and in their order, or of all bytes of a file
/// so far: XXH3 with 128 bits, which tells an input that has changed. It does not withstand
/// somebody who wants two inputs to look alike: such hashes were measured to take a twentieth of
/// scoring's time.
#[derive(Clone, Default)]
pub struct Fingerprint(XxHash3_128);

impl Fingerprint {
    /// Adds a record, or what is wrong with it.
    pub fn add(&mut self, record: &Result<RawRecord>) {
        match record {
            Ok(raw) => {
                self.part(raw.path.as_bytes());
                self.part(&raw.record.unwrap_or(0).to_le_bytes());
                raw.body.parts(|part| self.part(part));
            }
            Err(error) => self.part(error.to_string().as_bytes()),
        }
    }

    /// Adds bytes of a file, which may come in pieces of any length.
    pub fn update(&mut self, bytes: &[u8]) {
        self.0.write(bytes);
    }

    /// The hash in hexadecimal digits.
    pub fn hex(&self) -> String {
        format!("{:032x}", self.0.finish_128())
    }

    /// Parts are told apart by their lengths.
    fn part(&mut self, bytes: &[u8]) {
        self.0.write(&(bytes.len() as u64).to_le_bytes());
        self.0.write(bytes);
    }
}

impl std::fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Fingerprint").field(&self.hex()).finish()
    }
}

impl Body {
    fn parts(&self, mut part: impl FnMut(&[u8])) {
        match self {
            Body::Text(bytes) | Body::Markdown(bytes) | Body::Html(bytes) | Body::Json(bytes) => part(bytes),
            Body::Archived(page) => page.parts().for_each(part),
            Body::Item(item) => item.parts().into_iter().for_each(part),
            Body::Fields(fields) => fields.parts().for_each(part),
        }
    }
}
