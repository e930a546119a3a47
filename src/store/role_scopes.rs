//! What roles allow, compared with what a caller holds.

use std::sync::OnceLock;

use crate::domain::scope;

/// SQL condition: the caller's roles give `$scope` or one that includes it. Needs the rows `caller_scope (scope)`, what
/// the caller holds, and the parameter `$widenings` bound to [`widenings`].
macro_rules! caller_holds {
    ($scope:literal, $widenings:literal) => {
        concat!(
            "(EXISTS (SELECT 1 FROM caller_scope WHERE caller_scope.scope = ",
            $scope,
            ") OR EXISTS (SELECT 1 FROM json_each(",
            $widenings,
            ") AS ends JOIN caller_scope ON caller_scope.scope =
      substr(",
            $scope,
            ", 1, length(",
            $scope,
            ") - length(ends.value ->> 0)) || (ends.value ->> 1)
    WHERE substr(",
            $scope,
            ", -length(ends.value ->> 0)) = ends.value ->> 0))"
        )
    };
}
pub(super) use caller_holds;

/// [`scope::widenings`] as JSON, made once.
pub fn widenings() -> &'static str {
    static JSON: OnceLock<String> = OnceLock::new();
    JSON.get_or_init(|| serde_json::json!(scope::widenings()).to_string())
}
