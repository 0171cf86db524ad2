//! Finds a mail that another carries below its own text, with its headers: one that is answered or
//! passed on.

use std::ops::Range;

/// The headers that mail programs write above such a mail, in English, German, French, Spanish,
/// Italian, Dutch, Portuguese, Polish, Russian and Ukrainian: who sent it; what it is about and
/// when it was sent; and others, which an invitation may have, too.
const SENDERS: [&str; 10] = ["from", "von", "de", "da", "van", "od", "nadawca", "от", "от кого", "від"];
#[rustfmt::skip]
const SUBJECTS: [&str; 22] = [
    "subject", "betreff", "objet", "asunto", "assunto", "oggetto", "onderwerp", "temat", "тема", "sent", "sent on", "gesendet",
    "envoyé", "envoyé le", "enviado", "enviado el", "enviada em", "inviato", "verzonden", "wysłano", "отправлено", "надіслано",
];
#[rustfmt::skip]
const OTHERS: [&str; 24] = [
    "date", "to", "cc", "bcc", "reply-to", "datum", "an", "à", "fecha", "data", "para", "a", "aan", "do", "dw", "дата", "кому",
    "копия", "копія", "antwort an", "kopie", "répondre à", "copie", "cc à",
];
/// What stands above such a mail without a line of signs, in lower case.
#[rustfmt::skip]
const BEGINNINGS: [&str; 11] = [
    "begin forwarded message", "anfang der weitergeleiteten nachricht", "début du message réexpédié", "début du message transféré",
    "inicio del mensaje reenviado", "inizio messaggio inoltrato", "inizio del messaggio inoltrato", "begin doorgestuurd bericht",
    "rozpoczęcie przekazywanej wiadomości", "начало переадресованного сообщения", "початок переадресованого листа",
];
/// What such a line says of a mail that is passed on, and not answered, in lower case.
const PASSED_ON: [&str; 14] = [
    "forwarded",
    "weitergeleitet",
    "réexpédié",
    "transféré",
    "reenviado",
    "encaminhada",
    "inoltrato",
    "doorgestuurd",
    "przekazan",
    "przekazywan",
    "пересланн",
    "пересылаем",
    "переадресован",
    "переслан",
];
/// How many headers such a mail has at least.
const MIN_HEADERS: usize = 3;
/// What lines above such a mail begin and end with.
const RULES: [&str; 4] = ["---", "___", "===", "***"];
/// Lines of headers that are looked at. A list of addressees may go on over several.
const MAX_HEADERS: usize = 12;
/// Bytes of the name of a header.
const MAX_NAME: usize = 24;

/// The lines of the headers of a mail that these lines carry, with what introduces them; its text
/// stands behind.
pub(super) fn carried(lines: &[&str]) -> Option<Range<usize>> {
    let (first, end) = (0..lines.len()).find_map(|at| Some((at, end_of_headers(lines.get(at..)?)? + at)))?;
    Some(beginning(lines, first)..end)
}

/// Whether a mail is passed on, as the line says that introduces its headers.
pub(super) fn is_passed_on(lines: &[&str], carried: &Range<usize>) -> bool {
    let line = lines.get(carried.start).map_or(String::new(), |line| line.to_lowercase());
    name(&line).is_none_or(|name| !is_header(&name)) && PASSED_ON.iter().any(|word| line.contains(word))
}

/// How many lines of headers some lines begin with; `None` where they are none of a mail.
fn end_of_headers(lines: &[&str]) -> Option<usize> {
    name(lines.first()?).filter(|name| is_header(name))?;
    let length = lines.iter().take(MAX_HEADERS).take_while(|line| !line.trim().is_empty()).count();
    let names: Vec<String> = lines.iter().take(length).filter_map(|line| name(line)).collect();
    let has = |list: &[&str]| names.iter().any(|name| list.contains(&name.as_str()));
    let headers = names.iter().filter(|name| is_header(name)).count();
    (headers >= MIN_HEADERS && has(&SENDERS) && has(&SUBJECTS)).then_some(length)
}

fn is_header(name: &str) -> bool {
    [&SENDERS[..], &SUBJECTS, &OTHERS].iter().any(|list| list.contains(&name))
}

/// The first line of what introduces the headers: a rule, `-----Original Message-----`,
/// `Begin forwarded message:`.
fn beginning(lines: &[&str], first: usize) -> usize {
    let before = lines.get(..first).unwrap_or(&[]);
    let Some(at) = before.iter().rposition(|line| !line.trim().is_empty()) else { return first };
    if before.get(at).is_some_and(|line| introduces(line.trim())) { at } else { first }
}

fn introduces(line: &str) -> bool {
    let is_ruled = |sign: &&str| line.starts_with(*sign) && line.ends_with(*sign);
    let words = line.trim_end_matches([':', ' ']).to_lowercase();
    RULES.iter().any(is_ruled) || BEGINNINGS.contains(&words.as_str())
}

/// The name of a header. Programs that make plain text of bold type write asterisks.
fn name(line: &str) -> Option<String> {
    let line = line.trim_start_matches(|c: char| c.is_whitespace() || c == '*');
    let (name, _) = line.split_once(':')?;
    let name = name.trim_end_matches(|c: char| c.is_whitespace() || c == '*');
    (name.len() <= MAX_NAME).then(|| name.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_carried_mail_is_found_with_what_introduces_it() {
        for (above, headers) in [
            ("-----Original Message-----", "From: Ann\nSent: Friday\nTo: Ben\nSubject: Ink"),
            ("-----Ursprüngliche Nachricht-----", "Von: Ann\nGesendet: Freitag\nAn: Ben\nBetreff: Ink"),
            (
                "---------- Forwarded message ---------",
                "From: Ann <a@example.org>\nDate: Fri\nSubject: Ink\nTo: Ben",
            ),
            (
                "________________________________",
                "*De :* Ann\n*Envoyé :* vendredi\n*À :* Ben;\n Carl\n*Objet :* Ink",
            ),
            ("Begin forwarded message:", "From: Ann\nSubject: Ink\nDate: 3 June"),
            (
                "-------- Перенаправленное сообщение --------",
                "Тема: Ink\nДата: 3\nОт: Ann\nКому: Ben\nКопия: Carl",
            ),
        ] {
            let text = format!("I disagree.\n\n{above}\n{headers}\n\nPay up.\nNo.");
            let lines: Vec<&str> = text.lines().collect();
            let found = carried(&lines).unwrap();
            assert_eq!(lines.get(found.end), Some(&""), "{above}");
            assert_eq!(found.start, 2, "{above}");
        }
        let bare = ["Yes.", "", "From: Ann", "Sent: Friday", "To: Ben", "", "Pay up."];
        assert_eq!(carried(&bare), Some(2..5));
    }

    #[test]
    fn what_only_looks_like_headers_is_text() {
        for text in [
            "From: the ministry\nwith love",
            "Date: 3 June\nFrom: ten o'clock\nTo: noon",
            "From: Ann\n\nSent: Friday\nTo: Ben",
            "-----\nIt rained.\n-----",
            "To: Ben\nSubject: Ink",
            "",
        ] {
            assert_eq!(carried(&text.lines().collect::<Vec<_>>()), None, "{text}");
        }
    }
}
