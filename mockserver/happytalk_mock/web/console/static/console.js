// The console's behaviour: live parts, switches, and small conveniences. The server renders every part of the
// page; what comes anew is put in the place of what has the same id.

import { Problem, admin, call, text, token } from "./api.js";
import { choose, faultOf } from "./forms.js";

const LOOK_EVERY = 2000; // milliseconds
const ENABLED = "[data-needs-script]";
const received = new Map(); // id of a live part -> its markup as it came last
let paused = false;
let timer = 0;
let looking = false;
let forces; // what was in force when we last looked
let lost = false; // whether the mock did not answer then

// --- the page's own address, and parts that come anew --------------------------------------------------

const livesOnPage = () => document.getElementById("journal-list") !== null;
const forcesOf = (page) => page.querySelector("[data-signature]")?.dataset.signature;
const parse = (html) => new DOMParser().parseFromString(html, "text/html");

function start() {
  for (const each of document.querySelectorAll(ENABLED)) each.disabled = false;
  for (const each of document.querySelectorAll("form[data-fault]")) choose(each);
  received.clear();
  for (const each of document.querySelectorAll("[data-live]")) received.set(each.id, each.outerHTML);
  forces = forcesOf(document);
  paused = false;
  if (document.getElementById("unlock") && token.get() !== null) unlock();
  schedule();
}

/** Puts the parts of another rendering of this page in place, where they differ. */
function renew(rendered) {
  for (const fresh of rendered.querySelectorAll("[data-live]")) {
    const old = document.getElementById(fresh.id);
    const markup = fresh.outerHTML;
    if (!old || received.get(fresh.id) === markup) continue;
    received.set(fresh.id, markup);
    replace(old, document.adoptNode(fresh));
  }
  for (const fresh of rendered.querySelectorAll("[data-sync]")) synchronise(fresh);
}

/** Replaces a part; what was open stays open, and what had the focus keeps it. */
function replace(old, fresh) {
  const open = [...old.querySelectorAll("details[open][id]")].map((each) => each.id);
  const focused = old.contains(document.activeElement) ? document.activeElement : null;
  const summaryOf = focused?.closest("summary")?.parentElement.id;
  old.replaceWith(fresh);
  for (const each of fresh.querySelectorAll(ENABLED)) each.disabled = false;
  for (const id of open) document.getElementById(id)?.setAttribute("open", "");
  if (focused) {
    const again = summaryOf ? document.querySelector(`#${CSS.escape(summaryOf)} > summary`) : document.getElementById(focused.id);
    again?.focus({ preventScroll: true });
  }
}

/** Sets boxes and choices to what another rendering has, and leaves the rest of the form alone. */
function synchronise(fresh) {
  for (const each of fresh.querySelectorAll("input, select")) {
    const own = document.getElementById(each.id);
    if (!own || own === document.activeElement) continue;
    if (each.type === "checkbox") own.checked = each.checked;
    else own.value = each.value;
    if (each.hasAttribute("data-number-for")) own.hidden = each.hidden;
  }
  for (const each of fresh.querySelectorAll(".question")) {
    document.getElementById(each.id)?.classList.toggle("changed", each.classList.contains("changed"));
  }
}

/** The whole page anew, from the server. */
async function refresh() {
  const response = await call(location.href);
  if (!response.ok) return;
  const rendered = parse(await response.text());
  forces = forcesOf(rendered);
  renew(rendered);
}

/** The parts that change by themselves. The whole page where what is in force has changed. */
async function look() {
  const query = new URLSearchParams(location.search);
  for (const [name, value] of journalFilter()) query.set(name, value);
  query.set("lang", document.documentElement.lang);
  const response = await call(`/__console/live?${query}`);
  if (!response.ok) return;
  const rendered = parse(await response.text());
  renew(rendered);
  if (forcesOf(rendered) !== forces) await refresh();
}

function schedule() {
  clearTimeout(timer);
  if (!livesOnPage() || paused || document.hidden) return;
  timer = setTimeout(async () => {
    await lookNow();
    schedule();
  }, LOOK_EVERY);
}

async function lookNow() {
  if (looking) return;
  looking = true;
  try {
    await look();
    lost = false;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    if (!lost) say(error.message); // once: it may come back
    lost = true;
  } finally {
    looking = false;
  }
}

function journalFilter() {
  const form = document.querySelector("[data-journal-filter]");
  return form ? [...new FormData(form)].filter(([name]) => name.startsWith("j_")) : [];
}

/** Another page of the console in place of this one: for a token, which a plain link cannot carry. */
async function show(url, { push = true } = {}) {
  const response = await call(url);
  const next = parse(await response.text());
  if (push) history.pushState(null, "", url);
  document.documentElement.lang = next.documentElement.lang;
  document.title = next.title;
  document.body.replaceWith(document.adoptNode(next.body));
  start();
  const target = location.hash && document.querySelector(`#${CSS.escape(location.hash.slice(1))}`);
  if (target) target.scrollIntoView();
  return response.status;
}

