//! The reference as one page of HTML: no script, no other host, readable on paper.

use std::fmt::Write as _;

use super::json::{Json, Object};

const STYLE: &str = include_str!("../../../docs/api/reference.css");

/// The page of a document.
pub fn page(document: &Object) -> String {
    let info = document.get("info").expect("info").as_object();
    let operations = operations(document);
    let mut html = String::new();
    let title = escape(info.text("title"));
    write!(
        html,
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n\
         <a class=\"skip\" href=\"#content\">Skip to the content</a>\n<header>\n<p class=\"title\">{title}</p>\n\
         <p>Version {} · <a href=\"/openapi.json\">OpenAPI 3.1</a></p>\n</header>\n",
        escape(info.text("version")),
    )
    .expect("a text");
    navigation(&mut html, document, &operations);
    write!(
        html,
        "<main id=\"content\" tabindex=\"-1\">\n<h1>{title}</h1>\n<p class=\"lead\">{}</p>\n",
        inline(info.text("summary"))
    )
    .expect("a text");
    html += "<section class=\"introduction\">\n";
    html += &prose(info.text("description"), 2);
    html += "</section>\n";
    for tag in document.items("tags") {
        let tag = tag.as_object();
        let name = tag.text("name");
        write!(
            html,
            "<section class=\"group\" aria-labelledby=\"{}\">\n<h2 id=\"{}\">{}</h2>\n",
            anchor(name),
            anchor(name),
            escape(name)
        )
        .expect("a text");
        html += &prose(tag.text("description"), 3);
        index(&mut html, operations.iter().filter(|operation| operation.tag == name));
        for operation in operations.iter().filter(|operation| operation.tag == name) {
            operation.write(&mut html, document);
        }
        html += "</section>\n";
    }
    schemas(&mut html, document);
    html += "</main>\n</body>\n</html>\n";
    html
}

struct Operation<'a> {
    method: String,
    path: &'a str,
    tag: &'a str,
    object: &'a Object,
}

fn operations(document: &Object) -> Vec<Operation<'_>> {
    let mut all = Vec::new();
    for (path, methods) in document.fields("paths") {
        for (method, object) in &methods.as_object().0 {
            let object = object.as_object();
            let tag = object.items("tags").first().expect("a tag").as_text();
            all.push(Operation { method: method.to_uppercase(), path, tag, object });
        }
    }
    all
}

fn navigation(html: &mut String, document: &Object, operations: &[Operation<'_>]) {
    *html += "<nav aria-label=\"Contents\">\n<ul>\n";
    for tag in document.items("tags") {
        let name = tag.as_object().text("name");
        write!(html, "<li><a href=\"#{}\">{}</a>\n<ul>\n", anchor(name), escape(name)).expect("a text");
        for operation in operations.iter().filter(|operation| operation.tag == name) {
            writeln!(
                html,
                "<li><a href=\"#{}\">{}</a></li>",
                operation.object.text("operationId"),
                escape(operation.object.text("summary")),
            )
            .expect("a text");
        }
        *html += "</ul></li>\n";
    }
    *html += "<li><a href=\"#schemas\">Schemas</a></li>\n</ul>\n</nav>\n";
}

/// The operations of a group at a glance.
fn index<'a>(html: &mut String, operations: impl Iterator<Item = &'a Operation<'a>>) {
    *html += "<ul class=\"index\">\n";
    for operation in operations {
        writeln!(
            html,
            "<li><span class=\"method {}\">{}</span> <code>{}</code> <a href=\"#{}\">{}</a></li>",
            operation.method.to_lowercase(),
            operation.method,
            path(operation.path),
            operation.object.text("operationId"),
            escape(operation.object.text("summary")),
        )
        .expect("a text");
    }
    *html += "</ul>\n";
}

