//! What stands behind the platform's own counting of requests, before the service itself counts anything.

use super::operation::Operation as Op;

/// Whom a gate is for: each has an allowance of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Gate {
    /// Sign-in, sign-up, forgotten passwords, and commands of the operator.
    People,
    /// The token endpoint.
    Applications,
    /// The pages that begin a sign-in.
    Visits,
}

impl Gate {
    /// Before everything by which a stranger can make the service hash, verify a signature, write or send mail. All else
    /// costs a stranger no storage, or asks for a credential first.
    pub const fn of(operation: Op) -> Option<Self> {
        match operation {
            Op::SignIn
            | Op::SignUp
            | Op::SignInToInvitation
            | Op::SignUpToInvitation
            | Op::AskPasskeySignIn
            | Op::SignInWithPasskey
            | Op::AskPasswordReset
            | Op::ResetPassword
            | Op::CreateOrganization
            | Op::PresentOperatorCommand => Some(Self::People),
            Op::ExchangeToken => Some(Self::Applications),
            // What is asked for is kept for an hour, whoever asks.
            Op::Authorize => Some(Self::Visits),
            _ => None,
        }
    }
}
