//! All words of the pages. [`Texts`] names them once; each language is a value of it, so that none can lack one.

mod en;
mod pl;

use super::language::Language;

/// A sentence with one gap, `{}`.
pub(super) struct Phrase {
    before: &'static str,
    after: &'static str,
}

impl Phrase {
    /// Fails to compile when the gap is missing.
    const fn new(text: &'static str) -> Self {
        let bytes = text.as_bytes();
        let mut at = 0;
        loop {
            assert!(at + 1 < bytes.len(), "a phrase has one gap");
            if let (Some((before, _)), true) =
                (text.split_at_checked(at), matches!(bytes.split_at(at).1, [b'{', b'}', ..]))
                && let Some((_, after)) = text.split_at_checked(at + 2)
            {
                return Self { before, after };
            }
            at += 1;
        }
    }

    /// With the gap filled; to be escaped by the template.
    pub(super) fn of(&self, filling: &str) -> String {
        [self.before, filling, self.after].concat()
    }

    pub(super) fn before(&self) -> &'static str {
        self.before
    }

    pub(super) fn after(&self) -> &'static str {
        self.after
    }
}

macro_rules! catalogue {
    ($($part:ident: $type:ident { $($kind:ident: $($key:ident),+;)+ })+) => {
        /// Every text.
        pub(super) struct Texts {
            $(pub(super) $part: $type),+
        }

        impl Texts {
            /// Part, key and text of each, for tests about all of them.
            #[cfg(test)]
            fn all(&self) -> Vec<(&'static str, &'static str, String)> {
                vec![$($($((stringify!($part), stringify!($key), self.$part.$key.to_string())),+),+),+]
            }
        }

        $(pub(super) struct $type {
            $($(pub(super) $key: catalogue!(@ $kind)),+),+
        })+
    };
    (@ text) => { &'static str };
    (@ phrase) => { Phrase };
}

catalogue! {
    common: CommonTexts {
        text: language, skip, account, sign_out, problem_title, request_id, cancel, go_on, now, never, months;
        phrase: to_continue, signed_in_as, page_title_error;
    }
    sign_in: SignInTexts {
        text: title, email, password, submit, forgot, no_account, sign_up;
    }
    second_step: SecondStepTexts {
        text: title, code_text, code, submit, recovery_title, recovery_text, recovery_code, recovery_submit, leave;
        phrase: signing_in_as;
    }
    second_factor: SecondFactorTexts {
        text: title, text_off, text_on, password, password_hint, set_up, scan, by_hand, code, confirm, begun, again,
            codes_title, codes_text, new_codes, new_codes_text, disable, disable_text, proof_code,
            proof_code_hint, proof_code_instead, demanded_title, unproven;
        phrase: demanded_by, since, codes_left, required;
    }
    sign_up: SignUpTexts {
        text: title, email, password, name, organization, organization_hint, optional, submit, have_account, sign_in,
            challenge, challenge_needs_script;
        phrase: password_hint;
    }
    choose: ChooseTexts {
        text: title, text, inactive, no_products;
        phrase: for_application;
    }
    consent: ConsentTexts {
        text: will, account, organization, destination, allow, deny, withdraw;
        phrase: title;
    }
    access: AccessTexts {
        text: ask_text, ask, sent_title, sent_text, already_title, already_text, suspended_text, other;
        phrase: title, lead, suspended_title, suspended_lead;
    }
    invitation: InvitationTexts {
        text: lead_nobody, address, product, role, accept, decline, decline_text, sign_in_text, sign_in,
            sign_up_text, sign_up, accepted_title, accepted_text, declined_title, declined_text, expired_title,
            expired_text, member_title, member_text, gone_title, gone_text, unknown_title, unknown_text;
        phrase: title, lead, other, about;
    }
    activation: ActivationTexts {
        text: can_text, cannot_text, activate, other;
        phrase: title, lead;
    }
    products: ProductsTexts {
        text: title, open, none, others;
    }
    message: MessageTexts {
        text: title, text, back;
    }
    error: ErrorTexts {
        text: developer, developer_text, loop_title, loop_text, application_title, application_text, unknown_title,
            unknown_text, denied_title, denied_text, consent_title, consent_text, ours_title, ours_text, busy_title,
            busy_text, scope_title, scope_text, expired_title, expired_text, invalid_request, unauthorized_client,
            access_denied, unsupported_response_type, invalid_scope, server_error, temporarily_unavailable,
            unsupported_grant_type, invalid_grant, invalid_client, missing_grant, client_id_not_found,
            redirect_uri_not_set, invalid_redirect_uri, too_many_redirects, unknown;
    }
    sign_out: SignOutTexts {
        text: title, text, submit, done_title, done_text, again;
    }
    stale: StaleTexts {
        text: title, text;
    }
    throttled: ThrottledTexts {
        text: title, text;
        phrase: wait;
    }
    account: AccountTexts {
        text: panel, title, contents, profile, name, email, save, password, password_text, current_password,
            new_password, change_password, sessions, sessions_text, current, signed_in, last_used, address,
            applications_used, end, end_all, end_all_text, source, source_credentials, source_token, source_other,
            unknown_device, applications, applications_text, applications_none, may, withdraw, withdraw_text, granted,
            tokens, tokens_none, token_new, token_name, token_name_hint, token_scopes, token_lifetime, token_create,
            token_created_text, token_user, token_value, copy, copied, token_delete, token_delete_text, expires,
            created, used, unlimited, organizations, organization_current, owner, owner_hint, switch, leave,
            leave_text, joinable, joinable_text, join, email_unproven, email_proven, email_verify, email_change,
            email_change_text, email_new, data, data_text, export, export_text, delete, delete_text, delete_email,
            delete_owner, reset_title, reset_withdraw, reset_withdraw_text, picture, picture_alt, picture_choose, picture_text, picture_elsewhere, picture_save, picture_remove;
        phrase: device_on, tokens_text, token_created, days, reset_text;
    }
    passkeys: PasskeysTexts {
        text: title, text, none, new, name, name_hint, password, password_hint, code_hint, create, rename, save, remove, remove_text,
            kept, backed_up, one_device, unsupported, unsupported_here, failed, sign_in, second_step, prove_text, prove, refused, not_taken, too_many,
            name_missing, name_invalid, proof_wrong, code_wrong;
    }
    problem: ProblemTexts {
        text: wrong_credentials, session_ended, access_denied, password_sign_in_disabled, try_again, email_missing,
            email_invalid, email_disposable, email_taken, challenge_unanswered, password_missing, password_too_common,
            current_password_wrong, name_missing, name_invalid, organization_invalid, token_name_missing, token_name_invalid, scope_missing, expiry_invalid,
            too_many_tokens, owner_stays, gone, email_same, proof_missing, proof_wrong, code_wrong,
            recovery_code_wrong, proof_code_wrong, second_factor_demanded, already_enrolled, delete_email_other, owner_deletes, picture_missing, picture_too_large, picture_format, picture_sides;
        phrase: password_too_short, password_too_long;
    }
    forgot: ForgotTexts {
        text: title, text, submit, back;
    }
    reset: ResetTexts {
        text: title, text, submit;
    }
    link: LinkTexts {
        text: verify_title, verify_text, verify_submit, change_title, change_text, change_submit, undo_title, undo_text,
            undo_submit, domain_title, domain_text, domain_submit;
    }
    told: ToldTexts {
        text: sent_title, sent_text, check_title, check_text, set_title, set_text, verified_title, verified_text,
            changed_title, changed_text, undone_title, undone_text, domain_title, domain_text, deleted_title, deleted_text, gone_title, gone_text, sign_in, new_password,
            new_link;
    }
    notice: NoticeTexts {
        text: second_factor_disabled, verification_sent, reset_withdrawn, email_change_sent, profile_saved, password_changed, session_ended, sessions_ended,
            access_withdrawn, passkey_added, proved, passkey_renamed, passkey_removed, token_deleted, organization_switched,
            organization_joined, organization_left,
            oldest_session_ended, picture_saved, picture_removed;
    }
    panel: PanelTexts {
        text: invitations, pages, people, products, roles, applications, organization, audit_log, sections, back, busy, save,
            next_page, first_page, role_owner, role_administrator, role_member, role_billing_editor,
            role_normal, role_viewer, role_editor, not_allowed_title, not_allowed_text, not_found_title,
            not_found_text, no_such_path_text, to_panel;
    }
    people: PeopleTexts {
        text: caption, search, search_hint, search_submit, clear, person, roles, status, suspended, active,
            never_signed_in, you, none_found_hint;
        phrase: suspended_from, none_found;
    }
    person: PersonTexts {
        text: more, details, email, unverified, status, mfa, mfa_on, mfa_off, since, history, changes, roles,
            roles_text, organization_role, no_role, role_viceowner, owner_fixed, further, save_roles, access,
            access_text, whole, suspend, suspend_text, unsuspend, is_suspended, is_open,
            set_password, password_text, new_password, transfer, proof, remove,
            remove_text;
        phrase: legacy, transfer_text;
    }
    panel_invitations: PanelInvitationsTexts {
        text: waiting, none, none_hint, asks, invited, product, state, sent, pending, ends, role, approve,
            decline, take_back, decline_text, invite, invite_text, email, name, offer, send;
    }
    panel_products: PanelProductsTexts {
        text: caption, product, state, since, actions, none, none_hint, none_hint_member, others, others_none,
            enable, enable_text, disable, disable_text, state_active, state_trial, state_past_due,
            state_cancelled, state_expired;
    }
    panel_roles: PanelRolesTexts {
        text: own, own_none, predefined, predefined_text, role, product, kind, kind_primary, kind_secondary,
            kind_custom, new, name, name_hint, can, can_text, create, nothing, delete, delete_text;
    }
    panel_applications: PanelApplicationsTexts {
        text: caption, none, none_hint, name, kind, type_server, type_javascript, visibility,
            visibility_private, visibility_public, redirect_uris, redirect_uris_hint, configuration_uri,
            scopes, required, new, create, settings, settings_text, client_id, secret, secret_text,
            secret_none, new_secret, new_secret_text, registered, secret_made, secret_once, save_scopes,
            scopes_text, delete, delete_text;
    }
    panel_organization: PanelOrganizationTexts {
        text: details, id, name, name_hint, phone, website, unset, owner_only, mode, mode_lax, mode_strict,
            mode_hint, second_factor_free, required_on, required_on_hint, second_factor_demand, second_factor_move,
            second_factor_end, second_factor_own, further, end, delete, delete_text, repeat, deleted_title,
            deleted_text;
        phrase: second_factor_from;
    }
    panel_domains: PanelDomainsTexts {
        text: title, lead, list, none, none_hint, proven, unproven, record_text, record_type, record_name,
            record_value, check, mail, remove, remove_text, add, domain, domain_hint, full;
        phrase: proven_since;
    }
    panel_merges: PanelMergesTexts {
        text: title, lead, list, state, state_pending, state_done, state_withdrawn, state_refused,
            state_expired, asked, until, closed, look, ask, ask_text, source, source_hint, keep, keep_text,
            keep_own, keep_source, keep_wrong, submit;
        phrase: into_own, into_other;
    }
    panel_merge: PanelMergeTexts {
        text: title, all, about, ends, becomes, waits, preview, preview_text, people, people_text,
            people_caption, people_unseen, total, joining, in_both, suspended, administrators, role_after,
            gains, nothing, both, products, products_none, product_stays, product_moves, product_kept,
            product_replaced, product_undecided, belongings, roles, roles_none, applications, applications_none,
            applications_text, domains, domains_none, domain_moves, domain_ends, ending, ending_text,
            personal_tokens, invitations, mfa, mfa_free, without_second_factor, decide, approve, takes_time,
            refuse, refuse_text, withdraw, withdraw_text, done_title, done_text;
        phrase: renamed, more, mfa_required, approve_text;
    }
    audit: AuditTexts {
        text: caption, filters, action, every_action, from, until, apply, clear, at, who, target, origin,
            details, service, only_actor, only_target, none, none_hint;
    }
    panel_problem: PanelProblemTexts {
        text: email_invalid, already_member, offer_invalid, not_allowed, gone, roles_impossible, search_invalid,
            password_missing, password_too_common, account_shared, proof_missing, proof_wrong, proof_code_wrong, heir_unfit,
            required_on_invalid, own_second_factor_missing,
            changed_meanwhile, name_missing, name_invalid, name_taken, product_invalid, scope_missing,
            scope_above, redirect_uris_invalid, configuration_uri_invalid, too_many_applications, phone_invalid,
            website_invalid, day_invalid, mode_invalid, not_repeated, domain_invalid, domain_free,
            domain_disposable, domain_taken, too_many_domains, record_missing, names_unanswered, domain_proven,
            source_unknown, source_own, keep_invalid, merge_open, merge_too_large, email_unverified,
            other_unverified, merge_closed, merge_changed, merge_products_changed;
    }
    panel_notice: PanelNoticeTexts {
        text: invited, invited_before, approved, declined, roles_saved, suspended, unsuspended, password_set,
            person_removed, ownership_transferred, product_enabled, product_disabled, role_created, role_saved,
            role_deleted, application_saved, scopes_saved, application_deleted, organization_saved,
            second_factor_demanded, second_factor_free,
            domain_added, domain_proven, challenge_sent, domain_removed, merge_requested, merge_ended;
    }
}

impl Texts {
    pub(super) fn in_language(language: Language) -> &'static Self {
        match language {
            Language::English => &en::TEXTS,
            Language::Polish => &pl::TEXTS,
        }
    }
}

