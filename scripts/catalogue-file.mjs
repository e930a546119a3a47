// A file of the catalogue: what is right in it, what it would change, and the SQL that does it. Asks nobody.
// docs/catalogue.md describes the format; the limits are those of schema.sql and of the API.

const LIMITS = { product: 64, role: 64, scope: 64, description: 200, name: 191, url: 255, list: 100 };
/** The owner's rank, which no role of a product reaches. */
const OWNER_RANK = 30;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const SCOPE = /^[A-Za-z0-9._-]+(:(ro|rc|rw|own))?$/;

/** `{file, problems}`: the file with every default filled in, and every mistake by its dotted path. */
export function check(text) {
  const problems = [];
  const bad = (path, problem) => void problems.push(`${path || "the file"}: ${problem}`);
  let parsed;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    return { problems: [`the file: not JSON: ${error.message}`] };
  }

  const object = (value, path, keys) => {
    if (value === null || typeof value !== "object" || Array.isArray(value)) return bad(path, "must be an object");
    for (const key of Object.keys(value)) if (!keys.includes(key)) bad(at(path, key), "is not known here");
    return value;
  };
  const list = (value, path, most, read) => {
    if (value === undefined) return [];
    if (!Array.isArray(value)) return bad(path, "must be a list") ?? [];
    if (value.length > most) bad(path, `holds more than ${most} items`);
    return value.map((item, index) => read(item, at(path, index))).filter(Boolean);
  };
  const word = (value, path, most, form = /^[^\p{Cc}\p{Cf}]+$/u) => {
    if (typeof value !== "string" || value === "") return bad(path, "is required, as a text");
    if ([...value].length > most) return bad(path, `is longer than ${most} characters`);
    if (value !== value.trim() || !form.test(value)) return bad(path, "has a form that is not allowed");
    return value;
  };
  const whole = (value, path, from, to) => {
    if (Number.isInteger(value) && value >= from && value <= to) return value;
    return bad(path, `must be a whole number from ${from} to ${to}`);
  };
  const flag = (value, path, absent) => {
    if (value === undefined) return absent;
    return typeof value === "boolean" ? value : bad(path, "must be true or false");
  };
  const address = (value, path) => {
    const text = word(value, path, LIMITS.url);
    const url = text && URL.canParse(text) ? new URL(text) : undefined;
    const loopback = ["localhost", "127.0.0.1", "[::1]"].includes(url?.hostname);
    const reachable = url?.protocol === "https:" || (url?.protocol === "http:" && loopback);
    if (text && !(reachable && url.href === text && !url.username && !url.password && !url.search && !url.hash)) {
      return bad(path, "must be an https address in its normal form (https://host/path), without query and fragment");
    }
    return text;
  };
  const scopeName = (value, path) => word(value, path, LIMITS.scope, SCOPE);
  const distinct = (items, key, path) => {
    const seen = new Set();
    for (const item of items) {
      if (item[key] !== undefined && seen.has(item[key])) bad(path, `${key} ${item[key]} stands twice`);
      seen.add(item[key]);
    }
    return items;
  };

  const scope = (value, path) =>
    object(value, path, ["scope", "description", "beta", "private"]) && {
      scope: scopeName(value.scope, at(path, "scope")),
      description: word(value.description, at(path, "description"), LIMITS.description),
      beta: flag(value.beta, at(path, "beta"), false),
      private: flag(value.private, at(path, "private"), false),
    };
  const role = (value, path) => {
    if (!object(value, path, ["role_id", "role", "type", "rank", "scopes"])) return undefined;
    const type = value.type ?? "secondary";
    if (!["secondary", "custom"].includes(type)) bad(at(path, "type"), "must be secondary or custom");
    const scopes = list(value.scopes, at(path, "scopes"), LIMITS.list, scopeName);
    if (new Set(scopes).size !== scopes.length) bad(at(path, "scopes"), "a scope stands twice");
    return {
      role_id: word(value.role_id, at(path, "role_id"), 36, UUID),
      role: word(value.role, at(path, "role"), LIMITS.role),
      type,
      rank: whole(value.rank, at(path, "rank"), 1, OWNER_RANK - 1),
      scopes,
    };
  };
  const client = (value, path) => {
    if (value === undefined) return undefined;
    if (!object(value, path, ["client_id", "name", "redirect_uris", "scopes"])) return undefined;
    const clientScope = (item, where) =>
      object(item, where, ["scope", "required"]) && {
        scope: scopeName(item.scope, at(where, "scope")),
        required: flag(item.required, at(where, "required"), false),
      };
    const uris = list(value.redirect_uris, at(path, "redirect_uris"), 20, address);
    if (value.redirect_uris === undefined || uris.length === 0) bad(at(path, "redirect_uris"), "needs at least one");
    if (new Set(uris).size !== uris.length) bad(at(path, "redirect_uris"), "an address stands twice");
    return {
      client_id: word(value.client_id, at(path, "client_id"), 32, /^[0-9a-f]{32}$/),
      name: word(value.name, at(path, "name"), LIMITS.name),
      redirect_uris: uris,
      scopes: distinct(list(value.scopes, at(path, "scopes"), LIMITS.list, clientScope), "scope", at(path, "scopes")),
    };
  };
  const product = (value, path) => {
    if (!object(value, path, ["product", "position", "launch_url", "scopes", "roles", "client"])) return undefined;
    const { position, launch_url } = value;
    const roles = list(value.roles, at(path, "roles"), LIMITS.list, role);
    const highest = Math.max(...roles.filter(({ type }) => type === "secondary").map(({ rank }) => rank));
    const first = roles.filter(({ type, rank }) => type === "secondary" && rank === highest);
    if (first.length > 1) bad(at(path, "roles"), "two secondary roles have the highest rank: which one does the owner get?");
    return {
      product: word(value.product, at(path, "product"), LIMITS.product, /^[A-Za-z][A-Za-z0-9_-]*$/),
      position: position === undefined ? undefined : whole(position, at(path, "position"), 1, 1_000_000),
      launch_url: launch_url === undefined || launch_url === null ? null : address(launch_url, at(path, "launch_url")),
      scopes: list(value.scopes, at(path, "scopes"), LIMITS.list, scope),
      roles: distinct(roles, "role", at(path, "roles")),
      client: client(value.client, at(path, "client")),
    };
  };

  const top = object(parsed, "", ["products"]);
  const products = top ? distinct(list(top.products, "products", LIMITS.list, product), "product", "products") : [];
  if (top && products.length === 0) bad("products", "needs at least one");
  distinct(products.flatMap(({ scopes }) => scopes), "scope", "products");
  distinct(products.flatMap(({ roles }) => roles), "role_id", "products");
  distinct(products.flatMap(({ client }) => client ?? []), "client_id", "products");
  return { file: { products }, problems };
}

