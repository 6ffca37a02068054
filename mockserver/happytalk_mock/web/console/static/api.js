// Talking to the mock: every request of the page goes through `call`, so that the admin token goes with it.

const KEPT = "happytalk-mock-admin-token";

/** The admin token, kept for this tab alone; null where none was given. */
export const token = {
  get: () => sessionStorage.getItem(KEPT),
  set: (value) => sessionStorage.setItem(KEPT, value),
  forget: () => sessionStorage.removeItem(KEPT),
};

/** A text of the page's language, with {names} filled in. */
export function text(key, values = {}) {
  const texts = JSON.parse(document.body.dataset.texts || "{}");
  return (texts[key] || key).replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

/** What went wrong, in words for the reader. */
export class Problem extends Error {}

/** fetch with the admin token; throws a Problem where nothing answers. */
export async function call(url, options = {}) {
  const headers = new Headers(options.headers);
  if (token.get() !== null) headers.set("Authorization", `Bearer ${token.get()}`);
  try {
    return await fetch(url, { cache: "no-store", ...options, headers });
  } catch {
    throw new Problem(text("unreachable"));
  }
}

/** A request to the admin API. Returns its JSON, throws a Problem with the problem details. */
export async function admin(method, path, body) {
  const options = { method };
  if (body !== undefined) {
    options.body = JSON.stringify(body);
    options.headers = { "Content-Type": "application/json" };
  }
  const response = await call(`/__admin${path}`, options);
  const payload = await response.json().catch(() => ({}));
  if (response.ok) return payload;
  throw new Problem("field" in payload ? text("problem", payload) : payload.detail || `HTTP ${response.status}`);
}
