//! The route table, seen from outside.

use global_accounts::http::router::Route;

/// The route's path with something well-formed in place of each parameter.
pub fn path(route: &Route) -> String {
    let mut path = String::new();
    for segment in route.path.split('/').skip(1) {
        path.push('/');
        path.push_str(match segment {
            "{client_id}" => "00000000000000000000000000000000",
            "{product}" => "LiveChat",
            parameter if parameter.starts_with('{') => "00000000-0000-7000-8000-000000000000",
            literal => literal,
        });
    }
    path
}