const at = (path, key) => (path === "" ? String(key) : `${path}.${key}`);

/** One SELECT whose only value is the whole catalogue as JSON, for `compare`. */
export const STATE = `SELECT json_object(
  'products', (SELECT json_group_array(json_object('product', product, 'position', position, 'launch_url', launch_url)) FROM product),
  'scopes', (SELECT json_group_array(json_object('scope', scope, 'description', description, 'beta', beta, 'private', private)) FROM scope),
  'roles', (SELECT json_group_array(json_object('role_id', role_id, 'product', product, 'role', role, 'type', type, 'rank', rank,
     'own', organization_id IS NOT NULL,
     'scopes', (SELECT json_group_array(scope) FROM role_scope WHERE role_scope.role_id = role.role_id))) FROM role),
  'clients', (SELECT json_group_array(json_object('client_id', client_id, 'product', product, 'name', name,
     'redirect_uris', (SELECT json_group_array(redirect_uri) FROM client_redirect_uri WHERE client_redirect_uri.client_id = client.client_id),
     'scopes', (SELECT json_group_array(json_object('scope', scope, 'required', required)) FROM client_scope WHERE client_scope.client_id = client.client_id)))
     FROM client WHERE product IS NOT NULL),
  'enabled', (SELECT json_group_array(DISTINCT product) FROM organization_product)
) AS catalogue`.replace(/\s+/g, " ");

