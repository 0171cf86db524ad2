//! Opens the page in the browser through a file that only its owner can read, so that the token
//! stands in no list of processes and in no history.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use crate::serve::secret::Secret;

/// The name of the file in the work folder.
pub(super) const FILE: &str = "open.html";

/// Writes the file that sends the token of the server at `address`. It takes the place of an
/// earlier one as a whole.
///
/// # Errors
/// The system's error if it cannot be written.
pub(super) fn write(path: &Path, address: &str, token: &Secret) -> io::Result<()> {
    let beside = path.with_extension("html.new");
    match fs::remove_file(&beside) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let token = token.reveal();
    // By a form, because addresses are kept in histories.
    write!(
        options.open(&beside)?,
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<meta name=\"referrer\" content=\"no-referrer\">\n\
         <title>standpoint</title>\n<form method=\"post\" action=\"{address}open\">\n\
         <input type=\"hidden\" name=\"token\" value=\"{token}\">\n<button>Open standpoint</button>\n</form>\n\
         <script>document.forms[0].submit();</script>\n</html>\n"
    )?;
    fs::rename(&beside, path)
}

/// Opens a file with the program that the system has for it. Says whether that worked.
pub(super) fn open(path: &Path) -> bool {
    let [program, arguments @ ..] = OPENER;
    let mut command = Command::new(program);
    command.args(arguments).arg(path).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

#[cfg(target_os = "macos")]
const OPENER: [&str; 1] = ["open"];
#[cfg(windows)]
const OPENER: [&str; 1] = ["explorer"];
#[cfg(not(any(target_os = "macos", windows)))]
const OPENER: [&str; 1] = ["xdg-open"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_its_owner_can_read_the_file_even_where_another_stood() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(FILE);
        fs::write(&path, "earlier").unwrap();
        for _ in 0..2 {
            let token = Secret::random().unwrap();
            write(&path, "http://127.0.0.1:8765/", &token).unwrap();
            let page = fs::read_to_string(&path).unwrap();
            assert!(page.contains("action=\"http://127.0.0.1:8765/open\"") && page.contains(token.reveal()));
            #[cfg(unix)]
            {
                use std::os::unix::fs::PermissionsExt;
                assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
            }
        }
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
