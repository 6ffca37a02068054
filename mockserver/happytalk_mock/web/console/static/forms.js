// Forms that need more than their names and values.

/** Shows the fields that what is chosen needs, and says what an effect does. */
export function choose(form) {
  for (const field of form.querySelectorAll("[data-when]")) {
    const [name, value] = field.dataset.when.split(":");
    const chosen = form.elements[name].value;
    field.hidden = value.startsWith("!") ? chosen === value.slice(1) : chosen !== value;
    for (const input of field.querySelectorAll("input, select")) input.disabled = field.hidden;
  }
  const says = form.elements.effect.selectedOptions[0].dataset.says;
  document.getElementById("effect-says").textContent = says;
}

/** The fault that the form describes, as the admin API takes it. */
export function faultOf(form) {
  const given = new FormData(form);
  const value = (name) => given.get(name) || "";
  const fault = {};
  const effect = value("effect");
  if (effect === "status") fault.status = Number(value("status"));
  else if (effect === "failure") fault.failure = Number(value("failure"));
  else if (effect === "rate_limit") fault.rate_limit = value("rate_limit");
  else if (effect) fault.fault = effect;
  for (const name of ["retry_after", "seconds", "times", "probability", "ttl"]) {
    if (value(name) !== "") fault[name] = Number(value(name));
  }
  for (const name of ["endpoint", "seed"]) {
    if (value(name) !== "") fault[name] = value(name);
  }
  const kind = value("delay_kind");
  const seconds = Number(value(`delay_${kind}`));
  const second = Number(value(`delay_${kind}_2`));
  if (kind === "fixed") fault.delay = seconds;
  if (kind === "uniform") fault.delay = { uniform: [seconds, second] };
  if (kind === "percentiles") fault.delay = { median_ms: seconds, p99_ms: second };
  if (kind === "lognormal") fault.delay = { lognormal: { median: seconds, sigma: second } };
  return fault;
}