impl Operation<'_> {
    fn write(&self, html: &mut String, document: &Object) {
        let id = self.object.text("operationId");
        write!(
            html,
            "<article aria-labelledby=\"{id}\">\n<h3 id=\"{id}\"><a href=\"#{id}\">{}</a></h3>\n\
             <p class=\"endpoint\"><span class=\"method {}\">{}</span> <code>{}</code></p>\n<div class=\"columns\">\n<div>\n",
            escape(self.object.text("summary")),
            self.method.to_lowercase(),
            self.method,
            path(self.path),
        )
        .expect("a text");
        let (told, access) = self.object.text("description").rsplit_once("\n\n").expect("the access comes last");
        *html += &prose(told, 4);
        writeln!(html, "<p class=\"access\">{}</p>", inline(access)).expect("a text");
        let parameters: Vec<&Object> =
            self.object.items("parameters").iter().map(|item| resolve(document, item)).collect();
        if !parameters.is_empty() {
            *html += "<h4>Parameters</h4>\n<dl class=\"fields\">\n";
            for parameter in &parameters {
                let required = parameter.get("required") == Some(&Json::Bool(true));
                field(
                    html,
                    parameter.text("name"),
                    parameter.get("schema").expect("a schema"),
                    parameter.text("description"),
                    required,
                );
            }
            *html += "</dl>\n";
        }
        let body = self.object.get("requestBody").map(|body| content(body.as_object()).expect("content").1);
        if let Some(body) = body {
            *html += "<h4>Body</h4>\n";
            fields_of(html, &resolve(document, body.get("schema").expect("a schema")).clone().into());
        }
        self.answers(html, document);
        *html += "</div>\n<div class=\"examples\">\n";
        self.request(html, &parameters, body);
        self.success(html);
        *html += "</div>\n</div>\n</article>\n";
    }

    /// Every status with its meaning; errors open to their example.
    fn answers(&self, html: &mut String, document: &Object) {
        *html += "<h4>Answers</h4>\n<ul class=\"answers\">\n";
        for (status, response) in self.object.fields("responses") {
            let response = resolve(document, response);
            let kind = if status.starts_with(['4', '5']) { "error" } else { "success" };
            let told = inline(response.text("description"));
            let example = content(response).and_then(|(_, content)| content.get("example"));
            match example.filter(|_| kind == "error") {
                Some(example) => write!(
                    html,
                    "<li class=\"{kind}\"><details><summary><b>{status}</b> <span>{told}</span></summary>\n{}</details></li>\n",
                    code(&example.pretty(), &format!("Answer {status}")),
                ),
                None => {
                    let of = content(response).map_or(String::new(), |(_, content)| {
                        let name = type_of(content.get("schema").expect("a schema"));
                        format!(" <span class=\"type\">{name}</span>")
                    });
                    writeln!(html, "<li class=\"{kind}\"><b>{status}</b> <span>{told}{of}</span></li>")
                }
            }
            .expect("a text");
        }
        *html += "</ul>\n";
    }

    /// The request as a command.
    fn request(&self, html: &mut String, parameters: &[&Object], body: Option<&Object>) {
        let mut path = self.path.to_owned();
        for parameter in parameters.iter().filter(|parameter| parameter.text("in") == "path") {
            let example = parameter.get("example").map_or("ID", Json::as_text);
            path = path.replace(&format!("{{{}}}", parameter.text("name")), example);
        }
        let mut lines = vec![match self.method.as_str() {
            "GET" => format!("curl $ACCOUNTS{path}"),
            method => format!("curl -X {method} $ACCOUNTS{path}"),
        }];
        let credentials = self.object.items("security");
        if !credentials.is_empty() && credentials.first() != Some(&Object::default().into()) {
            lines.push("-H \"Authorization: Bearer $TOKEN\"".to_owned());
        }
        if let Some(example) = body.and_then(|body| body.get("example")) {
            lines.push("-H \"Content-Type: application/json\"".to_owned());
            lines.push(format!("-d '{}'", example.pretty().trim_end()));
        }
        write!(
            html,
            "<h4>Request</h4>\n{}",
            code(&lines.join(" \\\n  "), &format!("Request: {}", self.object.text("summary")))
        )
        .expect("a text");
    }

    fn success(&self, html: &mut String) {
        let shown = self.object.fields("responses").iter().filter(|(status, _)| status.starts_with('2')).find_map(
            |(status, response)| {
                let example = content(response.as_object())?.1.get("example")?;
                Some((status, example))
            },
        );
        if let Some((status, example)) = shown {
            write!(
                html,
                "<h4>Answer {status}</h4>\n{}",
                code(&example.pretty(), &format!("Answer {status}: {}", self.object.text("summary")))
            )
            .expect("a text");
        }
    }
}