/** What the file adds to the catalogue as it is, where the two differ, and what makes it impossible. */
export function compare(file, now) {
  const additions = [];
  const differences = [];
  const problems = [];
  const known = new Set([...now.scopes, ...file.products.flatMap(({ scopes }) => scopes)].map(({ scope }) => scope));
  const unknown = (path, names) => {
    for (const name of names) if (!known.has(name)) problems.push(`${path}: there is no scope ${name}`);
  };
  const differ = (what, wanted, found) => {
    for (const key of Object.keys(wanted)) {
      const [file, here] = [wanted[key], found[key]].map((value) => JSON.stringify(value));
      if (file !== here) differences.push(`${what}: ${key} is ${here}, the file says ${file}`);
    }
  };
  const one = (what, wanted, found) => (found ? differ(what, wanted, found) : additions.push(what));

  for (const product of file.products) {
    const { product: name } = product;
    const here = now.products.find((other) => other.product === name);
    const position = product.position === undefined ? {} : { position: product.position };
    one(`product ${name}`, { launch_url: product.launch_url, ...position }, here);
    for (const scope of product.scopes) {
      const there = now.scopes.find((other) => other.scope === scope.scope);
      one(`scope ${scope.scope}`, { ...scope, beta: Number(scope.beta), private: Number(scope.private) }, there);
    }
    for (const role of product.roles) {
      const what = `role ${name}/${role.role}`;
      unknown(what, role.scopes);
      const there = now.roles.find((other) => other.role_id === role.role_id);
      const twin = now.roles.find((other) => !other.own && other.product === name && other.role === role.role);
      if (there && (there.own || there.product !== name || there.type !== role.type)) {
        problems.push(`${what}: its id belongs to the ${there.type} role ${there.product}/${there.role}`);
      } else if (twin && twin.role_id !== role.role_id) {
        problems.push(`${what}: there is one already, with the id ${twin.role_id}`);
      } else {
        one(what, { role: role.role, rank: role.rank, scopes: [...role.scopes].sort() }, sorted(there));
      }
    }
    const { client } = product;
    if (!client) continue;
    const what = `client of ${name}`;
    unknown(what, client.scopes.map(({ scope }) => scope));
    const there = now.clients.find((other) => other.client_id === client.client_id);
    const twin = now.clients.find((other) => other.product === name);
    if (there && there.product !== name) problems.push(`${what}: its id belongs to that of ${there.product}`);
    else if (twin && twin.client_id !== client.client_id) problems.push(`${what}: there is one already, ${twin.client_id}`);
    else {
      const scopes = client.scopes.map(({ scope, required }) => ({ scope, required: Number(required) }));
      one(what, { name: client.name, redirect_uris: client.redirect_uris, scopes: byScope(scopes) }, sorted(there));
    }
  }
  return { additions, differences, problems };
}

const byScope = (scopes) => scopes.toSorted((one, other) => (one.scope < other.scope ? -1 : 1));
const sorted = (row) => row && { ...row, scopes: typeof row.scopes[0] === "object" ? byScope(row.scopes) : row.scopes.toSorted() };

const text = (value) => (value === null ? "NULL" : `'${String(value).replaceAll("'", "''")}'`);
const json = (value) => text(JSON.stringify(value));
const refuseUnless = (name, condition) =>
  `SELECT CASE WHEN ${condition} THEN 1 ELSE json_extract('{}', 'refuse:${name}') END;`;

/**
 * The statements that load the file. Run again they do nothing. A row that is there stays as it is, whoever wrote it,
 * with its scopes and addresses, unless `overwrite`. `now`, in milliseconds, marks what this run adds.
 */
