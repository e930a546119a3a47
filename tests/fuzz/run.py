"""Random calls against a running service, for every operation of its own description.

    scripts/python tests/fuzz/run.py http://127.0.0.1:8787

Looks for faults (5xx), answers and statuses that are not described, calls that work without a credential, and any way
from one organization into another. FUZZ_SECONDS (200) is how long; FUZZ_SEED repeats a run. Ends with a line
`N passed, N failed`, which counts operations for each kind of credential.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from xml.etree import ElementTree

import service

HERE = Path(__file__).resolve().parent
CHECKS = [
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "ignored_auth",
    "cross_organization",
]
# Bearer has the whole API; a personal token has less to show.
SHARES = {"bearer": 0.7, "basic": 0.3}


def main():
    url = sys.argv[1].rstrip("/")
    seconds = int(os.environ.get("FUZZ_SECONDS", "200"))
    seed = os.environ.get("FUZZ_SEED", str(int.from_bytes(os.urandom(4))))
    api = service.Service(url)
    print(f"seed {seed}, {seconds} s, {sum(map(len, api.document['paths'].values()))} operations", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        description = Path(folder, "openapi.json")
        description.write_text(json.dumps(exact(api.document)))
        passed = failed = total = 0
        for kind, share in SHARES.items():
            caller, victim = (service.organization(api, service.fresh_name(name)) for name in ("caller", "victim"))
            if kind not in caller:
                print(f"{kind}: there is no way to make one")
                failed += 1
                continue
            before = service.portrait(api, victim)
            tally, code = run(api, description, folder, {"url": url, "kind": kind, "caller": caller, "victim": victim}, share * seconds, seed)
            touched = [path for path, answer in service.portrait(api, victim).items() if answer != before[path]]
            results = report(kind, tally, code, touched)
            passed, failed, total = passed + results[0], failed + results[1], total + results[2]
    print(f"{total} calls")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


def run(api, description, folder, world, seconds, seed):
    """One run of schemathesis: its tally and exit code."""
    files = {name: Path(folder, f"{world['kind']}-{name}.json") for name in ("world", "tally", "junit")}
    files["world"].write_text(json.dumps(world))
    environment = {
        **os.environ,
        "SCHEMATHESIS_HOOKS": "hooks",
        "PYTHONPATH": str(HERE),
        "FUZZ_WORLD": str(files["world"]),
        "FUZZ_TALLY": str(files["tally"]),
    }
    command = [
        sys.executable, "-m", "schemathesis.cli", "run", str(description), "--url", world["url"], "--checks", ",".join(CHECKS),
        "--phases", "examples,coverage,fuzzing", "--max-time", str(max(1, round(seconds))), "--seed", seed,
        "--continue-on-failure", "--no-shrink", "--generation-database", "none", "--warnings", "off", "--no-color",
        "--request-timeout", "30", "--suppress-health-check", "all", "--report-junit-path", str(files["junit"]),
    ]
    code = subprocess.run(command, env=environment, cwd=folder).returncode
    if not files["tally"].exists() or not files["junit"].exists():
        return {"cases": {}, "failures": {}}, code
    tally = json.loads(files["tally"].read_text())
    return {**tally, "failures": failures(files["junit"], api.document, tally)}, code


def failures(junit, document, tally):
    """What is wrong, by operation."""
    names = {f"{method.upper()} {path}": operation["operationId"] for path, item in document["paths"].items() for method, operation in item.items()}
    found = {}
    for case in ElementTree.parse(junit).iter("testcase"):
        for problem in [*case.iter("failure"), *case.iter("error")]:
            text = problem.get("message") or problem.text or ""
            found.setdefault(names.get(case.get("name"), case.get("name")), []).append(text.strip()[:1000])
    for operation, times in tally["ended"].items():
        found.setdefault(operation, []).append(f"ended the caller's credential, {times} x")
    return found


def report(kind, tally, code, touched):
    """Prints a line for each operation; counts passed, failed and calls."""
    failures, cases = tally.get("failures", {}), tally.get("cases", {})
    print(f"\n{kind}:")
    for operation, count in sorted(cases.items()):
        told = " ".join(f"{status}:{times}" for status, times in sorted(tally["statuses"][operation].items()))
        print(f"  {'FAILED' if operation in failures else 'ok':7}{operation:22}{count:6}  {told}")
    for operation, texts in failures.items():
        for text in texts:
            print(f"  {operation}: {text}")
    failed = len(failures)
    if touched:
        print(f"  FAILED the other organization has changed: {', '.join(touched)}")
        failed += 1
    if not cases or (code and not failures):
        print(f"  FAILED schemathesis ended with code {code}")
        failed += 1
    return len(set(cases) - set(failures)), failed, sum(cases.values())


def exact(document):
    """The description with every object of an answer closed, so that a field which it does not name is found."""
    document = json.loads(json.dumps(document))
    schemas = document["components"]["schemas"]
    parts = {part["$ref"] for schema in schemas.values() for part in schema.get("allOf", []) if "$ref" in part}
    for item in document["paths"].values():
        for operation in item.values():
            for response in operation["responses"].values():
                for content in response.get("content", {}).values():
                    content["schema"] = closed(content["schema"])
    for response in document["components"]["responses"].values():
        for content in response["content"].values():
            content["schema"] = closed(content["schema"])
    for name, schema in schemas.items():
        if f"#/components/schemas/{name}" not in parts and ("properties" in schema or "allOf" in schema):
            if not written_by_callers(document, name):
                schema["unevaluatedProperties"] = False
    return document


def closed(schema):
    if schema.get("type") == "array":
        return {**schema, "items": closed(schema["items"])}
    return {**schema, "unevaluatedProperties": False} if "$ref" in schema or "properties" in schema else schema


def written_by_callers(document, name):
    bodies = [operation.get("requestBody", {}) for item in document["paths"].values() for operation in item.values()]
    seen, todo = set(), json.dumps(bodies)
    while True:
        found = {other for other in document["components"]["schemas"] if f'"#/components/schemas/{other}"' in todo} - seen
        if not found:
            return name in seen
        seen |= found
        todo = json.dumps([document["components"]["schemas"][other] for other in found])


if __name__ == "__main__":
    sys.exit(main())
