//! The document, put together from three sources: the route table says which operations exist and where, the
//! policy table says who may call them, and `docs/api/*.json` says everything else.

use global_accounts::authz::operation::Operation;
use global_accounts::authz::policy::{self, Credentials, Rank, Rule, Scopes};
use global_accounts::http::router::{ROUTES, Route};

use super::json::{Json, Object};
use super::refusal;

/// The files of `docs/api`, in the order of the reference.
const PARTS: [&str; 13] = [
    include_str!("../../../docs/api/accounts.json"),
    include_str!("../../../docs/api/invitations.json"),
    include_str!("../../../docs/api/roles.json"),
    include_str!("../../../docs/api/sessions.json"),
    include_str!("../../../docs/api/organizations.json"),
    include_str!("../../../docs/api/merges.json"),
    include_str!("../../../docs/api/products.json"),
    include_str!("../../../docs/api/tokens.json"),
    include_str!("../../../docs/api/passkeys.json"),
    include_str!("../../../docs/api/personal_tokens.json"),
    include_str!("../../../docs/api/clients.json"),
    include_str!("../../../docs/api/audit_log.json"),
    include_str!("../../../docs/api/service.json"),
];
const INTRODUCTION: &str = include_str!("../../../docs/api/introduction.json");

/// The written parts.
pub struct Sources {
    pub parts: Vec<Object>,
    pub introduction: Object,
}

impl Sources {
    pub fn read() -> Self {
        let parts = PARTS.iter().map(|text| Json::parse(text).as_object().clone()).collect();
        Self { parts, introduction: Json::parse(INTRODUCTION).as_object().clone() }
    }

    /// Every operation that is described, by name.
    pub fn described(&self) -> Vec<&str> {
        self.parts.iter().flat_map(|part| part.fields("operations")).map(|(name, _)| name.as_str()).collect()
    }

    fn collect(&self, section: &str) -> impl Iterator<Item = &(String, Json)> {
        self.parts.iter().flat_map(move |part| part.fields(section))
    }

    fn named(&self, section: &str, name: &str) -> &Json {
        let mut found = self.collect(section).filter(|(key, _)| key == name);
        &found.next().unwrap_or_else(|| panic!("{section} has no {name}")).1
    }

    /// An example, in which `"@Name"` stands for the one of that name.
    fn example(&self, written: &Json) -> Json {
        match written {
            Json::Text(text) => match text.strip_prefix('@') {
                Some(name) => self.example(self.named("examples", name)),
                None => written.clone(),
            },
            Json::List(items) => items.iter().map(|item| self.example(item)).collect::<Vec<_>>().into(),
            Json::Object(Object(fields)) => {
                Object(fields.iter().map(|(name, value)| (name.clone(), self.example(value))).collect()).into()
            }
            other => other.clone(),
        }
    }
}

/// Whether both are one line of the table.
pub fn is_same(one: &Route, other: &Route) -> bool {
    (&one.method, one.path) == (&other.method, other.path)
}

/// The route that stands for an operation; further ones are its aliases.
pub fn route(operation: Operation) -> Option<&'static Route> {
    let mut routes = ROUTES.iter().filter(|route| route.operation == operation && !route.is_page());
    let first = routes.next()?;
    Some(routes.find(|route| route.path.starts_with("/v2/") && !first.path.starts_with("/v2/")).unwrap_or(first))
}

fn operation(name: &str) -> Operation {
    let found = Operation::ALL.iter().find(|operation| format!("{operation:?}") == name);
    *found.unwrap_or_else(|| panic!("docs/api describes {name}, which is no operation"))
}

/// The whole document.
pub fn document(sources: &Sources) -> Json {
    let (mut paths, mut tags) = (Object::default(), Vec::new());
    for part in &sources.parts {
        let tag = part.get("tag").expect("a tag").as_object();
        let mut used = false;
        for (name, written) in part.fields("operations") {
            let operation = operation(name);
            if let Some(route) = route(operation) {
                let object = describe(sources, operation, route, tag.text("name"), written.as_object());
                paths.object(route.path).put(&route.method.as_str().to_lowercase(), object);
                used = true;
            }
        }
        if used {
            tags.push(Json::from(tag.clone()));
        }
    }
    let document = Object::default()
        .with("openapi", "3.1.1")
        .with("info", info(&sources.introduction))
        .with("servers", vec![Object::default().with("url", "/").with("description", "This deployment.")])
        .with("tags", tags)
        .with("paths", paths)
        .with("components", components(sources));
    without_unused(document).into()
}

