//! Tests texts of many languages, decoded wrongly and rightly.

use encoding_rs::{
    BIG5, EUC_KR, Encoding, GBK, IBM866, ISO_8859_2, ISO_8859_5, KOI8_U, MACINTOSH, SHIFT_JIS, WINDOWS_1250,
    WINDOWS_1251, WINDOWS_1252, WINDOWS_1253, WINDOWS_1254, WINDOWS_1255, WINDOWS_1256,
};

use super::charset::{CP437, CP850, Charset};
use super::find;
use crate::text::TextSign;

const FRENCH: &str = "L’armée française a été déployée à l’étranger, où le président l’a dit : « Ça ne mène à rien. » Cœur, Noël.";
const GERMAN: &str =
    "„Für größere Übungen fehlt das Öl“, erklärte der Minister – trotz Kälte, Äußerungen und Maßnahmen.";
const POLISH: &str = "Żołnierze byli już na miejscu, ale pułkownik powiedział, że się spóźnią: „ćwiczenia są trudne”. Łódź, Gdańsk.";
const CZECH: &str =
    "Příští týden přijede česká vláda; říká, že může být mír dřív, než všichni čekají. Štěstí!";
const TURKISH: &str = "Türkiye Cumhurbaşkanı dün İstanbul’da açıkladı: Barış görüşmeleri ağır ilerliyor, çünkü şartlar değişti.";
const ICELANDIC: &str = "Það er góð hugmynd, sagði ráðherrann við þingið. Þjóðin þarf að íhuga ýmislegt, æðruleysi og frið; ÞÝÐING.";
const PORTUGUESE: &str =
    "As eleições não são só números: é preciso ação, atenção às questões e à educação. SITUAÇÕES, opiniões.";
const SPANISH: &str =
    "¿Qué pasó ayer? El señor Muñoz pidió más ayuda. ¡Así será! 1º de mayo, 2ª edición, país, conquistó.";
const RUSSIAN: &str =
    "Министр сказал, что гарантии нужны всем странам. Переговоры продолжатся весной, заявили в Москве.";
const UKRAINIAN: &str =
    "Президент України підписав угоду про гарантії, заявив речник. ПриватБанк і «Нафтогаз» її підтримали.";
const GREEK: &str = "Η κυβέρνηση δήλωσε ότι οι διαπραγματεύσεις συνεχίζονται. ΕΛΛΑΔΑ — Ευρώπη.";
const DANISH: &str = "Regeringen får støtte på Færøerne; Ærø, Østersøen og Åland er små øer. Ø.";
const ROMANIAN: &str =
    "Președintele și țara: «Această ședință nu se amână». Ăștia sînt în București, ŞTIRI, PĂŞUNE.";
const HUNGARIAN: &str = "Az őszi ülésen a miniszterelnök új költségvetést kért: „Több erőt és bűnüldözést!”";
const ENGLISH: &str =
    "“It’s naïve,” she said — a café owner’s £5 résumé… 2½ hours, 30 °C, m², kΩ, Beyoncé® and Citroën™.";

fn signs(text: &str) -> Vec<TextSign> {
    find(text).iter().collect()
}

fn wrong(text: &str, written: &'static Encoding, read: &'static Encoding) -> String {
    read.decode_without_bom_handling(&written.encode(text).0).0.into_owned()
}

fn wrong_page(text: &str, written: Charset, read: Charset) -> String {
    let byte = |c: char| if c.is_ascii() { u8::try_from(u32::from(c)).ok() } else { written.byte(c) };
    text.chars().filter_map(|c| read.char(byte(c)?)).collect()
}

#[test]
fn sound_text_of_many_languages_shows_no_sign() {
    let own: Vec<&str> = vec![
        FRENCH, GERMAN, POLISH, CZECH, TURKISH, ICELANDIC, PORTUGUESE, SPANISH, RUSSIAN, UKRAINIAN, GREEK,
        DANISH, ROMANIAN, HUNGARIAN, ENGLISH,
    ];
    for text in own
        .iter()
        .flat_map(|text| [text.to_string(), text.to_uppercase(), text.to_lowercase(), text.repeat(30)])
    {
        assert_eq!(signs(&text), [], "{text}");
    }
    for text in [
        "The treaty¹ was signed² by all³. 10³ km, 5 m³/h, x²y and E=mc²",
        "#JeSuisÉlu #VivreÀParis @MaÉcole, iÉcole",
        "#JeSuisÉlu et #UnÉté",
        "àéèùç ÀÉÈÙÇ äöüß ÄÖÜ; nééééé! ÄÄÄÄÄÄÄÄ",
        "КРУПНЫЙ ЗАГОЛОВОК ГАЗЕТЫ О МИРЕ И ГАРАНТИЯХ",
        "МВД, ФСБ, США, НАТО, ООН, ЕС, кВт·ч, РосАтом и МакДоналдс",
        "ΓΕΝΙΚΗ ΣΥΝΕΛΕΥΣΗ, Γ’ Λυκείου",
        "日本の首相は声明を発表した。北约秘书长表示。한국 정부는 발표했다.",
        "השר אמר שהערבויות נחוצות. قال الوزير إن الضمانات ضرورية",
        "Ý kiến của Thủ tướng về chính sách đối ngoại",
        "Alþýðan lýðveldið, þýska alþýðublaðið",
        "La policía del PaÍs y LluÍs Trapero",
        "Smørrebrød på øen, søndag; mælk, fløde",
        "Le cœur même des forêts: 3 m³ de bois, 5¹, la fenêtre",
        "Føroyar: sýslumaður í Havn, oyggin Nólsoy, øði",
        "Þór og Ýmir, ð, þ; ýta, þýða, síðan",
        "Straße, Weiß, „so“, ‚so‘; 20 €/Monat; „Grüße“, §5",
        "l·l: col·legi, paral·lel, l'Alt Urgell; qüestió",
        "Un país nítido, nítidamente más país; nít",
        "naïve café",
        "–––– …… ———— “”“” ••••",
    ] {
        assert_eq!(signs(text), [], "{text}");
    }
}

