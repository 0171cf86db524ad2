use proptest::prelude::*;

use crate::read::{Column, Input, InputOptions, Inputs, Requirement};
use crate::text::document::Document;

fn read(bytes: &str) -> Vec<Document> {
    read_as("a.txt", bytes)
}

pub(super) fn read_as(name: &str, bytes: &str) -> Vec<Document> {
    let column = |name: &str| Column { name: name.to_owned(), need: Requirement::Optional };
    let columns = ["date", "source", "author", "length"].map(column).to_vec();
    let options = InputOptions { columns, ..InputOptions::default() };
    Inputs::new([Input::from_bytes(name, bytes.as_bytes())], options.clone())
        .map(|raw| raw.and_then(|raw| raw.document(&options)).unwrap())
        .collect()
}

/// Title, text and columns.
pub(super) type Shown<'d> = (&'d str, &'d str, Vec<&'d str>);

pub(super) fn shown(document: &Document) -> Shown<'_> {
    let columns = document.columns.iter().map(|value| value.as_deref().unwrap_or("")).collect();
    (document.title.as_deref().unwrap_or(""), &document.text, columns)
}

fn nexis(separators: [&str; 2]) -> String {
    format!(
        "\n                 {}\n\n\n            The Dry Ink\n\n          June 3, 2024 Monday\n            Late Edition\n\nNobody signs the\npaper\n\n\
         BYLINE: By Ann Roe\n\nSECTION: NEWS; Pg. 2\n\nLENGTH: 12 words\n\nDATELINE: KYIV\n\nIt rained on the first day.\nNobody came.\n\n\
         NOTE: this is text. She read 1 of 2 DOCUMENTS aloud.\n\n1 of 2 DOCUMENTS\n\nLOAD-DATE: June 4, 2024\n\nLANGUAGE: ENGLISH\n\n\
         Copyright 2024 Dry Ink\n    All Rights Reserved\n\n\n                 {}\n\n        The Wet Ink\n\n       4 June 2024\n\n\
         All sign\n\nLENGTH: 3 words\n\nThey came.\n\nLOAD-DATE: June 5, 2024\n",
        separators[0], separators[1]
    )
}

#[test]
fn an_export_of_nexis_is_cut_at_its_separators_in_any_language() {
    for separators in [
        ["1 of 2 DOCUMENTS", "2 of 2 DOCUMENTS"],
        ["Dokument 1 von 2", "Dokument 2 von 2"],
        ["1 sur 2 DOCUMENTS", "2 sur 2 DOCUMENTS"],
    ] {
        let found = read(&nexis(separators));
        assert_eq!(found.len(), 2, "{separators:?}: {found:?}");
        let text = "It rained on the first day.\nNobody came.\n\nNOTE: this is text. She read 1 of 2 DOCUMENTS aloud.\n\n1 of 2 DOCUMENTS";
        let columns = vec!["2024-06-03", "The Dry Ink", "Ann Roe", "12 words"];
        let first = shown(&found[0]);
        assert_eq!((first.0, first.2), ("Nobody signs the paper", columns));
        assert_eq!(first.1, text);
        assert_eq!(
            shown(&found[1]),
            ("All sign", "They came.", vec!["2024-06-04", "The Wet Ink", "", "3 words"])
        );
        assert_eq!((found[1].record, found[1].id.as_str()), (Some(2), "a.txt#2"));
    }
}

/// An article of each database that ends its articles with lines of its own.
fn tailed(database: &str, number: usize) -> String {
    let text = format!(
        "It rained on day {number}.\n\nQuelle: nobody knew, she said.\n\nRecord: none.\n\nThey left."
    );
    match database {
        "europresse" => format!(
            "The Dry Ink\nMonde, mercredi {number} mai 2024, p. 4\n\nNobody signs {number}\n\n{text}\n\n© 2024 The Dry Ink. Tous droits réservés.\n\
             Certificat émis le 3 juin 2024 à Ann pour visualisation. news-2024-DI-{number}\n\n"
        ),
        "wiso" => format!(
            "The Dry Ink vom 0{number}.05.2024, Nr. 7, Seite 4\n\nNobody signs {number}\n\n{text}\n\nQuelle: The Dry Ink\nRessort: Politik\n\
             Dokumentnummer: DI_{number}\nDauerhafte Adresse des Dokuments: https://example.org/DI_{number}\n\
             Alle Rechte vorbehalten: (c) Dry Ink\n\n"
        ),
        _ => format!(
            "Nobody signs {number}\nThe Dry Ink - May {number}, 2024\nAuthor/Byline: Ann Roe\nSection: News\n{text}\n\
             Record: 77{number}\nCopyright (c) 2024 Dry Ink\n\n"
        ),
    }
}