fn schemas(html: &mut String, document: &Object) {
    *html += "<section class=\"group\" aria-labelledby=\"schemas\">\n<h2 id=\"schemas\">Schemas</h2>\n";
    let components = document.get("components").expect("components").as_object();
    for (name, schema) in components.fields("schemas") {
        write!(html, "<article class=\"schema\" aria-labelledby=\"schema-{name}\">\n<h3 id=\"schema-{name}\"><a href=\"#schema-{name}\">{name}</a></h3>\n")
            .expect("a text");
        *html += &prose(schema.as_object().text("description"), 4);
        fields_of(html, schema);
        *html += "</article>\n";
    }
    *html += "</section>\n";
}

/// The fields of a schema; those of one that is only named stay with it.
fn fields_of(html: &mut String, schema: &Json) {
    let object = schema.as_object();
    if object.get("$ref").is_some() || object.get("items").is_some() {
        writeln!(html, "<p>{}</p>", type_of(schema)).expect("a text");
    } else if !object.fields("properties").is_empty() {
        *html += "<dl class=\"fields\">\n";
        properties(html, object, "");
        *html += "</dl>\n";
    } else if !object.items("allOf").is_empty() {
        for part in object.items("allOf") {
            match part.as_object().get("$ref") {
                Some(_) => writeln!(html, "<p>All of {}, and:</p>", type_of(part)).expect("a text"),
                None => fields_of(html, part),
            }
        }
    } else if !object.items("oneOf").is_empty() {
        for form in object.items("oneOf") {
            writeln!(html, "<p>{}:</p>", escape(form.as_object().text("title"))).expect("a text");
            fields_of(html, form);
        }
    } else {
        writeln!(html, "<p>{}</p>", type_of(schema)).expect("a text");
    }
}

/// The fields of an object, and those of the objects in it by their dotted path.
fn properties(html: &mut String, object: &Object, prefix: &str) {
    let required = object.items("required");
    for (name, schema) in object.fields("properties") {
        let path = format!("{prefix}{name}");
        field(html, &path, schema, schema.as_object().text("description"), required.contains(&name.as_str().into()));
        let schema = schema.as_object();
        properties(html, schema, &format!("{path}."));
        if let Some(Json::Object(items)) = schema.get("items") {
            properties(html, items, &format!("{path}[]."));
        }
    }
}

fn field(html: &mut String, name: &str, schema: &Json, description: &str, required: bool) {
    let mut facts = vec![format!("<span class=\"type\">{}</span>", type_of(schema))];
    facts.extend(limits(schema.as_object()));
    if required {
        facts.push("<span class=\"required\">required</span>".to_owned());
    }
    write!(html, "<div>\n<dt><code>{}</code> {}</dt>\n", escape(name), facts.join(", ")).expect("a text");
    if !description.is_empty() {
        writeln!(html, "<dd>{}</dd>", inline(description)).expect("a text");
    }
    *html += "</div>\n";
}

fn limits(schema: &Object) -> Option<String> {
    let number = |name: &str| match schema.get(name) {
        Some(Json::Number(number)) => Some(number.to_string()),
        _ => None,
    };
    let characters = match (number("minLength"), number("maxLength")) {
        (None, None) => None,
        (Some(least), None) => Some(format!("at least {least} characters")),
        (None, Some(most)) => Some(format!("at most {most} characters")),
        (Some(least), Some(most)) => Some(format!("{least} to {most} characters")),
    };
    characters.or_else(|| match (number("minimum"), number("maximum")) {
        (Some(least), Some(most)) => Some(format!("{least} to {most}")),
        (Some(least), None) if least != "0" => Some(format!("at least {least}")),
        _ => None,
    })
}