// --- saying what happened ------------------------------------------------------------------------------

function say(words) {
  const place = document.getElementById("said");
  if (!place) return;
  place.textContent = words;
  clearTimeout(say.timer);
  say.timer = setTimeout(() => (place.textContent = ""), 4000);
}

/** Runs an action for an element; a refusal is shown beside it. */
async function attempt(element, action) {
  const place = problemPlace(element);
  if (place) place.hidden = true;
  try {
    await action();
    say(text("done"));
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    if (!place) return say(error.message);
    place.textContent = error.message;
    place.hidden = false;
  }
}

function problemPlace(element) {
  for (let each = element; each; each = each.parentElement) {
    const found = each.querySelector(":scope > .problem[role=alert]");
    if (found) return found;
  }
  return null;
}

// --- switches ------------------------------------------------------------------------------------------

/** The customer whose settings are changed; "" for every customer's. */
const scope = () => document.getElementById("scope")?.dataset.token || "";
const isScoped = (element) => element.closest("[data-scope]") !== null;

/** Asks the admin API to change something, and shows what has changed. */
async function change(element, request, body) {
  await attempt(element, async () => {
    const [method, path] = request.split(" ");
    const tenant = isScoped(element) && !/\/\d+$/.test(path) ? scope() : "";
    if (body !== undefined) await admin(method, path, tenant ? { ...body, tenant } : body);
    else await admin(method, tenant ? `${path}?token=${encodeURIComponent(tenant)}` : path);
    await refresh();
  });
}

function bodyOf(button) {
  if (button.dataset.take) {
    const [id, name] = button.dataset.take.split(":");
    return { [name]: document.getElementById(id).value };
  }
  return button.dataset.body === undefined ? undefined : JSON.parse(button.dataset.body);
}

/** To ten seconds before the mock's midnight; the clock stands or runs on as it did. */
async function toMidnight(button) {
  await attempt(button, async () => {
    const tenant = scope();
    const clock = await admin("GET", tenant ? `/clock?token=${encodeURIComponent(tenant)}` : "/clock");
    const moment = `${clock.now.slice(0, 10)} 23:59:50`;
    const body = clock.frozen ? { at: moment } : { to: moment };
    if (tenant) body.tenant = tenant;
    await admin("POST", clock.frozen ? "/clock/freeze" : "/clock/set", body);
    await refresh();
  });
}

function answerQuestion(element) {
  const id = element.dataset.question || element.dataset.numberFor;
  const number = document.getElementById(`n-${id}`);
  const select = document.getElementById(`q-${id}`);
  if (number) number.hidden = select.value !== "#";
  const answer = select.value === "#" ? number.value : select.value;
  change(element, "PATCH /behaviour", { [id]: answer });
}

function switchDrifts(box) {
  const names = [...document.querySelectorAll("#drift-list input:checked")].map((each) => each.value);
  if (names.length) change(box, "PUT /drift", { names });
  else change(box, "DELETE /drift");
}

function searchDrifts() {
  const area = document.getElementById("drift-area").value;
  const words = document.getElementById("drift-search").value.toLowerCase().split(/\s+/).filter(Boolean);
  let found = 0;
  for (const group of document.querySelectorAll("#drift-list [data-area]")) {
    let shown = 0;
    for (const each of group.querySelectorAll(".check")) {
      const told = each.textContent.toLowerCase();
      const fits = (!area || group.dataset.area === area) && words.every((word) => told.includes(word));
      each.hidden = !fits;
      shown += fits;
    }
    group.hidden = !shown;
    found += shown;
  }
  document.getElementById("drift-count").textContent = text("drifts_found", { n: found });
}

async function reset(form) {
  const dialog = document.getElementById("reset-dialog");
  dialog.returnValue = "no";
  dialog.showModal();
  // The event of an earlier closing may still be on its way.
  while (dialog.open) await new Promise((resolve) => dialog.addEventListener("close", resolve, { once: true }));
  if (dialog.returnValue !== "yes") return;
  const data = new FormData(form);
  await change(form, "POST /reset", { to: data.has("empty") ? "empty" : "seed", only: data.getAll("only") });
}

// --- conveniences --------------------------------------------------------------------------------------

async function copy(button) {
  const source = document.getElementById(button.dataset.copy);
  try {
    await navigator.clipboard.writeText(source.textContent);
  } catch {
    // Not given to pages over plain HTTP from another machine: select it, and let the browser copy that.
    getSelection().selectAllChildren(source);
    document.execCommand("copy");
  }
  say(text("copied"));
}

