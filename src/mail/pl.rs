//! Polish.

use super::{Around, Catalogue, Leads, Words};

const ACCOUNT: Leads = Leads::Page("/account?lang=pl");
const SECURITY: Leads = Leads::Page("/account?lang=pl#security");
const PASSKEYS: Leads = Leads::Page("/account?lang=pl#passkeys");
const SESSIONS: Leads = Leads::Page("/account?lang=pl#sessions");
const SECOND_FACTOR: Leads = Leads::Page("/account?lang=pl#second_factor");
const PANEL: Leads = Leads::Page("/panel?lang=pl");
const INVITATIONS: Leads = Leads::Page("/panel/invitations?lang=pl");
const MERGES: Leads = Leads::Page("/panel/merges?lang=pl");
const HOME: Leads = Leads::Page("/?lang=pl");
const NOT_YOU: &str =
    "Jeśli to nie Ty, natychmiast ustaw nowe hasło: na stronie logowania wybierz „Nie pamiętasz hasła?”.";

pub(super) static CATALOGUE: Catalogue = Catalogue {
    around: Around {
        greeting: "Dzień dobry, {recipient}!",
        greeting_unnamed: "Dzień dobry!",
        link_by_hand: "Jeśli przycisk nie działa, skopiuj ten adres do przeglądarki:",
        why: "Ta wiadomość dotyczy Twojego konta w usłudze {brand}. Nie można na nią odpowiedzieć.",
        why_without_account: "Tę wiadomość wysłała usługa {brand} na adres, który ktoś w niej podał. Nie można na nią odpowiedzieć.",
        nameless: "(bez nazwy)",
    },
    verify_email: Words {
        subject: "Potwierdź swój adres e-mail",
        before: &["Ten adres e-mail podano dla konta w usłudze {brand}. Potwierdź, że należy do Ciebie."],
        button: Some(("Potwierdzam adres", Leads::Link)),
        after: &[
            "Link działa raz, przez godzinę.",
            "Jeśli nic nie wiesz o takim koncie, nie potwierdzaj. Nic się wtedy nie stanie.",
        ],
    },
    reset_password: Words {
        subject: "Ustaw nowe hasło",
        before: &["Ktoś, prawdopodobnie Ty, poprosił o nowe hasło do Twojego konta."],
        button: Some(("Ustaw nowe hasło", Leads::Link)),
        after: &[
            "Link działa raz, przez 30 minut. Nowszy link unieważnia poprzedni.",
            "Jeśli to nie Ty, nie musisz nic robić: hasło się nie zmieni.",
        ],
    },
    password_reset: Words {
        subject: "Ustawiono nowe hasło",
        before: &[
            "Nowe hasło ustawiono za pomocą linku z naszej wiadomości.",
            "Wszędzie nastąpiło wylogowanie, aplikacje straciły dostęp, a osobiste tokeny wygasły.",
        ],
        button: Some(("Zaloguj się", HOME)),
        after: &[NOT_YOU],
    },
    password_changed: Words {
        subject: "Zmieniono hasło",
        before: &[
            "Hasło do Twojego konta zostało zmienione.",
            "Pozostałe sesje zakończono, a aplikacje straciły dostęp.",
        ],
        button: Some(("Zobacz swoje konto", SECURITY)),
        after: &[NOT_YOU],
    },
    confirm_email: Words {
        subject: "Potwierdź nowy adres e-mail",
        before: &["To ma być nowy adres e-mail konta w usłudze {brand}. Stanie się nim, gdy go potwierdzisz."],
        button: Some(("Potwierdzam nowy adres", Leads::Link)),
        after: &["Link działa raz, przez godzinę.", "Jeśli to nie Twoja prośba, nie potwierdzaj."],
    },
    email_change_requested: Words {
        subject: "Poproszono o zmianę adresu e-mail",
        before: &[
            "Osoba zalogowana na Twoje konto chce zmienić jego adres e-mail. Dopóki nowy adres nie zostanie potwierdzony, nic się nie zmieni.",
        ],
        button: Some(("Zobacz swoje konto", ACCOUNT)),
        after: &[NOT_YOU],
    },
    email_changed: Words {
        subject: "Zmieniono adres e-mail",
        before: &[
            "Twoje konto ma teraz inny adres e-mail. To ostatnia wiadomość na ten adres.",
            "Jeśli to nie Ty, odzyskaj swój adres w ciągu siedmiu dni:",
        ],
        button: Some(("Odzyskaj ten adres", Leads::Link)),
        after: &["Spowoduje to też wylogowanie wszystkich z konta, a potem ustawisz nowe hasło."],
    },
    email_change_undone: Words {
        subject: "Twój adres e-mail został przywrócony",
        before: &[
            "Twoje konto ma znów ten adres e-mail. Wszyscy zostali wylogowani, osobiste tokeny wygasły, a dotychczasowe hasło już nie działa.",
        ],
        button: Some(("Ustaw nowe hasło", Leads::Page("/forgot?lang=pl"))),
        after: &[],
    },
    address_known: Words {
        subject: "Masz już konto",
        before: &[
            "Ktoś, być może Ty, podał ten adres e-mail dla konta w usłudze {brand}. Takie konto już istnieje, więc nic się nie zmieniło.",
        ],
        button: Some(("Zaloguj się", HOME)),
        after: &["Jeśli nie pamiętasz hasła, na stronie logowania wybierz „Nie pamiętasz hasła?”."],
    },
    new_device: Words {
        subject: "Logowanie z nowego urządzenia",
        before: &[
            "Na Twoje konto zalogowano się z przeglądarki, której nie znaliśmy.",
            "Przeglądarka: {device}",
            "Adres: {ip}",
        ],
        button: Some(("Zobacz swoje sesje", SESSIONS)),
        after: &["Jeśli to Ty, nie musisz nic robić.", NOT_YOU],
    },
    oldest_session_ended: Words {
        subject: "Zakończono najstarszą sesję",
        before: &["Twoje konto było zalogowane na zbyt wielu urządzeniach, więc najstarsza sesja została zakończona."],
        button: Some(("Zobacz swoje sesje", SESSIONS)),
        after: &[NOT_YOU],
    },
    passkey_added: Words {
        subject: "Dodano klucz dostępu",
        before: &[
            "Do Twojego konta w usłudze {brand} dodano klucz dostępu. Można się nim zalogować z urządzenia, na którym jest zapisany.",
        ],
        button: Some(("Zobacz swoje klucze dostępu", PASSKEYS)),
        after: &["Jeśli to nie Ty, od razu usuń ten klucz i zmień hasło."],
    },
    passkey_removed: Words {
        subject: "Usunięto klucz dostępu",
        before: &["Z Twojego konta w usłudze {brand} usunięto klucz dostępu. Nie można się już nim zalogować."],
        button: Some(("Zobacz swoje klucze dostępu", PASSKEYS)),
        after: &[NOT_YOU],
    },
    second_factor_enabled: Words {
        subject: "Logowanie dwuetapowe jest włączone",
        before: &[
            "Na Twoim koncie włączono logowanie dwuetapowe: oprócz hasła pytamy teraz o drugie potwierdzenie.",
            "Zakończyliśmy sesje na innych urządzeniach. Trzymaj kody odzyskiwania tam, gdzie znajdziesz je także bez telefonu.",
        ],
        button: Some(("Zobacz swoje konto", SECOND_FACTOR)),
        after: &[NOT_YOU],
    },
    second_factor_disabled: Words {
        subject: "Logowanie dwuetapowe jest wyłączone",
        before: &[
            "Na Twoim koncie wyłączono logowanie dwuetapowe. Od teraz do zalogowania wystarczy samo hasło.",
            "Zakończyliśmy sesje na innych urządzeniach.",
        ],
        button: Some(("Zobacz swoje konto", SECOND_FACTOR)),
        after: &[NOT_YOU],
    },
    second_factor_guessed: Words {
        subject: "Błędne kody przy logowaniu",
        before: &[
            "Ktoś podał prawidłowe hasło do Twojego konta w usłudze {brand}, a potem wielokrotnie błędne kody. Na każdą kolejną próbę trzeba teraz czekać coraz dłużej.",
        ],
        button: Some(("Ustaw nowe hasło", Leads::Page("/forgot?lang=pl"))),
        after: &["Jeśli to Ty, nie musisz nic robić. Jeśli nie, ktoś zna Twoje hasło: natychmiast ustaw inne."],
    },
    recovery_code_used: Words {
        subject: "Użyto kodu odzyskiwania",
        before: &[
            "Ktoś zalogował się na Twoje konto hasłem i jednym z Twoich kodów odzyskiwania. Ten kod już nie działa.",
        ],
        button: Some(("Utwórz nowe kody", SECOND_FACTOR)),
        after: &[NOT_YOU],
    },
    recovery_codes_replaced: Words {
        subject: "Masz nowe kody odzyskiwania",
        before: &["Na Twoim koncie utworzono nowe kody odzyskiwania. Poprzednie już nie działają."],
        button: Some(("Zobacz swoje konto", SECOND_FACTOR)),
        after: &[NOT_YOU],
    },
    personal_token_created: Words {
        subject: "Utworzono osobisty token",
        before: &["Na Twoim koncie utworzono osobisty token: „{token}”. Działa w Twoim imieniu."],
        button: Some(("Zobacz swoje tokeny", Leads::Page("/account?lang=pl#personal_tokens"))),
        after: &["Jeśli to nie Ty, usuń go i zmień hasło."],
    },
    personal_token_deleted: Words {
        subject: "Usunięto token osobisty",
        before: &["Usunięto token osobisty Twojego konta. To, co z niego korzystało, nie ma już dostępu."],
        button: Some(("Zobacz swoje tokeny", Leads::Page("/account#personal_tokens"))),
        after: &[NOT_YOU],
    },
    ownership_transferred: Words {
        subject: "Organizacja ma nowego właściciela",
        before: &[
            "Nowy właściciel organizacji „{organization}” to {person}. Dotychczasowy właściciel jest teraz jednym z jej administratorów.",
        ],
        button: Some(("Otwórz organizację", PANEL)),
        after: &["Jeśli to dla Ciebie niespodzianka, skontaktuj się z pozostałymi administratorami."],
    },
    invitation: Words {
        subject: "Masz zaproszenie",
        before: &["Zapraszamy do organizacji „{organization}”, do korzystania z {product}."],
        button: Some(("Przyjmij zaproszenie", Leads::Link)),
        after: &[
            "Zaproszenie jest ważne tylko dla tego adresu e-mail.",
            "Jeśli nie wiesz, kto zaprasza, zignoruj tę wiadomość. Nic się wtedy nie stanie.",
        ],
    },
    invitation_pending: Words {
        subject: "Zaproszenie czeka na Twoją decyzję",
        before: &[
            "{person} chce zaprosić kogoś do „{organization}”, do korzystania z {product}. Decyzja należy do Ciebie.",
        ],
        button: Some(("Zobacz zaproszenia", INVITATIONS)),
        after: &[],
    },
    access_request: Words {
        subject: "Prośba o dostęp",
        before: &[
            "{person} prosi o dostęp do {product} w organizacji „{organization}”. Możesz go przyznać albo odmówić.",
        ],
        button: Some(("Zobacz prośby", INVITATIONS)),
        after: &[],
    },
    access_granted: Words {
        subject: "Masz dostęp",
        before: &["Twoja prośba została przyjęta: możesz już korzystać z {product} w organizacji „{organization}”."],
        button: Some(("Zaloguj się", HOME)),
        after: &[],
    },
    access_refused: Words {
        subject: "Prośba o dostęp została odrzucona",
        before: &[
            "Nie przyznano dostępu do {product} w organizacji „{organization}”. O powód możesz zapytać jej administratora.",
        ],
        button: None,
        after: &[],
    },
    merge_requested: Words {
        subject: "Prośba o połączenie organizacji",
        before: &[
            "{person}, właściciel organizacji „{organization}”, prosi, aby Twoja organizacja „{source}” stała się jej częścią. Zgodzić się może tylko jej właściciel, czyli Ty, i nie można tego cofnąć.",
        ],
        button: Some(("Zobacz prośbę", MERGES)),
        after: &["Jeśli nic nie zrobisz, nic się nie stanie."],
    },
    merge_done: Words {
        subject: "Organizacje zostały połączone",
        before: &["Organizacja „{organization}” ma teraz także to, co należało do innej. Zaloguj się ponownie."],
        button: Some(("Zaloguj się", HOME)),
        after: &[],
    },
    merge_refused: Words {
        subject: "Odmówiono połączenia organizacji",
        before: &["Włączenie „{source}” do „{organization}” zostało odrzucone. Nic się nie zmieniło."],
        button: None,
        after: &[],
    },
    organization_deleted: Words {
        subject: "Organizacja została usunięta",
        before: &["Organizacja „{organization}” została usunięta ze wszystkim, co do niej należało."],
        button: None,
        after: &["Jeśli nie należysz do innej organizacji, usunięto też Twoje konto."],
    },
    second_factor_reset_asked: Words {
        subject: "Drugi składnik logowania ma zostać usunięty",
        before: &[
            "Poproszono operatora usługi {brand} o przywrócenie dostępu osobie ({person}), która twierdzi, że straciła drugi składnik logowania. Zostanie on usunięty za 24 godziny, a wszystkie sesje tej osoby się zakończą.",
            "Jeśli wszystko się zgadza, nie trzeba nic robić. Jeśli nic o tym nie wiesz, zatrzymaj to: zaloguj się i na górze strony swojego konta naciśnij „Zatrzymaj to”.",
        ],
        button: Some(("Przejdź do swojego konta", ACCOUNT)),
        after: &["Tę wiadomość dostaje ta osoba oraz wszyscy administratorzy jej organizacji."],
    },
    second_factor_reset_withdrawn: Words {
        subject: "Drugi składnik logowania zostaje",
        before: &[
            "Drugi składnik logowania nie zostanie usunięty ({person}): zatrzymał to ktoś, kto ma do tego prawo.",
        ],
        button: None,
        after: &["Tę wiadomość dostaje ta osoba oraz wszyscy administratorzy jej organizacji."],
    },
    second_factor_reset: Words {
        subject: "Drugi składnik logowania został usunięty",
        before: &[
            "Zgodnie z zapowiedzią operator usługi {brand} usunął drugi składnik logowania ({person}). Wszystkie sesje tej osoby zostały zakończone. Hasło się nie zmieniło.",
        ],
        button: Some(("Zaloguj się", HOME)),
        after: &[
            "Jeśli to Twoje konto, ustaw teraz nowy drugi składnik logowania.",
            "Tę wiadomość dostaje ta osoba oraz wszyscy administratorzy jej organizacji.",
        ],
    },
    domain_challenge: Words {
        subject: "Potwierdź domenę",
        before: &["Organizacja „{organization}” podaje, że ta domena należy do niej. Jeśli to prawda, potwierdź."],
        button: Some(("Potwierdzam domenę", Leads::Link)),
        after: &["Jeśli nic o tym nie wiesz, zignoruj tę wiadomość. Nic się wtedy nie stanie."],
    },
};