#[cfg(test)]
impl std::fmt::Display for Phrase {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(to, "{}{{}}{}", self.before, self.after)
    }
}

#[cfg(test)]
mod tests {
    use super::{Language, Phrase, Texts};

    #[test]
    fn a_phrase_is_what_stands_around_its_gap() {
        let phrase = Phrase::new("Żółw {} gęś");
        assert_eq!((phrase.before(), phrase.after(), phrase.of("i").as_str()), ("Żółw ", " gęś", "Żółw i gęś"));
    }

    #[test]
    fn no_text_is_empty_or_left_in_english() {
        let (english, polish) =
            (Texts::in_language(Language::English).all(), Texts::in_language(Language::Polish).all());
        // The word is the same in both.
        let alike = |key: &str| key == "role_administrator";
        let same: Vec<_> = english.iter().zip(&polish).filter(|(one, other)| one == other && !alike(one.1)).collect();
        assert!(same.is_empty(), "{same:?}");
        for (part, key, text) in english.iter().chain(&polish) {
            assert!(!text.trim().is_empty(), "{part}.{key}");
            assert!(!text.contains(['<', '>', '"', '\u{a0}']), "{part}.{key}: {text}");
        }
    }

    #[test]
    fn there_are_twelve_months() {
        for language in Language::ALL {
            assert_eq!(Texts::in_language(*language).common.months.split(' ').count(), 12);
        }
    }
}