export function load({ products }, now, overwrite = false) {
  const conflict = (key, columns) => {
    const set = columns.map((column) => `${column} = excluded.${column}`).join(", ");
    return `ON CONFLICT (${key}) DO ${overwrite ? `UPDATE SET ${set}` : "NOTHING"};`;
  };
  /** What belongs to a row goes with it: added together with it, or replaced when overwriting. */
  const belongs = (table, key, id, columns, select) => {
    const parent = key === "role_id" ? "role" : "client";
    const fresh = overwrite ? "TRUE" : `EXISTS (SELECT 1 FROM ${parent} WHERE ${key} = ${text(id)} AND created_at = ${now})`;
    const clear = overwrite ? [`DELETE FROM ${table} WHERE ${key} = ${text(id)};`] : [];
    return [...clear, `INSERT INTO ${table} (${columns}) SELECT ${select} AND ${fresh} ON CONFLICT DO NOTHING;`];
  };
  return products.flatMap(({ product, position, launch_url, scopes, roles, client }) => [
    `INSERT INTO product (product, position, launch_url) SELECT ${text(product)}, ` +
      `coalesce(${position ?? `(SELECT position FROM product WHERE product = ${text(product)})`}, max(position) + 1), ` +
      `${text(launch_url)} FROM product WHERE TRUE ${conflict("product", ["position", "launch_url"])}`,
    ...scopes.map(
      ({ scope, description, beta, private: hidden }) =>
        `INSERT INTO scope (scope, description, beta, private) VALUES (${text(scope)}, ${text(description)}, ` +
        `${Number(beta)}, ${Number(hidden)}) ${conflict("scope", ["description", "beta", "private"])}`,
    ),
    ...roles.flatMap(({ role_id, role, type, rank, scopes: gives }) => [
      `INSERT INTO role (role_id, product, role, type, rank, created_at, updated_at) VALUES (${text(role_id)}, ` +
        `${text(product)}, ${text(role)}, ${text(type)}, ${rank}, ${now}, ${now}) ${conflict("role_id", ["role", "rank", "updated_at"])}`,
      ...belongs("role_scope", "role_id", role_id, "role_id, scope", `${text(role_id)}, value FROM json_each(${json(gives)}) WHERE TRUE`),
    ]),
    ...(client ? clientOf(product, client) : []),
    refuseUnless(`catalogue ${product}`, held(product, roles, client)),
  ]);

  function clientOf(product, { client_id, name, redirect_uris, scopes }) {
    return [
      `INSERT INTO client (client_id, product, name, type, visibility, created_at, updated_at) VALUES (${text(client_id)}, ` +
        `${text(product)}, ${text(name)}, 'javascript_app', 'public', ${now}, ${now}) ${conflict("client_id", ["name", "updated_at"])}`,
      ...belongs("client_redirect_uri", "client_id", client_id, "client_id, position, redirect_uri",
        `${text(client_id)}, key, value FROM json_each(${json(redirect_uris)}) WHERE TRUE`),
      ...belongs("client_scope", "client_id", client_id, "client_id, scope, required",
        `${text(client_id)}, value ->> 'scope', value ->> 'required' FROM json_each(${json(scopes)}) WHERE TRUE`),
    ];
  }
}

/** SQL: the ids of the file stand for what the file says they are. */
function held(product, roles, client) {
  const ids = roles.map(({ role_id, type }) => ({ role_id, type }));
  const found =
    `(SELECT count(*) FROM json_each(${json(ids)}) AS wanted JOIN role ON role.role_id = wanted.value ->> 'role_id' ` +
    `AND role.type = wanted.value ->> 'type' AND role.product = ${text(product)} AND role.organization_id IS NULL) = ${ids.length}`;
  const own = client && `EXISTS (SELECT 1 FROM client WHERE client_id = ${text(client.client_id)} AND product = ${text(product)})`;
  return own ? `${found} AND ${own}` : found;
}

/** The statements that take the products of the file away again. Stopped whole while an organization has one of them. */
export function remove({ products }) {
  return products.flatMap(({ product, scopes }) => [
    refuseUnless(
      `catalogue ${product} is enabled`,
      `NOT EXISTS (SELECT 1 FROM organization_product WHERE product = ${text(product)})`,
    ),
    `UPDATE account SET default_product = NULL WHERE default_product = ${text(product)};`,
    `DELETE FROM invitation WHERE product = ${text(product)};`,
    `DELETE FROM product_suspension WHERE product = ${text(product)};`,
    `DELETE FROM client WHERE product = ${text(product)};`,
    `DELETE FROM role WHERE product = ${text(product)};`,
    `DELETE FROM product WHERE product = ${text(product)};`,
    `DELETE FROM scope WHERE scope IN (SELECT value FROM json_each(${json(scopes.map(({ scope }) => scope))}));`,
  ]);
}
