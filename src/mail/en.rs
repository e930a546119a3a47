//! English.

use super::{Around, Catalogue, Leads, Words};

const ACCOUNT: Leads = Leads::Page("/account");
const SECURITY: Leads = Leads::Page("/account#security");
const PASSKEYS: Leads = Leads::Page("/account#passkeys");
const SESSIONS: Leads = Leads::Page("/account#sessions");
const SECOND_FACTOR: Leads = Leads::Page("/account#second_factor");
const PANEL: Leads = Leads::Page("/panel");
const INVITATIONS: Leads = Leads::Page("/panel/invitations");
const MERGES: Leads = Leads::Page("/panel/merges");
const HOME: Leads = Leads::Page("/");
const NOT_YOU: &str =
    "If this was not you, set a new password at once with “Forgot your password?” on the sign-in page.";

pub(super) static CATALOGUE: Catalogue = Catalogue {
    around: Around {
        greeting: "Hello {recipient},",
        greeting_unnamed: "Hello,",
        link_by_hand: "If the button does not work, copy this address into your browser:",
        why: "You get this mail because of your account at {brand}. It cannot be answered.",
        why_without_account: "{brand} sent this mail to an address that somebody gave there. It cannot be answered.",
        nameless: "(no name)",
    },
    verify_email: Words {
        subject: "Confirm your email address",
        before: &["An account at {brand} has this email address. Please confirm that it is yours."],
        button: Some(("Confirm the address", Leads::Link)),
        after: &[
            "The link works once, for one hour.",
            "If you do not know of such an account, do not confirm it. Nothing happens then.",
        ],
    },
    reset_password: Words {
        subject: "Choose a new password",
        before: &["Somebody, probably you, asked for a new password for your account."],
        button: Some(("Choose a new password", Leads::Link)),
        after: &[
            "The link works once, for 30 minutes. A newer one replaces it.",
            "If it was not you, you need do nothing: your password stays as it is.",
        ],
    },
    password_reset: Words {
        subject: "Your password was set anew",
        before: &[
            "A new password was set with the link from our mail.",
            "You were signed out everywhere, applications lost their access, and your personal tokens ended.",
        ],
        button: Some(("Sign in", HOME)),
        after: &[NOT_YOU],
    },
    password_changed: Words {
        subject: "Your password was changed",
        before: &[
            "The password of your account was changed.",
            "Sessions elsewhere were ended, and applications lost their access.",
        ],
        button: Some(("Look at your account", SECURITY)),
        after: &[NOT_YOU],
    },
    confirm_email: Words {
        subject: "Confirm your new email address",
        before: &["This is to become the email address of an account at {brand}. It does once you confirm it."],
        button: Some(("Confirm the new address", Leads::Link)),
        after: &["The link works once, for one hour.", "If you did not ask for this, do not confirm it."],
    },
    email_change_requested: Words {
        subject: "A new email address was asked for",
        before: &[
            "Somebody who is signed in to your account wants it to have another email address. Until that one is confirmed, nothing changes.",
        ],
        button: Some(("Look at your account", ACCOUNT)),
        after: &[NOT_YOU],
    },
    email_changed: Words {
        subject: "Your email address was changed",
        before: &[
            "Your account has another email address now. Mail to this one ends here.",
            "If this was not you, take your address back within seven days:",
        ],
        button: Some(("Take this address back", Leads::Link)),
        after: &["That also signs everybody out of the account, and you then choose a new password."],
    },
    email_change_undone: Words {
        subject: "Your email address is back",
        before: &[
            "Your account has this email address again. Everybody was signed out, personal tokens ended, and the old password does not work any more.",
        ],
        button: Some(("Choose a new password", Leads::Page("/forgot"))),
        after: &[],
    },
    address_known: Words {
        subject: "You have an account already",
        before: &[
            "Somebody, perhaps you, wanted to use this email address for an account at {brand}. There is one with it already, so nothing was changed.",
        ],
        button: Some(("Sign in", HOME)),
        after: &["If you do not know your password any more, “Forgot your password?” on the sign-in page helps."],
    },
    new_device: Words {
        subject: "Sign-in from a new device",
        before: &[
            "Your account was signed in to from a browser that we did not know.",
            "Browser: {device}",
            "Address: {ip}",
        ],
        button: Some(("Look at your sessions", SESSIONS)),
        after: &["If it was you, you need do nothing.", NOT_YOU],
    },
    oldest_session_ended: Words {
        subject: "Your oldest session was ended",
        before: &["You were signed in on more devices than allowed, so the oldest session was ended."],
        button: Some(("Look at your sessions", SESSIONS)),
        after: &[NOT_YOU],
    },
    passkey_added: Words {
        subject: "A passkey was added",
        before: &[
            "A passkey was added to your account at {brand}. Whoever holds the device it is kept on can sign in with it.",
        ],
        button: Some(("Look at your passkeys", PASSKEYS)),
        after: &["If this was not you, remove the passkey and choose another password at once."],
    },
    passkey_removed: Words {
        subject: "A passkey was removed",
        before: &["A passkey was removed from your account at {brand}. Nobody can sign in with it any more."],
        button: Some(("Look at your passkeys", PASSKEYS)),
        after: &[NOT_YOU],
    },
    second_factor_enabled: Words {
        subject: "Two-step sign-in is on",
        before: &[
            "Two-step sign-in was turned on for your account: besides your password, we now ask for a second proof.",
            "Sessions elsewhere were ended. Keep your recovery codes where you will find them without your phone.",
        ],
        button: Some(("Look at your account", SECOND_FACTOR)),
        after: &[NOT_YOU],
    },
    second_factor_disabled: Words {
        subject: "Two-step sign-in is off",
        before: &[
            "Two-step sign-in was turned off for your account. From now on your password alone is enough to sign in.",
            "Sessions elsewhere were ended.",
        ],
        button: Some(("Look at your account", SECOND_FACTOR)),
        after: &[NOT_YOU],
    },
    second_factor_guessed: Words {
        subject: "Wrong codes at sign-in",
        before: &[
            "Somebody gave the right password of your account at {brand}, and then wrong codes, again and again. Each further try now has to wait longer.",
        ],
        button: Some(("Choose a new password", Leads::Page("/forgot"))),
        after: &[
            "If it was you, you need do nothing. If it was not, somebody knows your password: choose another one at once.",
        ],
    },
    recovery_code_used: Words {
        subject: "A recovery code was used",
        before: &[
            "Somebody signed in to your account with the password and one of your recovery codes. That code is used up.",
        ],
        button: Some(("Make new codes", SECOND_FACTOR)),
        after: &[NOT_YOU],
    },
    recovery_codes_replaced: Words {
        subject: "You have new recovery codes",
        before: &["New recovery codes were made for your account. The ones before do not work any more."],
        button: Some(("Look at your account", SECOND_FACTOR)),
        after: &[NOT_YOU],
    },
    personal_token_created: Words {
        subject: "A personal token was created",
        before: &["A new personal token was created in your account: “{token}”. It acts for you."],
        button: Some(("Look at your tokens", Leads::Page("/account#personal_tokens"))),
        after: &["If this was not you, delete it and change your password."],
    },
    personal_token_deleted: Words {
        subject: "A personal token was deleted",
        before: &["A personal token of your account was deleted. Whatever used it has no access any more."],
        button: Some(("Look at your tokens", Leads::Page("/account#personal_tokens"))),
        after: &[NOT_YOU],
    },
    ownership_transferred: Words {
        subject: "An organization has a new owner",
        before: &[
            "The organization “{organization}” now belongs to {person}. The owner before is one of its administrators now.",
        ],
        button: Some(("Open the organization", PANEL)),
        after: &["If you did not expect this, talk to the other administrators."],
    },
    invitation: Words {
        subject: "You are invited",
        before: &["You are invited to the organization “{organization}”, to use {product}."],
        button: Some(("Accept the invitation", Leads::Link)),
        after: &[
            "The invitation is for this email address only.",
            "If you do not know who invites you, ignore this mail. Nothing happens then.",
        ],
    },
    invitation_pending: Words {
        subject: "An invitation waits for you",
        before: &["{person} wants to invite somebody to “{organization}”, to use {product}. You can decide about it."],
        button: Some(("Look at invitations", INVITATIONS)),
        after: &[],
    },
    access_request: Words {
        subject: "Somebody asks for access",
        before: &["{person} asks for access to {product} in “{organization}”. You can grant or refuse it."],
        button: Some(("Look at requests", INVITATIONS)),
        after: &[],
    },
    access_granted: Words {
        subject: "You have access",
        before: &["Your request was granted: you can use {product} in “{organization}” now."],
        button: Some(("Sign in", HOME)),
        after: &[],
    },
    access_refused: Words {
        subject: "Your request was not granted",
        before: &["Access to {product} in “{organization}” was not granted. An administrator there can tell you why."],
        button: None,
        after: &[],
    },
    merge_requested: Words {
        subject: "Organizations are to be merged",
        before: &[
            "{person}, who owns “{organization}”, asks you to let your organization “{source}” become part of it. Only you, its owner, can agree to that, and it cannot be taken back.",
        ],
        button: Some(("Look at the request", MERGES)),
        after: &["If you do nothing, nothing happens."],
    },
    merge_done: Words {
        subject: "Organizations were merged",
        before: &["The organization “{organization}” now also holds what another one had. Please sign in again."],
        button: Some(("Sign in", HOME)),
        after: &[],
    },
    merge_refused: Words {
        subject: "The merge was refused",
        before: &["The merge of “{source}” into “{organization}” was refused. Nothing was changed."],
        button: None,
        after: &[],
    },
    organization_deleted: Words {
        subject: "An organization was deleted",
        before: &["The organization “{organization}” was deleted, with everything in it."],
        button: None,
        after: &["If you belong to no other organization, your account went with it."],
    },
    second_factor_reset_asked: Words {
        subject: "A second factor is to be removed",
        before: &[
            "The operator of {brand} was asked to let {person} in again, who says they lost their second factor. It will be removed in 24 hours, and all of their sessions end then.",
            "If this is right, you need do nothing. If you do not know of it, stop it: sign in, and press “Stop this” at the top of your account page.",
        ],
        button: Some(("Look at your account", ACCOUNT)),
        after: &["This mail goes to the person and to everybody who administers an organization of theirs."],
    },
    second_factor_reset_withdrawn: Words {
        subject: "The second factor stays",
        before: &["The second factor of {person} will not be removed: somebody who may has stopped it."],
        button: None,
        after: &["This mail goes to the person and to everybody who administers an organization of theirs."],
    },
    second_factor_reset: Words {
        subject: "A second factor was removed",
        before: &[
            "The second factor of {person} was removed by the operator of {brand}, as announced. All of their sessions ended. The password is still the same.",
        ],
        button: Some(("Sign in", HOME)),
        after: &[
            "Whoever it is about: please set up a new second factor now.",
            "This mail goes to the person and to everybody who administers an organization of theirs.",
        ],
    },
    domain_challenge: Words {
        subject: "Confirm a domain",
        before: &[
            "The organization “{organization}” says that this domain is its own. Please confirm it if that is true.",
        ],
        button: Some(("Confirm the domain", Leads::Link)),
        after: &["If you do not know of it, ignore this mail. Nothing happens then."],
    },
};
