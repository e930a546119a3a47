//! Every screen in every state, as a list of named pages.

use askama::Template;
use global_accounts::domain::brand::Brand;
use global_accounts::domain::qr;
use global_accounts::domain::time::Timestamp;
use global_accounts::http::pages::{
    AccessRequest, Account, Application, Asked, ChooseOrganization, Consent, Detail, Error, Exception, FactorReset,
    Field, Forgot, Frame, Invitation, InvitationAsks, InvitationEnd, InvitationOver, Joinable, Language, Lifetime,
    Link, Membership, Message, NewToken, NewTotp, Notice, OfferedScope, Organization, Outcome, Passkey, Passkeys,
    Person, PersonalToken, PersonalTokens, Picture, Problem, Product, ProductNotActivated, Products, Profile,
    RequestAccess, Reset, Scope, SecondFactor, SecondStep, Session, SetUpSecondFactor, SetUpState, SignIn, SignOut,
    SignUp, SignedOut, Spoken, StaleForm, Throttled, Told,
};

/// One page.
pub struct Shown {
    /// Screen and state.
    pub name: String,
    /// The text that a browser gets.
    pub html: String,
}

const SCOPES: [(&str, &str); 4] = [
    ("accounts--my:ro", "See your account"),
    ("accounts--all:rw", "See, add and change all accounts of the organization"),
    ("chats.conversation--access:rw", "Write in the chats you have access to"),
    ("weather--all:ro", "See the weather"),
];
const CHROME: &str =
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36";
const SAFARI: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) \
                      Version/18.1 Mobile/15E148 Safari/604.1";
const TOKEN: &str = "dal:FAAZ8mJtVQKdY0m3qJ6lW2xC9rT4uB7nH1sD5fG8jK0aZ3";
const ID: &str = "019a3f60-7c1e-7d42-9a55-3b1f0c9e8d77";