#[test]
fn exports_whose_articles_end_with_lines_of_the_database_are_cut() {
    for (database, dates, author) in [
        ("europresse", ["2024-05-01", "2024-05-02"], ""),
        ("wiso", ["01.05.2024", "02.05.2024"], ""),
        ("newsbank", ["2024-05-01", "2024-05-02"], "Ann Roe"),
    ] {
        for file in [(1..=2).map(|number| tailed(database, number)).collect::<String>(), tailed(database, 1)]
        {
            let found = read(&file);
            assert_eq!(found.len(), file.matches("They left.").count(), "{database}");
            for ((document, number), date) in found.iter().zip(1..).zip(dates) {
                let (title, text, columns) = shown(document);
                assert_eq!(title, format!("Nobody signs {number}"), "{database}");
                assert_eq!(columns[..3], [date, "The Dry Ink", author], "{database}");
                let expected = format!(
                    "It rained on day {number}.\n\nQuelle: nobody knew, she said.\n\nRecord: none.\n\nThey left."
                );
                assert_eq!(text, expected, "{database}");
            }
        }
    }
}

#[test]
fn a_text_that_ends_like_an_export_is_one_text() {
    for text in [
        "In 2024 it rained.\n\nThey kept the record: none.\n\nCopyright 2024 Dry Ink\n",
        "It rained.\n\nCertificat émis le 3 juin 2024 à Ann.\n",
        "It rained.\n\nQuelle: Ann\n\nIt snowed.\n\nAlle Rechte vorbehalten\n",
    ] {
        let found = read(text);
        assert_eq!((found.len(), found[0].text.as_str()), (1, text));
    }
}

/// The names of fields before and behind the text, in the languages of the database.
#[test]
fn fields_of_an_export_of_nexis_are_no_text_in_any_language() {
    for (separator, before, behind) in [
        ("{} von 2 DOKUMENTEN", "LÄNGE: 12 Wörter", "UPDATE: 4. Juni 2024\n\nSPRACHE: GERMAN; DEUTSCH"),
        ("{} sur 2 DOCUMENTS", "LONGUEUR: 12 words", "DATE-CHARGEMENT: 4 juin 2024\n\nLANGUE: FRENCH"),
        ("{} de 2 DOCUMENTOS", "LONGITUD: 12 words", "FECHA-CARGA: 4 de junio\n\nLENGUAJE: SPANISH"),
        ("{} van 2 DOCUMENTEN", "LENGTE: 12 words", "LAAD-DATUM: 4 juni\n\nTAAL: DUTCH"),
        ("{} of 2 DOCUMENTS", "WORD COUNT: 12", "NEW-FIELD: x\n\nOTHER FIELD: y"),
        ("{} of 2 DOCUMENTS", "", "LOAD-DATE: June 4, 2024\n\nLANGUAGE: ENGLISH"),
        ("{} of 2 DOCUMENTS", "", ""),
        ("Документ {} из 2", "", ""),
        ("Article {} of 2", "", ""),
    ] {
        let article = |number: &str| {
            format!(
                "      {}\n\n\n          The Dry Ink\n\n        June 3, 2024 Monday\n\nNobody signs\n\n{before}\n\nIt rained on the first \
                 day.\n\nNOTE: nobody came.\n\n{behind}\n\n          Copyright 2024 Dry Ink\n          All Rights Reserved\n\n\n",
                separator.replace("{}", number)
            )
        };
        let found = read(&[article("1"), article("2")].concat());
        assert_eq!(found.len(), 2, "{separator}");
        for document in &found {
            let (title, text, columns) = shown(document);
            assert_eq!(
                (title, text),
                ("Nobody signs", "It rained on the first day.\n\nNOTE: nobody came."),
                "{separator} {before}"
            );
            assert_eq!(columns[..2], ["2024-06-03", "The Dry Ink"]);
            assert_eq!(columns[3].starts_with("12"), !before.is_empty(), "{columns:?}");
        }
    }
}

#[test]
fn an_article_with_its_head_in_one_block_is_taken_apart() {
    let article = |number: u8| {
        format!(
            "Документ {number} из 2\nЧернила\n3 июня 2024\nНикто не подписал\n\nШёл дождь, и никто не пришёл.\n\n"
        )
    };
    let found = read(&[article(1), article(2)].concat());
    assert_eq!(found.len(), 2);
    let expected =
        ("Никто не подписал", "Шёл дождь, и никто не пришёл.", vec!["2024-06-03", "Чернила", "", ""]);
    assert_eq!(shown(&found[1]), expected);
}

#[test]
fn words_of_a_layout_in_an_article_cut_nothing() {
    let quoted =
        "He clicked through the list.\n\n1 of 2 DOCUMENTS\n\nLENGTH: he did not know.\n\n2 of 2 DOCUMENTS\n";
    let ended = "The file ended.\n\nEnd of Document\n\nBody\n\nHe shut it. Document 17 was lost.\n";
    for text in [quoted, ended] {
        let found = read(text);
        assert_eq!((found.len(), found[0].record, found[0].text.as_str()), (1, None, text));
    }
    let notes = |text: &str| read(text)[0].notes().map(|note| note.to_string()).collect::<Vec<_>>();
    assert!(notes(quoted)[0].contains("several articles"), "{:?}", notes(quoted));
    assert!(notes(ended).is_empty());
}