/** Sends the shown request as a client would, and shows the answer as it came. */
async function send(button) {
  const place = document.getElementById("sent");
  const shown = place.querySelector("pre");
  const body = document.getElementById("request-json").textContent;
  const started = performance.now();
  let answer;
  try {
    const headers = JSON.parse(button.dataset.headers);
    const response = await fetch("/user/api/chat_room_lists/format/json", { method: "POST", body, headers, cache: "no-store" });
    const got = await response.text();
    const told = ["Content-Type", "Retry-After", "X-HappyTalk-Mock-Fault", "X-HappyTalk-Mock-Hint"]
      .filter((name) => response.headers.has(name))
      .map((name) => `${name}: ${response.headers.get(name)}`);
    const cut = got.length > 4000 ? `${got.slice(0, 4000)}…` : got;
    answer = [`HTTP ${response.status}`, ...told, "", cut].join("\n");
  } catch {
    answer = text("no_answer");
  }
  shown.textContent = `${Math.round(performance.now() - started)} ms\n${answer}`;
  place.hidden = false;
  await lookNow();
}

/** A room over the page instead of below it. */
async function openRoom(link) {
  const response = await call(link.href);
  const found = parse(await response.text()).getElementById("room");
  if (!found) return;
  document.getElementById("room")?.remove();
  const dialog = document.getElementById("room-dialog");
  dialog.replaceChildren(document.adoptNode(found)); // stays there, hidden, until the next room
  dialog.showModal();
  dialog.scrollTop = 0;
}

function pause(button) {
  paused = !paused;
  button.setAttribute("aria-pressed", String(paused));
  if (!paused) lookNow();
  schedule();
}

async function unlock() {
  const input = document.getElementById("admin-token");
  if (input.value) token.set(input.value);
  if ((await show(location.href, { push: false })) !== 401) return;
  token.forget();
  const place = document.querySelector("#unlock .problem");
  place.textContent = text("wrong_token");
  place.hidden = false;
  document.getElementById("admin-token").focus();
}

function lock() {
  token.forget();
  location.href = "/__console";
}

// --- one listener for each kind of event, so that replaced parts need none of their own ----------------

document.addEventListener("click", (event) => {
  const at = (selector) => event.target.closest(selector);
  const button = at("button");
  if (button?.type === "button") {
    const { dataset } = button;
    if ("copy" in dataset) copy(button);
    else if ("send" in dataset) send(button);
    else if ("pause" in dataset) pause(button);
    else if ("midnight" in dataset) toMidnight(button);
    else if ("forget" in dataset) lock();
    else if ("admin" in dataset) change(button, dataset.admin, bodyOf(button));
    return;
  }
  const link = at("a[href]");
  if (!link || event.metaKey || event.ctrlKey || event.shiftKey || event.button) return;
  if (link.closest("dialog") && "close" in link.dataset) {
    event.preventDefault();
    link.closest("dialog").close();
  } else if ("room" in link.dataset) {
    event.preventDefault();
    openRoom(link);
  } else if (token.get() !== null && isOwn(link)) {
    event.preventDefault();
    show(link.href);
  }
});

const isOwn = (link) =>
  !("plain" in link.dataset) &&
  link.origin === location.origin &&
  link.pathname === "/__console" &&
  !link.getAttribute("href").startsWith("#");

document.addEventListener("submit", (event) => {
  const form = event.target;
  const { dataset } = form;
  if (form.getAttribute("method") === "dialog") return;
  const staysHere = isScoped(form) || form.id === "unlock" || "journalFilter" in dataset;
  if (staysHere || token.get() !== null) event.preventDefault();
  if (form.id === "unlock") unlock();
  else if ("journalFilter" in dataset) lookNow();
  else if ("fault" in dataset) change(form, "POST /faults", faultOf(form));
  else if ("reset" in dataset) reset(form);
  else if ("admin" in dataset) change(form, dataset.admin, Object.fromEntries(new FormData(form)));
  else if (!staysHere && token.get() !== null) {
    const url = new URL(form.action);
    url.search = new URLSearchParams(new FormData(form));
    show(url.href);
  }
});

document.addEventListener("change", (event) => {
  const { target } = event;
  if (target.closest("[data-journal-filter]")) lookNow();
  else if (target.closest("[data-fault]")) choose(target.closest("[data-fault]"));
  else if (target.matches("[data-question], [data-number-for]")) answerQuestion(target);
  else if (target.matches("#drift-list input")) switchDrifts(target);
  else if (target.id === "drift-area") searchDrifts();
});

document.addEventListener("input", (event) => {
  if (event.target.id === "drift-search") searchDrifts();
});
document.addEventListener("visibilitychange", () => {
  if (!document.hidden && livesOnPage() && !paused) lookNow();
  schedule();
});
addEventListener("popstate", () => {
  if (token.get() !== null) show(location.href, { push: false });
});

start();