#[test]
fn latin_text_of_one_byte_that_was_read_in_another_encoding_is_found() {
    let cases = [
        (FRENCH, MACINTOSH, WINDOWS_1252, TextSign::MacRomanAs1252),
        (GERMAN, MACINTOSH, WINDOWS_1252, TextSign::MacRomanAs1252),
        ("I don’t know, it’s late", MACINTOSH, WINDOWS_1252, TextSign::MacRomanAs1252),
        ("He left the café early", MACINTOSH, WINDOWS_1252, TextSign::MacRomanAs1252),
        ("It’s late, and they don’t know", WINDOWS_1252, MACINTOSH, TextSign::Windows1252AsMacRoman),
        (FRENCH, WINDOWS_1252, MACINTOSH, TextSign::Windows1252AsMacRoman),
        (GERMAN, WINDOWS_1252, MACINTOSH, TextSign::Windows1252AsMacRoman),
        (POLISH, WINDOWS_1250, WINDOWS_1252, TextSign::Latin2As1252),
        (CZECH, WINDOWS_1250, WINDOWS_1252, TextSign::Latin2As1252),
        (
            "Minister powiedział, że umowa musi być przed zimą",
            WINDOWS_1250,
            WINDOWS_1252,
            TextSign::Latin2As1252,
        ),
        (
            "Minister powiedział, że umowa musi być przed zimą",
            ISO_8859_2,
            WINDOWS_1252,
            TextSign::Latin2As1252,
        ),
        ("Für große Äpfel, Öl und Übungen erklärt er das", MACINTOSH, WINDOWS_1252, TextSign::MacRomanAs1252),
        (TURKISH, WINDOWS_1254, WINDOWS_1252, TextSign::TurkishAs1252),
        (FRENCH, WINDOWS_1252, WINDOWS_1251, TextSign::Windows1252As1251),
        (GERMAN, WINDOWS_1252, WINDOWS_1251, TextSign::Windows1252As1251),
    ];
    for (text, written, read, sign) in cases {
        let text = wrong(text, written, read);
        assert_eq!(signs(&text), [sign], "{text}");
    }
    let standard = Charset::Standard(WINDOWS_1252);
    let plain = "La présidente a été à l'étranger, où le café est fermé; für Köln";
    for (written, read, sign) in [
        (CP850, standard, TextSign::CodePage850As1252),
        (CP437, standard, TextSign::CodePage850As1252),
        (standard, CP850, TextSign::Windows1252As850),
        (standard, CP437, TextSign::Windows1252As437),
    ] {
        let text = wrong_page(plain, written, read);
        assert_eq!(signs(&text), [sign], "{text}");
    }
}

#[test]
fn cyrillic_text_that_was_read_in_another_encoding_is_found() {
    for text in [RUSSIAN, UKRAINIAN, "Министр сказал", "МИНИСТР СКАЗАЛ НЕТ"] {
        for (written, read, sign) in [
            (WINDOWS_1251, WINDOWS_1252, TextSign::Windows1251As1252),
            (KOI8_U, WINDOWS_1252, TextSign::Koi8As1252),
            (ISO_8859_5, WINDOWS_1252, TextSign::Iso5As1252),
        ] {
            let text = wrong(text, written, read);
            assert_eq!(signs(&text), [sign], "{text}");
        }
    }
    for (written, read, sign) in [
        (KOI8_U, WINDOWS_1251, TextSign::Koi8As1251),
        (WINDOWS_1251, KOI8_U, TextSign::Windows1251AsKoi8),
        (IBM866, WINDOWS_1251, TextSign::CodePage866As1251),
        (WINDOWS_1251, IBM866, TextSign::Windows1251As866),
    ] {
        for text in [
            RUSSIAN,
            "Министр сказал, что гарантии нужны",
            "Министр сказал, что договор должен быть подписан до зимы и что союз согласен",
        ] {
            let text = wrong(text, written, read);
            assert_eq!(signs(&text), [sign], "{text}");
        }
    }
    let mixed =
        format!("The minister said: {}. Nobody came.", wrong("Гарантии нужны", WINDOWS_1251, WINDOWS_1252));
    assert_eq!(signs(&mixed), [TextSign::Windows1251As1252]);
}

#[test]
fn text_in_other_scripts_that_was_read_as_windows_1252_is_found() {
    let cases = [
        (GREEK, WINDOWS_1253, TextSign::GreekAs1252),
        (
            "日本の首相は水曜日に新しい声明を発表しました。カタカナも使います。",
            SHIFT_JIS,
            TextSign::ShiftJisAs1252,
        ),
        ("北约秘书长星期三表示，欧洲国家应当增加国防开支。", GBK, TextSign::GbkAs1252),
        ("北約秘書長星期三表示，歐洲國家應當增加國防開支。", BIG5, TextSign::Big5As1252),
        ("대한민국 정부는 수요일에 새로운 성명을 발표했다.", EUC_KR, TextSign::EucKrAs1252),
        ("השר אמר ביום רביעי שהערבויות נחוצות לכל המדינות", WINDOWS_1255, TextSign::HebrewAs1252),
        ("قال الوزير يوم الأربعاء إن الضمانات ضرورية لكل الدول", WINDOWS_1256, TextSign::ArabicAs1252),
    ];
    for (text, written, sign) in cases {
        let text = wrong(text, written, WINDOWS_1252);
        assert_eq!(signs(&text), [sign], "{text}");
    }
}