/// Every screen in one language. `v` gives what stands in place of each value that a request or a row may hold.
pub fn screens(language: Language, brand: &Brand, v: impl Fn(&'static str) -> &'static str) -> Vec<Shown> {
    let spoken = Spoken { language, chosen: language == Language::Polish };
    let here = v("/?client_id=0123&state=a%26b");
    let frame = Frame { spoken, brand, request_id: v(ID), person: None, here };
    let person = frame.with_person(Person { name: v("Anna Maria Nowak"), email: v("anna@acme.example") });
    let mut shown = Vec::new();
    let mut add = |name: &str, page: &dyn Fn() -> Result<String, askama::Error>| {
        shown.push(Shown { name: name.to_owned(), html: page().expect("a page") });
    };

    let sign_in = |problems: &[Problem], email: &'static str, application: Option<&'static str>| {
        let (form, sign_up_url, forgot_url) = (v("csrf:form"), v("/signup?a=1"), Some(v("/forgot")));
        SignIn { frame, form, application, email, problems, sign_up_url, forgot_url }.render()
    };
    add("sign_in", &|| sign_in(&[], "", Some(v("Bright Reports"))));
    add("sign_in_plain", &|| sign_in(&[], v("anna@acme.example"), None));
    for problem in Problem::ALL.iter().filter(|problem| matches!(problem.field(), None | Some(Field::Email))) {
        add(&format!("sign_in_{problem:?}"), &|| {
            sign_in(&[*problem], v("anna@acme.example"), Some(v("Bright Reports")))
        });
    }

    let second_step = |code, passkey, recovery_code, problems: &[Problem]| {
        let (form, email, application) = (v("csrf:form"), v("anna@acme.example"), Some(v("Bright Reports")));
        let way = Some(("request", v("csrf:request")));
        SecondStep { frame, form, way, application, email, code, passkey, recovery_code, problems }.render()
    };
    add("second_step", &|| second_step(true, false, true, &[]));
    add("second_step_passkey", &|| second_step(true, true, true, &[]));
    add("second_step_passkey_problems", &|| second_step(false, true, false, &[Problem::PasskeyRefused]));
    add("second_step_no_recovery_code", &|| second_step(true, false, false, &[]));
    add("second_step_no_code", &|| second_step(false, false, true, &[]));
    add("second_step_problems", &|| second_step(true, false, true, &[Problem::CodeWrong]));
    add("second_step_recovery_problems", &|| second_step(true, false, true, &[Problem::RecoveryCodeWrong]));

    let sign_up = |problems: &[Problem]| {
        let (email, name, organization) = (v("anna@acme.example"), v("Anna Maria Nowak"), v("Acme & Sons"));
        let (form, application, sign_in_url) = (v("csrf:form"), Some(v("Bright Reports")), v("/?a=1"));
        SignUp {
            frame,
            form,
            application,
            email,
            name,
            organization,
            min_password: 8,
            challenge: None,
            problems,
            sign_in_url,
        }
        .render()
    };
    add("sign_up", &|| sign_up(&[]));
    let wrong = [
        Problem::EmailTaken,
        Problem::EmailDisposable,
        Problem::ChallengeUnanswered,
        Problem::PasswordTooShort,
        Problem::PasswordTooLong,
        Problem::PasswordTooCommon,
        Problem::PasswordMissing,
        Problem::NameMissing,
        Problem::NameInvalid,
        Problem::OrganizationInvalid,
    ];
    add("sign_up_problems", &|| sign_up(&wrong));

    let products = [v("LiveChat"), v("HelpDesk")];
    let organization = |title, products, inactive| Organization { id: v(ID), title: v(title), products, inactive };
    let organizations = [
        organization("Acme & Sons", &products[..], false),
        organization("Northwind Trading Company of the Greater Baltic Region", &products[1..], false),
        organization("019a3f60-7c1e-7d42-9a55-3b1f0c9e8d77", &[], false),
        organization("Old Venture", &products[..], true),
    ];
    let choose = |application| {
        ChooseOrganization { frame: person, form: v("csrf:form"), application, organizations: &organizations }.render()
    };
    add("choose_organization", &|| choose(Some(v("Bright Reports"))));
    add("choose_organization_plain", &|| choose(None));

    let scopes = SCOPES.map(|(scope, description)| Scope { scope: v(scope), description: v(description) });
    add("consent", &|| {
        let (application, destination) = (v("Bright Reports"), v("https://reports.example.com"));
        let (organization, account) = (v("Acme & Sons"), v("anna@acme.example"));
        let form = v("csrf:form");
        Consent { frame: person, form, application, destination, organization, scopes: &scopes, account }.render()
    });

    for state in [AccessRequest::Ask, AccessRequest::Sent, AccessRequest::AlreadyAsked, AccessRequest::Suspended] {
        for other_organization in [true, false] {
            add(&format!("request_access_{state:?}_{other_organization}"), &|| {
                let (form, product, organization) = (v("csrf:form"), v("HelpDesk"), v("Acme & Sons"));
                RequestAccess { frame: person, form, product, organization, state, other_organization }.render()
            });
        }
    }
    let invitation = |asks, product: Option<&'static str>, person_is_there: bool, problems: &[Problem]| {
        Invitation {
            frame: if person_is_there { person } else { frame },
            form: v("csrf:form"),
            token: v(TOKEN),
            organization: v("Acme & Sons"),
            inviter: product.map(|_| v("Jan Kowalski")),
            product: product.map(&v),
            role: v("administrator"),
            email: v("guest@example.com"),
            name: v("Ewa Wiśniewska"),
            asks,
            min_password: 8,
            problems,
            forgot_url: Some(v("/forgot")),
        }
        .render()
    };
    for (asks, wrong) in [
        (InvitationAsks::Answer, &[][..]),
        (InvitationAsks::SignIn, &[Problem::WrongCredentials][..]),
        (InvitationAsks::SignUp, &[Problem::NameMissing, Problem::PasswordTooShort][..]),
    ] {
        add(&format!("invitation_{asks:?}"), &|| {
            invitation(asks, Some("LiveChat"), asks == InvitationAsks::Answer, &[])
        });
        add(&format!("invitation_{asks:?}_accounts"), &|| invitation(asks, None, true, &[]));
        if !wrong.is_empty() {
            add(&format!("invitation_{asks:?}_problems"), &|| invitation(asks, Some("LiveChat"), false, wrong));
        }
    }
    for over in InvitationOver::ALL {
        add(&format!("invitation_{over:?}"), &|| {
            let organization = (*over != InvitationOver::Unknown).then(|| v("Acme & Sons"));
            InvitationEnd { frame, over: *over, organization, go_on_url: v("/?a=1") }.render()
        });
    }
    for (can_activate, other_organization) in [(true, true), (false, true), (false, false)] {
        add(&format!("product_not_activated_{can_activate}_{other_organization}"), &|| {
            let (form, product, organization) = (v("csrf:form"), v("HelpDesk"), v("Acme & Sons"));
            ProductNotActivated { frame: person, form, product, organization, can_activate, other_organization }
                .render()
        });
    }

    let launched = [
        Product { name: v("LiveChat"), launch_url: v("https://livechat.example/") },
        Product { name: v("HelpDesk"), launch_url: v("https://helpdesk.example/") },
    ];
    for (name, products, organizations) in
        [("products", &launched[..], &organizations[1..]), ("products_none", &[][..], &[][..])]
    {
        add(name, &|| {
            let (form, organization) = (v("csrf:form"), v("Acme & Sons"));
            Products { frame: person, form, organization, products, organizations }.render()
        });
    }

    for embedded in [None, Some(false), Some(true)] {
        add(&format!("message_{embedded:?}"), &|| {
            let (origin, payload_json) = (v("https://app.example.com"), v(r#"{"data":{"state":"</script>"}}"#));
            Message { frame, origin, payload_json, embedded }.render()
        });
    }

    for exception in Exception::ALL {
        add(&format!("error_{}", exception.code()), &|| Error::of(frame, Some(exception.code()), None).render());
    }
    for detail in Detail::ALL {
        let code = Some(Exception::UnauthorizedClient.code());
        add(&format!("error_{}", detail.code()), &|| Error::of(frame, code, Some(detail.code())).render());
    }
    add("error_unknown", &|| Error::of(frame, Some(v("made_up")), Some(v("made_up"))).render());

    add("sign_out", &|| SignOut { frame: person, form: v("csrf:form") }.render());
    add("signed_out", &|| SignedOut { frame, sign_in_url: v("/signin") }.render());
    add("stale_form", &|| StaleForm { frame, go_on_url: v("/?a=1") }.render());
    add("throttled", &|| Throttled { frame, retry_after_seconds: None, go_on_url: v("/?a=1") }.render());
    add("throttled_wait", &|| Throttled { frame, retry_after_seconds: Some(61), go_on_url: v("/?a=1") }.render());

    let at = |days: i64| Timestamp::from_millis(1_763_000_000_000 + days * 86_400_000);
    let session = |user_agent, source, applications, current| Session {
        id: v(ID),
        user_agent: v(user_agent),
        ip: v("203.0.113.7"),
        source: v(source),
        signed_in_at: at(0),
        used_at: at(3),
        applications,
        current,
    };
    let sessions = [
        session(CHROME, "credentials", &products[..], true),
        session(SAFARI, "google", &products[1..], false),
        session("", "token", &[], false),
        session("?", "explicit", &[], false),
    ];
    let application = |name, scopes| Application {
        client_id: v("0123456789abcdef0123456789abcdef"),
        organization_id: v(ID),
        name: v(name),
        organization: v("Acme & Sons"),
        scopes,
        granted_at: at(1),
    };
    let applications = [application("Bright Reports", &scopes[..3]), application("Calendar Sync", &scopes[..1])];
    let token = |name, expires_at, used_at| PersonalToken {
        id: v(ID),
        name: v(name),
        scopes: &scopes[..2],
        created_at: at(2),
        expires_at,
        used_at,
    };
    let tokens = [token("Nightly report", Some(at(90)), Some(at(4))), token("Backup", None, None)];
    let offered = SCOPES.map(|(scope, description)| OfferedScope {
        scope: Scope { scope: v(scope), description: v(description) },
        ticked: scope == "accounts--my:ro",
    });
    let membership =
        |title, products, owner, current| Membership { id: v(ID), title: v(title), products, owner, current };
    let memberships = [
        membership("Acme & Sons", &products[..], true, true),
        membership("Northwind Trading Company of the Greater Baltic Region", &products[..1], false, false),
        membership("Old Venture", &[], true, false),
    ];
    let passkey = |id, name, backed_up, created, used: Option<i64>| Passkey {
        id: v(id),
        name: v(name),
        backed_up,
        created_at: Timestamp::from_millis(created),
        used_at: used.map(Timestamp::from_millis),
    };
    let passkeys = [
        passkey("passkey:1", "Anna’s phone", true, 1_760_000_000_000, Some(1_763_000_000_000)),
        passkey(
            "passkey:2",
            "A security key with a long name, kept in the safe of the office in Wrocław",
            false,
            1_762_000_000_000,
            None,
        ),
    ];
    let joinable = [Joinable { id: v("joinable:1"), title: v("Acme Logistics") }];
    let resets = [FactorReset { id: v("reset:1"), person: v("Jan Kowalski"), due_at: at(6) }];
    let account_with = |second_factor, notice, problems: &[Problem], created, full: bool| {
        Account {
            frame: person,
            form: v("csrf:form"),
            notice,
            problems,
            min_password: 8,
            profile: Profile {
                name: v("Anna Maria Nowak"),
                email: v("anna@acme.example"),
                email_verified: full,
                picture: match (full, problems.is_empty()) {
                    (true, true) => Picture::Here(v(ID)),
                    (true, false) => Picture::Elsewhere,
                    _ => Picture::None,
                },
                new_email: if problems.is_empty() { "" } else { v("anna@new.example") },
            },
            second_factor,
            sessions: if full { &sessions } else { &sessions[..1] },
            applications: if full { &applications } else { &[] },
            passkeys: Passkeys {
                list: if full { &passkeys } else { &[] },
                name: if problems.is_empty() { "" } else { v("Work laptop") },
            },
            personal_tokens: PersonalTokens {
                organization: v("Acme & Sons"),
                list: if full { &tokens } else { &[] },
                created,
                name: if problems.is_empty() { "" } else { v("Report") },
                offered: if full { &offered } else { &[] },
                lifetimes: &[Lifetime::Days(90), Lifetime::Days(365), Lifetime::Unlimited],
            },
            organizations: if full { &memberships } else { &memberships[1..2] },
            resets: if full { &resets } else { &[] },
            joinable: if full { &joinable } else { &[] },
            panel: full,
        }
        .render()
    };
    let off = SecondFactor {
        totp_since: None,
        begun: false,
        enabled: false,
        recovery_codes: 0,
        required_at: None,
        enrolment: None,
        new_codes: &[],
    };
    let on = SecondFactor {
        totp_since: Some(Timestamp::from_millis(1_700_000_000_000)),
        enabled: true,
        recovery_codes: 9,
        required_at: Some(Timestamp::from_millis(1_800_000_000_000)),
        ..off
    };
    let account = |notice, problems: &[Problem], created, full: bool| {
        account_with(if full { on } else { off }, notice, problems, created, full)
    };
    let picture =
        qr::svg("otpauth://totp/Acme:anna%40acme%2Eexample?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Acme")
            .expect("a short text");
    let enrolment = Some(NewTotp { secret: "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", qr: &picture });
    let codes: Vec<String> = (0..10).map(|number| format!("K7M2P-9QX{number}R")).collect();
    for (name, state, problems) in [
        ("begun_problems", SecondFactor { begun: true, ..off }, &[Problem::CodeWrong, Problem::MfaProofWrong][..]),
        ("enrolment", SecondFactor { begun: true, enrolment, required_at: on.required_at, ..off }, &[]),
        ("codes", SecondFactor { new_codes: &codes, ..on }, &[]),
        ("passkey_problems", off, &[Problem::PasskeyNameMissing, Problem::PasskeyProofWrong]),
        ("passkey_alone", SecondFactor { enabled: true, recovery_codes: 3, ..off }, &[]),
        ("passkey_alone_problems", SecondFactor { enabled: true, recovery_codes: 3, ..off }, &[Problem::MfaCodeWrong]),
    ] {
        add(&format!("account_second_factor_{name}"), &|| account_with(state, None, problems, None, false));
    }
    let set_up = |state, organization, problems: &[Problem]| {
        let (form, request, go_on_url) = (v("csrf:form"), v("csrf:request"), v("/continue?request=a"));
        SetUpSecondFactor { frame: person, form, request, organization, go_on_url, state, problems }.render()
    };
    add("set_up_second_factor", &|| set_up(SetUpState::Ask, Some(v("Acme & Sons")), &[]));
    add("set_up_second_factor_problems", &|| set_up(SetUpState::Ask, None, &[Problem::MfaProofWrong]));
    add("set_up_second_factor_enrolment", &|| set_up(SetUpState::Confirm(enrolment), None, &[]));
    add("set_up_second_factor_code_problems", &|| set_up(SetUpState::Confirm(None), None, &[Problem::CodeWrong]));
    add("set_up_second_factor_codes", &|| set_up(SetUpState::Done(&codes), None, &[]));
    let created = NewToken { name: v("Nightly report"), account_id: v(ID), text: v(TOKEN) };
    add("account", &|| account(None, &[], None, true));
    add("account_bare", &|| account(None, &[], None, false));
    add("account_token_created", &|| account(None, &[], Some(created), true));
    let elsewhere = |problem: &&Problem| {
        !matches!(
            problem.field(),
            Some(
                Field::Email
                    | Field::Organization
                    | Field::Code
                    | Field::RecoveryCode
                    | Field::MfaPassword
                    | Field::MfaCode
                    | Field::PasskeyPassword
            )
        )
    };
    let problems: Vec<Problem> = Problem::ALL.iter().filter(elsewhere).copied().collect();
    add("account_problems", &|| account(None, &problems, None, true));
    let leaving = [Problem::ExportProofWrong, Problem::DeleteEmailOther, Problem::DeleteProofWrong];
    add("account_leaving_problems", &|| account(None, &leaving, None, false));
    for notice in Notice::ALL {
        add(&format!("account_{}", notice.code()), &|| account(Some(*notice), &[], None, true));
    }

    let forgot = |problems: &[Problem], email| Forgot { frame, form: v("csrf:form"), email, problems }.render();
    add("forgot", &|| forgot(&[], ""));
    add("forgot_problems", &|| forgot(&[Problem::EmailInvalid], v("anna@acme")));
    let reset = |problems: &[Problem]| {
        let (form, token, email) = (v("csrf:form"), v(TOKEN), v("anna@acme.example"));
        Reset { frame, form, token, email, min_password: 8, problems }.render()
    };
    add("reset", &|| reset(&[]));
    add("reset_problems", &|| reset(&[Problem::PasswordTooCommon]));
    for what in Asked::ALL {
        let (form, token, address) = (v("csrf:form"), v(TOKEN), v("anna@acme.example"));
        add(&format!("link_{what:?}"), &|| Link { frame, form, token, what, address }.render());
    }
    for outcome in Outcome::ALL {
        add(&format!("told_{outcome:?}"), &|| Told { frame, outcome }.render());
    }
    shown.extend(super::gallery_panel::screens(person, v));
    shown
}