fn info(introduction: &Object) -> Object {
    let sections = introduction.fields("sections").iter();
    let text: Vec<String> = sections.map(|(title, text)| format!("## {title}\n\n{}", paragraphs(text))).collect();
    Object::default()
        .with("title", introduction.text("title"))
        .with("version", env!("CARGO_PKG_VERSION"))
        .with("summary", introduction.text("summary"))
        .with("description", text.join("\n\n"))
        .with("license", Object::default().with("name", "Apache-2.0").with("identifier", "Apache-2.0"))
}

/// One paragraph, or a list of them.
fn paragraphs(written: &Json) -> String {
    match written {
        Json::List(items) => items.iter().map(Json::as_text).collect::<Vec<_>>().join("\n\n"),
        other => other.as_text().to_owned(),
    }
}

fn describe(sources: &Sources, operation: Operation, route: &Route, tag: &str, written: &Object) -> Object {
    let rule = policy::rule(operation);
    let mut description =
        paragraphs(written.get("description").unwrap_or_else(|| panic!("{operation:?}: description")));
    for line in [aliases(route), access(&rule)] {
        if !line.is_empty() {
            description += "\n\n";
            description += &line;
        }
    }
    let mut object = Object::default()
        .with("operationId", format!("{operation:?}"))
        .with("summary", written.text("summary"))
        .with("description", description)
        .with("tags", vec![tag]);
    if !written.items("parameters").is_empty() {
        let of = |parameter: &Json| match parameter {
            Json::Text(name) => reference("parameters", name),
            other => other.clone(),
        };
        object.put("parameters", written.items("parameters").iter().map(of).collect::<Vec<_>>());
    }
    if let Some(body) = written.get("body") {
        object.put("requestBody", request_body(sources, body.as_object()));
    }
    object.put("responses", responses(sources, operation, &rule, written));
    object.put("security", security(rule.credentials));
    match rule.scopes {
        Scopes::None => {}
        Scopes::AnyOf(scopes) => object.put("x-scopes", scopes.to_vec()),
        Scopes::OfApplications(scopes) => {
            object.put("x-scopes", Object::default().with("applications", scopes.to_vec()));
        }
        Scopes::ByTarget { own, others } => {
            object.put("x-scopes", Object::default().with("own", own.to_vec()).with("others", others.to_vec()));
        }
    }
    if takes_credentials(rule.credentials) {
        object.put("x-role", role(rule.rank));
        object.put("x-own-credentials", rule.own_credentials);
    }
    object
}

fn request_body(sources: &Sources, body: &Object) -> Object {
    let content = Object::default()
        .with("schema", schema(body.get("schema").expect("a schema")))
        .with("example", sources.example(body.get("example").expect("an example")));
    let mut types = Object::default().with("application/json", content.clone());
    if body.get("form").is_some() {
        types.put("application/x-www-form-urlencoded", content);
    }
    if let Some(file) = body.get("multipart") {
        types.put("multipart/form-data", Object::default().with("schema", schema(file)));
    }
    Object::default().with("required", body.get("optional").is_none()).with("content", types)
}

fn responses(sources: &Sources, operation: Operation, rule: &Rule, written: &Object) -> Object {
    let mut all: Vec<(String, Json)> = written
        .fields("answers")
        .iter()
        .map(|(status, answer)| (status.clone(), answer_of(sources, answer.as_object()).into()))
        .collect();
    for (status, response) in refusal::responses(operation, rule, written) {
        if !all.iter().any(|(known, _)| *known == status) {
            all.push((status, response));
        }
    }
    all.sort_by(|(one, _), (other, _)| one.cmp(other));
    Object(all)
}

fn answer_of(sources: &Sources, answer: &Object) -> Object {
    let mut object = Object::default().with("description", answer.text("description"));
    for header in answer.items("headers") {
        object.object("headers").put(header.as_text(), reference("headers", header.as_text()));
    }
    if let Some(written) = answer.get("schema") {
        let mut content = Object::default().with("schema", schema(written));
        if let Some(example) = answer.get("example") {
            content.put("example", sources.example(example));
        }
        let media_type = match answer.text("media_type") {
            "" => "application/json",
            other => other,
        };
        object.object("content").put(media_type, content);
    }
    object
}

/// A schema, in which a text stands for the one of that name.
pub fn schema(written: &Json) -> Json {
    let Json::Object(Object(fields)) = written else {
        return reference("schemas", written.as_text());
    };
    let field = |(name, value): &(String, Json)| {
        let value = match (name.as_str(), value) {
            ("items" | "additionalProperties", Json::Text(_) | Json::Object(_)) => schema(value),
            ("allOf" | "anyOf" | "oneOf", Json::List(items)) => items.iter().map(schema).collect::<Vec<_>>().into(),
            ("properties", Json::Object(Object(properties))) => {
                Object(properties.iter().map(|(name, value)| (name.clone(), schema(value))).collect()).into()
            }
            _ => value.clone(),
        };
        (name.clone(), value)
    };
    Object(fields.iter().map(field).collect()).into()
}

