"""What schemathesis is told about this API: who calls, which ids are worth trying, and what must never happen.

The world is in the file that FUZZ_WORLD names, written by run.py. The tally goes to FUZZ_TALLY.
"""

import atexit
import json
import os
import zlib
from collections import Counter, defaultdict

import schemathesis
from schemathesis.core.failures import Failure

import service

WORLD = json.load(open(os.environ["FUZZ_WORLD"]))
CALLER, VICTIM, KIND = WORLD["caller"], WORLD["victim"], WORLD["kind"]
SERVICE = service.Service(WORLD["url"])

# Names of fields and path parameters that hold an id.
IDS = ("account_id", "role_id", "organization_id", "session_id", "client_id", "personal_token_id")
VICTIM_IDS = {value for values in VICTIM["ids"].values() for value in values}
SECRETS = VICTIM_IDS | {VICTIM["name"], VICTIM["bearer"].split()[1]}
if KIND == "basic":
    # Its own token is what it calls with.
    CALLER["ids"].pop("personal_token_id")
# Ids of the caller, growing with every answer.
POOL = defaultdict(list, {key: list(values) for key, values in CALLER["ids"].items()})
# Words that this service knows, which no generator finds.
WORDS = {
    "product": ("LiveChat", "HelpDesk", "Accounts"),
    "default_product": ("LiveChat", "Accounts"),
    "role": ("normal", "administrator", "member", "owner", "auditor"),
    "scope": ("accounts--my:ro", "accounts--all:ro,accounts.roles--all:ro", "organization--my:rw"),
    "redirect_uri": ("https://client.example/callback", "http://localhost:3000/"),
}
# What ends the calling token is called by somebody who may lose it.
ENDING = {"EndAllSessions", "EndSession", "RevokeToken", "SetPassword"}

# Operations that might end somebody's credential.
CHANGES = ("Set", "Delete", "Update", "End", "Disable", "Revoke")

cases = Counter()
statuses = defaultdict(Counter)
# Operations that ended the caller's credential, which none of them should.
ended = Counter()


def name(case):
    return case.operation.definition.raw["operationId"]


@schemathesis.auth(refresh_interval=None)
class Caller:
    """The owner of one organization, or somebody new where the call ends the caller's own credential."""

    def get(self, case, context):
        if KIND == "bearer" and name(case) in ENDING:
            return service.owner(SERVICE, service.fresh_name("fresh"))["bearer"]
        return CALLER[KIND]

    def set(self, case, data, context):
        case.headers["Authorization"] = data


def is_alive():
    return SERVICE.send("GET", "/v2/accounts/me", authorization=CALLER[KIND])[0] == 200


@schemathesis.hook
def before_call(context, case, kwargs):
    """Puts real ids where there are ids, the caller's own or the other organization's, and known words elsewhere."""
    seed = zlib.crc32(repr((case.path_parameters, case.query, case.body)).encode())
    for key in IDS:
        if key in (case.path_parameters or {}):
            case.path_parameters[key] = chosen(key, case.path_parameters[key], seed)
    if isinstance(case.body, (dict, list)):
        case.body = with_ids(case.body, seed)
    if (case.query or {}).get("actor"):
        case.query["actor"] = chosen("account_id", case.query["actor"], seed)


def chosen(key, generated, seed):
    if generated in ("me", "my") and seed % 2:
        return generated
    kind = seed % 10
    own, foreign = POOL[key], VICTIM["ids"].get(key, [])
    if kind < 4 and own:
        return own[seed // 10 % len(own)]
    if kind < 8 and foreign:
        return foreign[seed // 10 % len(foreign)]
    return generated


def with_ids(value, seed):
    if isinstance(value, dict):
        return {key: with_id(key, inner, seed + at) for at, (key, inner) in enumerate(value.items())}
    if isinstance(value, list):
        return [with_ids(inner, seed + at) for at, inner in enumerate(value)]
    return value


def with_id(key, value, seed):
    if not isinstance(value, str):
        return with_ids(value, seed)
    if key.removeprefix("default_") in IDS:
        return chosen(key.removeprefix("default_"), value, seed)
    return WORDS[key][seed % len(WORDS[key])] if key in WORDS and seed % 5 < 3 else value


@schemathesis.hook
def after_call(context, case, response):
    cases[name(case)] += 1
    statuses[name(case)][response.status_code] += 1
    if response.status_code == 200 and name(case) in ("ApproveMerge", "DeleteOrganization", "TransferOwnership"):
        # From here on the caller is nobody, or no owner, who cannot be deleted, but an administrator, who can.
        CALLER.update(service.organization(SERVICE, service.fresh_name("caller")))
    elif response.status_code < 300 and name(case).startswith(CHANGES) and not is_alive():
        # A personal token may delete itself: the generator reuses ids that it has read in answers.
        if not (KIND == "basic" and name(case) == "DeletePersonalToken"):
            ended[name(case)] += 1
        CALLER.update(service.organization(SERVICE, service.fresh_name("caller")))
    if 200 <= response.status_code < 300 and "json" in response.headers.get("content-type", [""])[0]:
        remember(response.json())


def remember(value):
    if isinstance(value, list):
        for inner in value[-5:]:
            remember(inner)
    elif isinstance(value, dict):
        for key, inner in value.items():
            own_token = key == "personal_token_id" and KIND == "basic"
            if key in IDS and isinstance(inner, str) and not own_token and inner not in VICTIM_IDS | set(POOL[key]):
                POOL[key].append(inner)
            remember(inner)


class CrossOrganization(Failure):
    """The caller reached another organization."""


@schemathesis.check
def cross_organization(ctx, response, case):
    """A call that names the other organization's object never succeeds, and no answer tells about the other one."""
    text = response.text
    sent = json.dumps([case.path_parameters or {}, case.query or {}, body_of(case)], default=str)
    named = {value for value in VICTIM_IDS if value in sent}
    if response.status_code < 300 and named and not is_filter(case, named):
        raise CrossOrganization(operation=case.operation.label, title="Another organization's object was reached", message=f"{sorted(named)}: {text[:500]}")
    told = {secret for secret in SECRETS if secret in text and secret not in sent}
    if told:
        raise CrossOrganization(operation=case.operation.label, title="Another organization's data was told", message=f"{sorted(told)}: {text[:500]}")


def body_of(case):
    return case.body if isinstance(case.body, (dict, list, str)) else ""


def is_filter(case, named):
    """A filter by a foreign id finds nothing, which is a success."""
    path_and_body = json.dumps([case.path_parameters or {}, body_of(case)], default=str)
    return not any(value in path_and_body for value in named)


@atexit.register
def tally():
    with open(os.environ["FUZZ_TALLY"], "w") as file:
        json.dump({"cases": cases, "statuses": statuses, "ended": ended}, file)
