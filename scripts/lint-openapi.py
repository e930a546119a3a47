"""Lints docs/openapi.json: valid OpenAPI 3.1, examples that fit their schemas, and the house rules below.

Run it with: scripts/python scripts/lint-openapi.py
"""

import json
import re
import sys
from pathlib import Path

from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

METHODS = {"get", "put", "post", "delete", "patch"}
BASE = "urn:openapi"


def main(path: Path) -> int:
    document = json.loads(path.read_text())
    problems = [f"{'/'.join(map(str, e.absolute_path))}: {e.message}" for e in OpenAPIV31SpecValidator(document).iter_errors()]
    checked = examples(document, problems)
    operations = house_rules(document, problems)
    unused(document, problems)
    for problem in problems:
        print(problem)
    print(f"{path}: {operations} operations, {checked} examples, {len(problems)} problems")
    return 1 if problems else 0


def examples(document, problems) -> int:
    """Every example beside a schema, and those in the schemas themselves."""
    registry = Registry().with_resource(BASE, Resource(document, DRAFT202012))
    checked = 0

    def check(where, schema, example):
        nonlocal checked
        checked += 1
        # Validated in place, so that its references resolve in the document.
        validator = Draft202012Validator({"$ref": BASE + "#" + schema}, registry=registry, format_checker=Draft202012Validator.FORMAT_CHECKER)
        problems.extend(f"{where}: {error.json_path}: {error.message}" for error in validator.iter_errors(example))

    for pointer, value in walk(document, ""):
        if isinstance(value, dict) and "schema" in value and "example" in value:
            check(pointer + "/example", pointer + "/schema", value["example"])
        if isinstance(value, dict) and isinstance(value.get("examples"), list):
            for at, example in enumerate(value["examples"]):
                check(f"{pointer}/examples/{at}", pointer, example)
    return checked


def house_rules(document, problems) -> int:
    tags = {tag["name"] for tag in document["tags"]}
    problems += [f"tag {tag['name']}: no description" for tag in document["tags"] if not tag.get("description")]
    ids = set()
    operations = 0
    for path, item in document["paths"].items():
        if path != "/" and path.endswith("/"):
            problems.append(f"{path}: ends with a slash")
        for method, operation in item.items():
            if method not in METHODS:
                continue
            operations += 1
            where = f"{method.upper()} {path}"
            say = lambda text, where=where: problems.append(f"{where}: {text}")
            name = operation.get("operationId", "")
            if not re.fullmatch("[A-Z][A-Za-z]+", name) or name in ids:
                say(f"operationId {name!r} is not a new name")
            ids.add(name)
            summary = operation.get("summary", "")
            if not summary or len(summary) > 60 or summary.endswith("."):
                say("summary must be a short line without a full stop")
            if not operation.get("description", "").endswith("."):
                say("description must be sentences")
            if not set(operation.get("tags", [])) <= tags or len(operation.get("tags", [])) != 1:
                say("needs exactly one tag of the document")
            if "security" not in operation:
                say("says nothing about security")
            for parameter in operation.get("parameters", []):
                if not resolve(document, parameter).get("description"):
                    say("a parameter has no description")
            answers(document, operation, say)
    return operations


def answers(document, operation, say):
    responses = {status: resolve(document, response) for status, response in operation["responses"].items()}
    if not any(status.startswith("2") for status in responses):
        say("has no successful answer")
    takes_credential = any(scheme for scheme in operation["security"])
    if takes_credential != ("401" in responses) and "401" not in responses:
        say("takes a credential, but has no 401")
    if operation.get("x-scopes") and "403" not in responses:
        say("demands a scope, but has no 403")
    if any(parameter.get("in") == "path" for parameter in map(lambda p: resolve(document, p), operation.get("parameters", []))):
        if "404" not in responses:
            say("names an object, but has no 404")
    for status, response in responses.items():
        if not response.get("description"):
            say(f"{status} has no description")
        if status[0] in "45" and operation["operationId"] != "CheckHealth":
            content = response.get("content", {}).get("application/json", {})
            if content.get("schema") != {"$ref": "#/components/schemas/Error"} or "example" not in content:
                say(f"{status} is no Error with an example")


def unused(document, problems):
    text = json.dumps(document)
    for section in ("schemas", "responses", "parameters", "headers"):
        for name in document["components"].get(section, {}):
            if f'"#/components/{section}/{name}"' not in text:
                problems.append(f"components/{section}/{name}: nothing refers to it")


def resolve(document, value):
    while "$ref" in value:
        at = document
        for step in value["$ref"].removeprefix("#/").split("/"):
            at = at[step]
        value = at
    return value


def walk(value, pointer):
    yield pointer, value
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, child in children:
        yield from walk(child, f"{pointer}/{str(name).replace('~', '~0').replace('/', '~1')}")


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1] if len(sys.argv) > 1 else "docs/openapi.json")))