/// `{"$ref": "#/components/<section>/<name>"}`
pub fn reference(section: &str, name: &str) -> Json {
    Object::default().with("$ref", format!("#/components/{section}/{name}")).into()
}

fn components(sources: &Sources) -> Object {
    let mut schemas: Vec<_> = sources.collect("schemas").map(|(name, value)| (name.clone(), schema(value))).collect();
    schemas.sort_by(|(one, _), (other, _)| one.cmp(other));
    let section = |name| Object(sources.collect(name).cloned().collect());
    let scheme = |scheme: &str, text: &str| {
        Object::default().with("type", "http").with("scheme", scheme).with("description", text)
    };
    Object::default()
        .with("schemas", Object(schemas))
        .with("responses", refusal::shared())
        .with("parameters", section("parameters"))
        .with("headers", section("headers"))
        .with(
            "securitySchemes",
            Object::default()
                .with("bearer", scheme("bearer", "An access token, `<region>:<text>`."))
                .with("basic", scheme("basic", "`account_id` and a personal token.")),
        )
}

/// Drops the components that no operation reaches: those of operations whose routes do not exist.
fn without_unused(mut document: Object) -> Object {
    loop {
        let text = serde_json::to_string(&Json::from(document.clone())).expect("JSON");
        let mut dropped = false;
        let components = document.object("components");
        for section in ["schemas", "responses", "parameters", "headers"] {
            let fields = &mut components.object(section).0;
            let before = fields.len();
            fields.retain(|(name, _)| text.contains(&format!("\"#/components/{section}/{name}\"")));
            dropped |= fields.len() < before;
        }
        if !dropped {
            return document;
        }
    }
}

fn takes_credentials(credentials: Credentials) -> bool {
    matches!(credentials, Credentials::Any | Credentials::Bearer)
}

fn security(credentials: Credentials) -> Vec<Object> {
    let one = |name: &str| Object::default().with(name, Json::List(Vec::new()));
    match credentials {
        Credentials::None => Vec::new(),
        Credentials::Subject => vec![one("bearer"), Object::default()],
        Credentials::Optional => vec![Object::default(), one("bearer"), one("basic")],
        Credentials::Any => vec![one("bearer"), one("basic")],
        Credentials::Bearer => vec![one("bearer")],
        Credentials::Page => Vec::new(),
    }
}

fn role(rank: Rank) -> &'static str {
    match rank {
        Rank::Member => "member",
        Rank::Administrator => "administrator",
        Rank::Owner => "owner",
    }
}

fn alternatives(scopes: &[&str]) -> String {
    scopes.iter().map(|scope| format!("`{scope}`")).collect::<Vec<_>>().join(" or ")
}

/// Who may call, in words.
fn access(rule: &Rule) -> String {
    let mut words = match (rule.credentials, rule.scopes) {
        (Credentials::None, _) => return "Needs no credential.".to_owned(),
        (Credentials::Subject, _) => return "Needs no credential but the token itself.".to_owned(),
        (Credentials::Optional, Scopes::OfApplications(scopes)) => {
            return format!("A credential is optional; an application's token needs {}.", alternatives(scopes));
        }
        (Credentials::Optional, _) => return "A credential is optional.".to_owned(),
        (_, Scopes::None) => "Needs no scope".to_owned(),
        (_, Scopes::AnyOf(scopes)) => format!("Needs {}", alternatives(scopes)),
        (_, Scopes::OfApplications(scopes)) => format!("An application's token needs {}", alternatives(scopes)),
        (_, Scopes::ByTarget { own, others }) => {
            format!("Needs {} for your own account, {} for others", alternatives(own), alternatives(others))
        }
    };
    match rule.rank {
        Rank::Member => {}
        rank => words += &format!(", and the role {} or above", role(rank)),
    }
    words += ".";
    if rule.own_credentials {
        words += " Own credentials only.";
    }
    if rule.credentials == Credentials::Bearer {
        words += " A personal token cannot do this.";
    }
    words
}

/// Further paths of the same operation, in words.
fn aliases(route: &Route) -> String {
    let same = |other: &&Route| other.operation == route.operation && !other.is_page() && !is_same(other, route);
    let others = ROUTES.iter().filter(same);
    let names: Vec<String> = others.map(|other| format!("`{} {}`", other.method, other.path)).collect();
    match names.is_empty() {
        true => String::new(),
        false => format!(
            "Also at {}, where errors have `oauth_exception` and `exception_description` besides.",
            names.join(" and ")
        ),
    }
}