/// What a value is, in words.
fn type_of(schema: &Json) -> String {
    let schema = schema.as_object();
    if let Some(Json::Text(reference)) = schema.get("$ref") {
        let name = reference.rsplit('/').next().unwrap_or_default();
        return format!("<a href=\"#schema-{name}\">{name}</a>");
    }
    if let Some(items) = schema.get("items") {
        return format!("list of {}", type_of(items));
    }
    if let Some(constant) = schema.get("const") {
        return format!("<code>{}</code>", escape(constant.as_text()));
    }
    let list = schema.items("enum").iter().filter_map(|value| match value {
        Json::Text(text) => Some(format!("<code>{}</code>", escape(text))),
        _ => None,
    });
    let list: Vec<String> = list.collect();
    if !list.is_empty() {
        return list.join(" | ");
    }
    for alternatives in ["anyOf", "oneOf"] {
        let items = schema.items(alternatives);
        if !items.is_empty() {
            return items.iter().map(type_of).collect::<Vec<_>>().join(" or ");
        }
    }
    let word = |kind: &str| match (kind, schema.text("format")) {
        ("string", "uuid") => "UUID".to_owned(),
        ("string", "date-time") => "time".to_owned(),
        ("string", "email") => "e-mail address".to_owned(),
        (kind, _) => kind.to_owned(),
    };
    match schema.get("type") {
        Some(Json::Text(kind)) => word(kind),
        Some(Json::List(kinds)) => kinds.iter().map(|kind| word(kind.as_text())).collect::<Vec<_>>().join(" or "),
        _ => word(if schema.text("format").is_empty() { "any" } else { "string" }),
    }
}

/// The first media type and what it holds.
fn content(holder: &Object) -> Option<(&str, &Object)> {
    let (name, content) = holder.fields("content").first()?;
    Some((name, content.as_object()))
}

/// Follows a `$ref` into the document.
pub fn resolve<'a>(document: &'a Object, value: &'a Json) -> &'a Object {
    let Some(Json::Text(reference)) = value.as_object().get("$ref") else {
        return value.as_object();
    };
    let steps = reference.strip_prefix("#/").unwrap_or_else(|| panic!("{reference}")).split('/');
    steps.fold(document, |at, step| at.get(step).unwrap_or_else(|| panic!("{reference} leads nowhere")).as_object())
}

fn path(template: &str) -> String {
    // A line may break after each segment.
    escape(template).replace('/', "/<wbr>").replacen("/<wbr>", "/", 1)
}

fn code(text: &str, label: &str) -> String {
    format!(
        "<pre tabindex=\"0\" role=\"region\" aria-label=\"{}\"><code>{}</code></pre>\n",
        escape(label),
        escape(text.trim_end())
    )
}

fn anchor(name: &str) -> String {
    name.to_lowercase().replace(' ', "-")
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// Paragraphs and `##` headings, which become headings of `level`.
fn prose(text: &str, level: u8) -> String {
    let block = |block: &str| match block.strip_prefix("## ") {
        Some(title) => format!("<h{level} id=\"{}\">{}</h{level}>\n", anchor(title), escape(title)),
        None => format!("<p>{}</p>\n", inline(block)),
    };
    text.split("\n\n").filter(|text| !text.is_empty()).map(block).collect()
}

/// `code`, **strong** and [links](#within), the part of `CommonMark` that the descriptions use.
fn inline(text: &str) -> String {
    let mut html = String::new();
    for (at, part) in text.split('`').enumerate() {
        match at % 2 {
            1 => write!(html, "<code>{}</code>", escape(part)).expect("a text"),
            _ => html += &links(&strong(&escape(part))),
        }
    }
    html
}

fn strong(text: &str) -> String {
    let part =
        |(at, part): (usize, &str)| if at % 2 == 1 { format!("<strong>{part}</strong>") } else { part.to_owned() };
    text.split("**").enumerate().map(part).collect()
}

fn links(text: &str) -> String {
    let mut rest = text;
    let mut html = String::new();
    while let Some((before, after)) = rest.split_once('[') {
        let Some((label, after)) = after.split_once("](") else { break };
        let Some((target, after)) = after.split_once(')') else { break };
        write!(html, "{before}<a href=\"{target}\">{label}</a>").expect("a text");
        rest = after;
    }
    html + rest
}
