//! Lists the phrases by which boilerplate is known, by language, rule and place.

use crate::text::boilerplate::rule::Rule;

/// How a phrase of the table is looked for in a paragraph, in lower case.
#[derive(Clone, Copy)]
pub(super) enum Where {
    /// At its beginning. What stands behind `…` comes anywhere later.
    Begins,
    /// At its beginning, in a paragraph that does not end as a sentence does: a label, a caption, a
    /// button.
    Labels,
    /// At its end, but for marks.
    Ends,
    /// At the beginning of one of its sentences.
    Opens,
    /// Anywhere.
    Holds,
    /// The whole paragraph, but for marks at its end.
    Is,
}
use Where::{Begins, Ends, Holds, Is, Labels, Opens};

/// A line of the table: the rule, the most words that such a paragraph has, where, and the phrases.
/// A paragraph of an article that happens to begin alike is longer.
pub(super) type Line = (Rule, usize, Where, &'static [&'static str]);

#[rustfmt::skip]
pub(super) const TABLE: &[Line] = &[
    // English, Russian, Ukrainian, German, French, Spanish, Polish; of offers, captions and rights
    // also Italian.
    (Rule::CommentForm, 30, Begins, &[
        "leave a reply", "leave a comment", "post a comment", "add a comment",
        "your email address will not be published", "required fields are marked", "save my name, email",
        "notify me of ", "cancel reply", "добавить комментарий", "оставить комментарий",
        "ваш адрес email не будет опубликован", "обязательные поля помечены", "сохранить моё имя",
        "сохранить мое имя", "отменить ответ", "залишити відповідь", "залишити коментар", "додати коментар",
        "ваша e-mail адреса не оприлюднюватиметься", "обов'язкові поля позначені", "скасувати відповідь",
        "schreibe einen kommentar", "schreiben sie einen kommentar", "kommentar hinterlassen",
        "deine e-mail-adresse wird nicht veröffentlicht", "erforderliche felder sind mit", "antwort abbrechen",
        "laisser un commentaire", "votre adresse e-mail ne sera pas publiée",
        "les champs obligatoires sont indiqués", "annuler la réponse", "deja una respuesta", "deja un comentario",
        "tu dirección de correo electrónico no será publicada", "los campos obligatorios están marcados",
        "cancelar la respuesta", "dodaj komentarz", "twój adres e-mail nie zostanie opublikowany",
        "wymagane pola są oznaczone", "anuluj pisanie odpowiedzi",
    ]),
    (Rule::LogIn, 25, Begins, &[
        "log in to ", "login to ", "sign in to ", "you must be logged in", "please log in", "already a subscriber",
        "subscribe to read", "subscribe to continue", "to continue reading", "войдите, чтобы", "войти, чтобы",
        "вы должны войти", "для отправки комментария вам необходимо авторизоваться", "увійдіть, щоб",
        "ви повинні увійти", "щоб залишити коментар, увійдіть", "melden sie sich an", "du musst angemeldet sein",
        "sie müssen angemeldet sein", "connectez-vous", "vous devez vous connecter", "vous devez être connecté",
        "inicia sesión", "debes iniciar sesión", "zaloguj się", "musisz się zalogować",
    ]),
    (Rule::LogIn, 60, Begins, &[
        "unlimited access to … cancel any", "unlimited access to … subscri",
        "unlimited access to all articles", "unlimited access to all content", "get unlimited access to ",
        "get unlimited digital access", "enjoy unlimited access to ", "keep reading for $", "keep reading for £",
        "keep reading for €", "keep reading for just", "keep reading for only", "keep reading for free",
        "continue reading for $", "continue for $", "continue for just $", "get full digital access", "full digital access to", "continue reading your article with", "to read this article in full",
        "to read the full article, ", "to read the full story, ", "this article is for subscribers",
        "this article is reserved for", "this article is exclusive to", "this article is available to subscribers",
        "this content is for subscribers", "this content is reserved for", "this story is for subscribers",
        "this is a subscriber-only", "this is a premium article", "subscriber-only", "exclusive to subscribers",
        "you have reached your … limit", "you've reached your … limit", "you have reached your … free article",
        "you've reached your … free article", "you have read your … article", "you've read your … article",
        "start your free trial", "start your subscription", "begin your free trial",
        "already have an account", "already have a subscription", "not a subscriber?", "not a subscriber yet",
        "subscribe for just", "subscribe for only",
        "subscribe for $", "subscribe for unlimited", "subscribe or log in", "subscribe or sign in", "log in or subscribe",
        "sign in or subscribe", "log in or create an account", "want to keep reading?", "want to read more? subscribe",
        "jetzt weiterlesen", "weiterlesen mit … abo", "jetzt abo ",
        "bereits ein abo", "sie sind bereits abonnent",
        "dieser artikel ist nur für abonnent", "dieser inhalt ist nur für abonnent", "dieser artikel ist exklusiv für",
        "unbegrenzter zugang zu allen artikeln", "unbegrenzter zugang zu allen inhalten", "unbegrenzter zugriff auf alle artikel", "unbegrenzter zugriff auf alle inhalte", "zugriff auf alle artikel",
        "zugang zu allen artikeln", "lesen sie weiter mit", "um diesen artikel weiterzulesen", "um weiterzulesen",
        "cet article est réservé aux abonnés", "cet article est réservé à nos abonnés", "article réservé aux abonnés",
        "réservé aux abonnés", "la suite est réservée", "la lecture de ce … réservée aux abonnés", "il vous reste … à lire",
        "il vous reste … à découvrir",
        "accès illimité à tous les articles", "accès illimité à tous nos", "pour lire la suite", "pour continuer la lecture",
        "este contenido es exclusivo para suscriptores", "contenido exclusivo para suscriptores",
        "artículo exclusivo para suscriptores", "solo para suscriptores",
        "¿ya estás suscrito", "¿ya tienes una suscripción",
        "acceso ilimitado a todos los artículos", "acceso ilimitado a todos los contenidos", "para seguir leyendo", "para continuar leyendo",
        "questo articolo è riservato agli abbonati", "contenuto riservato agli abbonati",
        "questo contenuto è riservato agli abbonati", "articolo riservato agli abbonati", "abbonati per", "abbonati ora",
        "abbonati subito", "hai già un abbonamento", "accesso illimitato a tutti gli articoli", "accesso illimitato a tutti i contenuti",
        "per continuare a leggere", "per continuare la lettura",
        "ten artykuł jest dostępny tylko dla", "artykuł dostępny tylko dla", "treść dostępna tylko dla",
        "dalsza część artykułu dostępna", "tylko dla subskrybentów", "tylko dla prenumeratorów", "kup subskrypcję",
        "kup prenumeratę", "wykup subskrypcję", "wykup prenumeratę", "masz już prenumeratę",
        "masz już konto", "nieograniczony dostęp do wszystkich artykułów", "nieograniczony dostęp do wszystkich treści", "aby czytać dalej",
        "ця стаття доступна лише", "ця стаття доступна тільки", "матеріал доступний лише", "матеріал доступний тільки",
        "лише для передплатників", "тільки для передплатників", "оформіть передплату", "оформіть підписку",
        "вже маєте підписку", "необмежений доступ до всіх матеріалів", "необмежений доступ до всіх статей",
        "щоб читати далі", "щоб продовжити читання",
        "эта статья доступна только", "материал доступен только", "только для подписчиков", "оформите подписку",
        "уже подписаны?", "неограниченный доступ ко всем материалам", "неограниченный доступ ко всем статьям", "подпишитесь, чтобы читать",
        "чтобы читать дальше", "чтобы продолжить чтение",
    ]),
    (Rule::Cookies, 90, Begins, &[
        "we value your privacy", "we care about your privacy", "your privacy is important to us", "we and our … partners store",
        "we and our … cookies", "we and our … personal data", "this site uses … to ensure",
        "by clicking … you agree to our", "by clicking … you consent to", "by continuing to use … you agree",
        "by continuing to browse", "by using this site", "manage your consent", "manage consent", "manage preferences",
        "wir und unsere … partner speichern", "wir und unsere … personenbezogen",
        "wir schätzen ihre privatsphäre", "ihre privatsphäre ist uns wichtig", "der schutz ihrer daten ist uns wichtig",
        "nous et nos … partenaires stockons", "nous et nos … données personnelles",
        "nous respectons votre vie privée", "nous accordons de l'importance à votre vie privée",
        "le respect de votre vie privée est", "nosotros y nuestros … socios almacen", "nosotros y nuestros … datos personales",
        "valoramos su privacidad", "valoramos tu privacidad", "tu privacidad es importante", "noi e i nostri … partner archiv",
        "noi e i nostri … dati personali", "la tua privacy è importante", "rispettiamo la tua privacy",
        "my i nasi … partnerzy przechowu", "my i nasi … dane osobowe", "szanujemy twoją prywatność", "cenimy twoją prywatność",
        "cenimy państwa prywatność", "ми та наші … партнери зберіга", "ми цінуємо вашу конфіденційність",
        "ми дбаємо про вашу конфіденційність", "мы и наши … партнеры храним", "мы ценим вашу конфиденциальность",
        "мы заботимся о вашей конфиденциальности",
    ]),
    (Rule::Caption, 60, Begins, &[
        "toggle caption", "hide caption", "enlarge this image", "image copyright … image caption", "media playback is unsupported",
        "image source, ", "image source: ", "media caption, ", "image caption, ",
    ]),
    (Rule::Caption, 40, Labels, &[
        "image copyright ", "image caption ", "media caption ", "photo: ", "photos: ", "photograph: ", "photography: ",
        "picture: ", "(photo: ", "(photo by ", "(ap photo", "(image: ", "foto: ", "fotos: ", "bild: ", "bilder: ",
        "bildquelle: ", "bildrechte: ", "photo : ", "crédit photo", "crédits photo", "crédits : ", "crédit : ", "imagen: ",
        "foto de: ", "créditos: ", "foto di: ", "fot. ", "zdjęcie: ", "źródło zdjęcia", "фото: ", "джерело фото",
        "источник фото", "фото автора", "світлина: ", "автор фото",
    ]),
    (Rule::Caption, 12, Labels, &[
        "photo by ", "photos by ", "photo courtesy", "photo credit", "photo illustration", "photograph by ", "photographs by ",
        "photography by ", "image credit", "image by ", "getty images", "foto von ", "foto di ", "photo de ",
    ]),
    (Rule::Promotion, 60, Begins, &[
        "support our journalism", "support independent journalism", "support quality journalism", "support local journalism",
        "support our work with", "help us keep … journalism", "donate now", "donate today", "make a donation today",
        "make a tax-deductible", "please consider donating", "please consider making a donation", "please consider supporting",
        "please consider a donation", "become a member today", "become a supporter today",
        "become a patron", "sign up here for … newsletter", "sign up here for … inbox", "sign up for … newsletter",
        "sign up for … inbox", "sign up for daily news", "sign up to receive", "sign up to get … inbox", "sign up to … newsletter",
        "get … newsletter in your inbox", "get … newsletter delivered", "get … straight to your inbox",
        "get … delivered to your inbox", "get … delivered daily to your inbox", "get our top … newsletter",
        "get our daily newsletter", "enter your email", "thank you for subscribing", "thanks for signing up",
        "unterstützen sie unseren journalismus", "unterstützen sie unabhängigen journalismus", "jetzt spenden",
        "spenden sie jetzt", "jetzt mitglied werden", "melden sie sich … newsletter an",
        "abonnieren sie … newsletter", "soutenez notre journalisme", "soutenez un journalisme", "soutenez une presse",
        "faites un don", "je fais un don", "inscrivez-vous à … newsletter", "recevez … par e-mail",
        "recevez … dans votre boîte", "apoya nuestro periodismo", "apoya el periodismo independiente", "haz una donación",
        "haz tu donación", "hazte socio", "recibe … en tu correo", "apúntate a … newsletter", "sostieni il nostro",
        "sostieni il giornalismo", "fai una donazione", "dona ora", "iscriviti alla … newsletter", "iscriviti alla newsletter",
        "wesprzyj nasze", "wesprzyj niezależne", "przekaż darowiznę", "zapisz się na … newsletter",
        "zapisz się na newsletter", "підтримайте нашу роботу", "підтримайте незалежну",
        "підпишіться на", "поддержите нашу работу", "поддержите независим",
        "сделать пожертвование", "оформите ежемесячн",
    ]),
    (Rule::Promotion, 25, Begins, &[
        "listen to the podcast",
        "listen to our podcast", "listen to the full episode",
        "listen to the latest episode", "subscribe to the podcast", "subscribe to … podcast", "subscribe, rate",
        "subscribe on itunes", "download our app", "download our free app", "download the … app for",
        "like us on facebook", "follow @", "follow … on twitter @", "follow … on twitter: @",
        "follow … on facebook and twitter", "follow … on twitter and facebook", "you can follow … on twitter",
        "click here for the … app", "hören sie den artikel", "diesen artikel anhören",
        "artikel anhören", "abonnieren sie den podcast", "laden sie unsere app", "écouter cet article", "écoutez cet article",
        "abonnez-vous au podcast", "téléchargez notre application", "téléchargez l'application", "escucha este artículo",
        "escuchar este artículo", "descarga nuestra app", "descarga la app", "ascolta l'articolo",
        "ascolta questo articolo", "iscriviti al podcast", "scarica la nostra app", "scarica l'app", "seguici su",
        "posłuchaj artykułu", "subskrybuj podcast", "pobierz naszą aplikację", "pobierz aplikację", "слухайте подкаст",
        "слухати статтю", "завантажте наш застосунок", "завантажте застосунок", "слушайте подкаст", "слушать статью",
        "скачайте наше приложение", "скачайте приложение", "читайте нас в", "слідкуйте за нами", "следите за нами",
    ]),
    (Rule::Promotion, 8, Begins, &[
        "listen to this article", "listen to article", "listen to the article", "listen to more stories",
        "listen to this story", "get our app ", "get the app ", "download the app ",
    ]),
    (Rule::Promotion, 25, Ends, &[
        "delivered to your inbox", "straight to your inbox", "daily to your inbox", "directly to your inbox",
        "sign up for our newsletter", "subscribe to our newsletter",
    ]),
    (Rule::Promotion, 3, Is, &[
        "donate", "subscribe", "sign up", "newsletter", "spenden", "abonnieren", "s'abonner", "donar",
        "suscribirse", "abbonati", "iscriviti", "wesprzyj", "підтримати", "поддержать", "подписаться",
        "підписатися",
    ]),
    (Rule::Rights, 60, Begins, &[
        "copyright ©", "copyright (c)", "© 20", "© 19", "©20", "©19", "(c) 20", "copyright 20", "copyright 19",
        "© copyright", "all rights reserved", "copyright … all rights reserved", "alle rechte vorbehalten",
        "tous droits réservés", "todos los derechos reservados", "reservados todos los derechos",
        "tutti i diritti riservati", "wszelkie prawa zastrzeżone", "усі права захищені", "всі права захищені",
        "все права защищены", "this material may not be published", "this material may not be reproduced",
    ]),
    (Rule::Rights, 40, Ends, &[
        "all rights reserved", "alle rechte vorbehalten", "tous droits réservés", "todos los derechos reservados",
        "tutti i diritti riservati", "wszelkie prawa zastrzeżone", "усі права захищені", "всі права захищені",
        "все права защищены",     ]),
    (Rule::Notice, 40, Begins, &[
        "please enable javascript", "please turn on javascript", "you need to enable javascript", "you need javascript",
        "javascript is disabled", "javascript is required", "javascript must be enabled", "enable javascript to",
        "your browser does not support", "your browser is out of date", "your browser doesn't support",
        "bitte aktivieren sie javascript", "ihr browser unterstützt", "veuillez activer javascript",
        "votre navigateur ne", "activa javascript", "tu navegador no", "attiva javascript", "il tuo browser non",
        "włącz obsługę javascript", "twoja przeglądarka nie", "увімкніть javascript", "ваш браузер не",
        "включите javascript",
    ]),
    (Rule::Cookies, 60, Holds, &[
        "we use cookies", "uses cookies", "accept all cookies", "cookie policy", "использует файлы cookie",
        "используем файлы cookie", "використовує файли cookie", "використовуємо файли cookie",
        "wir verwenden cookies", "verwendet cookies", "nous utilisons des cookies", "utilise des cookies",
        "utilizamos cookies", "utiliza cookies", "używamy plików cookie", "wykorzystuje pliki cookie",
    ]),
    (Rule::Tags, 30, Begins, &[
        "tags:", "tag:", "tagged:", "tagged with", "filed under", "topics:", "keywords:", "теги:", "метки:",
        "ключевые слова:", "мітки:", "schlagwörter:", "schlagworte:", "mots-clés", "étiquettes :", "étiquettes:",
        "etiquetas:", "tagi:", "słowa kluczowe:",
    ]),
    (Rule::Tags, 3, Is, &[
        "tags", "теги", "метки", "мітки", "schlagwörter", "étiquettes", "etiquetas", "tagi",
    ]),
    (Rule::Share, 25, Begins, &[
        "share this", "share on ", "share:", "follow us on", "follow us:", "subscribe to our", "sign up for our",
        "sign up to our", "get our newsletter", "join our telegram", "subscribe to the newsletter", "like this:",
        "поделиться", "подписывайтесь на", "подпишитесь на", "поширити", "підписуйтесь на", "підписуйтеся на",
        "teilen mit", "artikel teilen", "folgen sie uns", "abonnieren sie unseren", "partager", "suivez-nous",
        "abonnez-vous à", "compartir", "síguenos en", "suscríbete a", "udostępnij", "obserwuj nas",
        "zapisz się do newslettera",
    ]),
    (Rule::More, 20, Begins, &[
        "read more:", "read also:", "read next:", "see also:", "related:", "related articles",
        "more on this story", "continue reading", "story continues below", "click here to", "читайте также",
        "читать далее", "читайте також", "lesen sie auch", "mehr zum thema", "lire aussi", "lire la suite",
        "lea también", "leer más", "czytaj także", "czytaj też",
    ]),
    (Rule::More, 3, Is, &[
        "more on this", "read also", "read next", "see also", "related stories", "related posts", "related news",
        "advertisement", "read more", "реклама", "anzeige", "publicité", "publicidad", "reklama",
    ]),
    (Rule::Byline, 12, Begins, &[
        "published:", "published on ", "updated:", "last updated", "posted on ", "posted by ", "author:",
        "written by ", "from:", "date:", "опубликовано", "автор:", "опубліковано", "veröffentlicht am",
        "publié le", "publicado el", "opublikowano",
    ]),
    (Rule::AssistantOffer, 90, Begins, &[
        "would you like me to ", "would you like to adjust", "let me know if you'd like",
        "let me know if you would like", "let me know if you want", "if you'd like, i can",
        "if you would like, i can", "if you want, i can", "shall i ", "do you want me to ", "i can also tailor",
        "i can tailor this",
    ]),
    // Last, for these phrases may stand in those above.
    (Rule::Promotion, 20, Labels, &[
        "wesprzyj nas", "wspieraj nas", "werden sie mitglied", "підтримайте нас", "поддержите нас", "faire un don",
        "support our work", "become a member", "become a subscriber", "become a supporter", "sign up for ", "subscribe to ",
        "donate to ", "make a donation to ",
    ]),
    (Rule::LogIn, 60, Opens, &[
        "cancel any time", "cancel anytime", "cancel at any time", "subscribe now", "subscribe today",
        "already a subscriber?", "already a member?", "unlimited access to all stories", "jederzeit kündbar.",
        "jederzeit monatlich kündbar", "jetzt abonnieren", "bereits abonnent", "sie haben bereits ein abo",
        "déjà abonné", "vous êtes déjà abonné", "abonnez-vous pour", "abonnez-vous dès", "abonnez-vous maintenant", "sans engagement, résiliable", "résiliable à tout moment.",
        "ya eres suscriptor", "¿ya eres suscriptor", "suscríbete para", "suscríbete por", "suscríbete ahora", "cancela cuando quieras",
        "cancela en cualquier momento", "sei già abbonato", "disdici quando vuoi", "disdici in qualsiasi momento",
        "masz już subskrypcję", "zrezygnuj w każdej chwili", "вже передплатник", "вже маєте передплату",
        "скасувати можна будь-коли", "скасуйте будь-коли", "уже есть подписка", "отменить можно в любой момент",
    ]),
];