const UNI: &str = "Nobody signs the paper\n\nThe Dry Ink (Kyiv)\n\nJune 3, 2024 Monday\n\nCopyright 2024 Dry Ink All Rights Reserved\n\n\
    Section: NEWS; Pg. 2\nLength: 12 words\nByline: Ann Roe\nBody\n\nIt rained on the first day.\n\nNobody came.\n\n\
    Classification\n\nLanguage: ENGLISH\n\nLoad-Date: June 4, 2024\n\nEnd of Document\n\n";

#[test]
fn an_export_of_nexis_uni_is_cut_at_the_ends_of_its_documents() {
    let found = read(&[UNI, &UNI.replace("Nobody", "Somebody")].concat());
    assert_eq!(found.len(), 2, "{found:?}");
    let columns = vec!["2024-06-03", "The Dry Ink (Kyiv)", "Ann Roe", "12 words"];
    let expected = ("Nobody signs the paper", "It rained on the first day.\n\nNobody came.", columns);
    assert_eq!(shown(&found[0]), expected);
    assert_eq!(shown(&found[1]).0, "Somebody signs the paper");
}

const FACTIVA: &str = "Nobody signs the paper\nBy Ann Roe\n12 words\n3 June 2024\n08:15\nThe Dry Ink\nDRYINK\n2\nEnglish\n\
    (c) 2024 Dry Ink\n\nIt rained on the first day.\n\nNobody came.\n\nDocument DRYINK0020240603ek6300001\n\n\n";
const CODED: &str = "HD  Nobody signs the paper\nBY  By Ann Roe\nWC  12 words\nPD  3 June 2024\nSN  The Dry Ink\nSC  DRYINK\n\
    LA  English\nLP\nIt rained on the first day.\n\nTD\nNobody came.\n\nNS  gdip : Diplomacy\nRE  ukrn : Ukraine\n\
    AN  Document DRYINK0020240603ek6300001\n\n";

#[test]
fn an_export_of_factiva_is_cut_at_its_document_codes() {
    for export in [FACTIVA, CODED] {
        let found = read(&export.repeat(2));
        assert_eq!(found.len(), 2, "{found:?}");
        let columns = vec!["2024-06-03", "The Dry Ink", "Ann Roe", "12 words"];
        let expected = ("Nobody signs the paper", "It rained on the first day.\n\nNobody came.", columns);
        assert_eq!(shown(&found[1]), expected);
        assert_eq!(found[1].id, "DRYINK0020240603ek6300001");
    }
}

#[test]
fn the_text_of_factiva_may_follow_the_copyright_without_a_blank_line() {
    let first = "It rained on the first day, and on the second one the whole delegation stayed in its hotel.";
    for rights in ["", "All rights reserved.\n"] {
        let export = FACTIVA.replace(
            "(c) 2024 Dry Ink\n\nIt rained on the first day.",
            &format!("(c) 2024 Dry Ink\n{rights}{first}"),
        );
        let found = read(&export.repeat(2));
        assert_eq!(shown(&found[0]).1, format!("{first}\n\nNobody came."));
    }
    let long = format!("{} {}", first.repeat(3), first.repeat(3));
    let export = FACTIVA.replace("(c) 2024 Dry Ink\n\nIt rained on the first day.", &long);
    assert_eq!(shown(&read(&export.repeat(2))[0]).1, format!("{long}\n\nNobody came."));
}

#[test]
fn an_export_of_proquest_is_cut_at_its_rules() {
    let rule = "_".repeat(60);
    let article = format!(
        "{rule}\n\nDocument 1 of 2\n\nNobody signs the paper\n\nAuthor: Ann Roe\n\nPublication info: Dry Ink ; Kyiv 03 June 2024\n\n\
         http://example.org/1\n\nFull text: It rained on the first day.\n\nNobody came.\n\nSubject: Ink\n\nTitle: Nobody signs the paper\n\n\
         Publication title: The Dry Ink\n\nPublication date: Jun 3, 2024\n\nProQuest document ID: 7\n\n"
    );
    let found = read(&format!(
        "{rule}\n\nReport Information from ProQuest\n\n{article}{}{rule}\n\nContact us\n",
        article.replace("ID: 7", "ID: 8")
    ));
    assert_eq!(found.len(), 2, "{found:?}");
    let columns = vec!["2024-06-03", "The Dry Ink", "Ann Roe", ""];
    let expected = ("Nobody signs the paper", "It rained on the first day.\n\nNobody came.", columns);
    assert_eq!(shown(&found[0]), expected);
    assert_eq!((found[0].id.as_str(), found[1].id.as_str()), ("7", "8"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn no_export_panics(lines in "(1 of 2 DOCUMENTS\n|2 of 2 DOCUMENTS\n|LENGTH: 3 words\n|3 words\n|Body\n|End of Document\n|Load-Date: x\n|Length: 3\n|Document AAAA0020240603ek6300001\n|HD x\n|LP\n|WC 3 words\n|\n|_{60}\n|Full text: x\n|Publication title: x\n|Copyright\n|\\PC){0,30}") {
        let options = InputOptions::default();
        for raw in Inputs::new([Input::from_bytes("a.txt", lines.as_bytes())], options.clone()).flatten() {
            let _ = raw.document(&options);
        }
    }
}
