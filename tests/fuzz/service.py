"""The service under test: plain calls, and organizations that have one of everything."""

import base64
import json
import secrets
import urllib.error
import urllib.request

PASSWORD = "correct horse battery"


class Service:
    def __init__(self, url):
        self.url = url
        self.document = self.call("GET", "/openapi.json")

    def call(self, method, path, body=None, authorization=None):
        """The answer's JSON; anything but a success is an error of the suite."""
        status, text = self.send(method, path, body, authorization)
        if not 200 <= status < 300:
            raise RuntimeError(f"{method} {path}: {status} {text}")
        return json.loads(text)

    def send(self, method, path, body=None, authorization=None):
        request = urllib.request.Request(self.url + path, method=method)
        request.add_header("User-Agent", "fuzz/1")
        if authorization:
            request.add_header("Authorization", authorization)
        if body is not None:
            request.add_header("Content-Type", "application/json")
            request.data = json.dumps(body).encode()
        try:
            with urllib.request.urlopen(request, timeout=30) as response:
                return response.status, response.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def has(self, method, path):
        """Whether the description has a call of this form."""
        def fits(template):
            parts, given = template.split("/"), path.split("/")
            return len(parts) == len(given) and all(a == b or a.startswith("{") for a, b in zip(parts, given))

        return any(method.lower() in item and fits(template) for template, item in self.document["paths"].items())


def owner(service, name):
    """A new organization: its owner's token and ids."""
    created = service.call("POST", "/v2/organizations", {
        "email": f"{name}@example.com",
        "password": PASSWORD,
        "organization": {"name": name},
    })
    return {
        "name": name,
        "bearer": f"Bearer {created['access_token']}",
        "account": created["account_id"],
        "ids": {"account_id": [created["account_id"]], "organization_id": [created["organization"]["organization_id"]]},
    }


def organization(service, name):
    """A new organization with one of everything, every text of which holds `name`."""
    made = owner(service, name)
    service.call("PATCH", "/v2/accounts/me", {"name": name}, made["bearer"])

    def create(path, body, *keys):
        if not service.has("POST", path):
            return {}
        answer = service.call("POST", path, body, made["bearer"])
        for key in keys:
            made["ids"].setdefault(key, []).append(answer[key])
        return answer

    create("/v2/organizations/my/products", {"product": "LiveChat"})
    create("/v2/accounts", {"email": f"member-{name}@example.com", "name": f"{name} member"}, "account_id")
    create("/v2/roles", {"product": "LiveChat", "role": f"{name} role", "scope": "accounts--all:ro"}, "role_id")
    scopes = "accounts--all:rw,accounts.roles--all:rw,organization--my:rw,accounts.password--my:rw"
    token = create("/v2/personal_token", {"name": f"{name} token", "scope": scopes}, "personal_token_id")
    create("/v2/clients", {
        "name": f"{name} client",
        "type": "server_side_app",
        "visibility": "private",
        "redirect_uri": "https://client.example/callback",
        "scopes": ["accounts--my:ro"],
        "configuration_uri": "https://client.example/",
    }, "client_id")
    if service.has("GET", "/v2/sessions"):
        sessions = service.call("GET", "/v2/sessions", authorization=made["bearer"])
        made["ids"]["session_id"] = [session["session_id"] for session in sessions]
    if token:
        pair = base64.b64encode(f"{made['account']}:{token['personal_token']}".encode()).decode()
        made["basic"] = f"Basic {pair}"
    return made


def portrait(service, made):
    """Everything that the owner can read about the organization."""
    paths = ["/v2/accounts", "/v2/roles", "/v2/organizations/my", "/v2/organizations/my/products", "/v2/clients",
             "/v2/personal_token", "/v2/audit_log"]
    return {path: service.send("GET", path, authorization=made["bearer"]) for path in paths if service.has("GET", path)}


def fresh_name(prefix):
    return f"{prefix}-{secrets.token_hex(6)}"
