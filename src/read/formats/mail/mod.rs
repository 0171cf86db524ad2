//! Reads mail: a message (.eml, .emlx), or a mailbox of many (.mbox). One message is one text.

mod begins;
#[cfg(feature = "mail")]
mod body;
#[cfg(feature = "mail")]
mod carried;
#[cfg(feature = "mail")]
mod messages;

pub(crate) use begins::begins;

use crate::error::Result;
use crate::read::bytes::source::Source;
use crate::read::{InputOptions, Records};

/// Reads the messages of a file.
#[cfg(feature = "mail")]
pub(crate) fn open(source: Source, options: &InputOptions) -> Result<Records> {
    Ok(Box::new(messages::Mails::open(source, options.max_record)?))
}

/// Refuses: this program was built without mail.
#[cfg(not(feature = "mail"))]
pub(crate) fn open(source: Source, _: &InputOptions) -> Result<Records> {
    use crate::error::{Error, Position};

    let position = Position::from_path(source.path().to_string());
    Err(Error::malformed(position, "mail", "this program was built without mail"))
}

#[cfg(all(test, feature = "mail"))]
mod tests;
