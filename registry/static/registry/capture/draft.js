// What is typed is not lost: kept in this tab until it is saved, sent when the connection is back, offered again
// after a reload. Kept in the session storage of the tab only, under the person who typed it.
"use strict";

(() => {
  const form = document.querySelector("form[data-capture]");
  if (!form) return;
  const place = `draft:${document.body.dataset.person}:${window.location.pathname}`;
  const token = form.elements.namedItem("token");
  const OURS = new Set(["csrfmiddlewaretoken", "token", "version", "present", "do"]);
  const controls = () => [...form.elements].filter((each) => each.name && !OURS.has(each.name) && each.type !== "submit");

  // --- What was changed --------------------------------------------------------------------------------------------------

  const isChanged = (control) => {
    if (control.type === "radio" || control.type === "checkbox") return control.checked !== control.defaultChecked;
    if (control.tagName === "SELECT") {
      const first = [...control.options].findIndex((option) => option.defaultSelected);
      return control.selectedIndex !== Math.max(first, 0);
    }
    return control.value !== control.defaultValue;
  };
  const value = (control) => (control.type === "radio" || control.type === "checkbox" ? (control.checked ? [control.value] : []) : [control.value]);
  const valuesOf = (name) => controls().filter((each) => each.name === name).flatMap(value);
  const changed = () => new Set(controls().filter(isChanged).map((each) => each.name));
  // What a refused save shows is not stored either.
  const isDirty = () => "refused" in form.dataset || changed().size > 0;

  // --- Kept in this tab --------------------------------------------------------------------------------------------------

  const read = () => {
    try {
      return JSON.parse(sessionStorage.getItem(place));
    } catch {
      return null;
    }
  };
  let kept = read();
  const keep = () => {
    const fields = { ...kept?.fields };
    for (const name of [...changed(), ...Object.keys(fields)]) {
      if (controls().some((each) => each.name === name)) fields[name] = valuesOf(name);
    }
    kept = { token: token.value, at: Date.now(), fields };
    try {
      sessionStorage.setItem(place, JSON.stringify(kept));
    } catch {
      // A full storage: the page itself still holds everything.
    }
  };
  const forget = () => {
    kept = null;
    sessionStorage.removeItem(place);
  };

  const put = (name, values) => {
    for (const each of controls().filter((control) => control.name === name)) {
      if (each.type === "radio" || each.type === "checkbox") each.checked = values.includes(each.value);
      else [each.value] = values;
      each.closest("[data-field]")?.dispatchEvent(new Event("input", { bubbles: true }));
    }
  };
  const offer = document.querySelector("[data-draft-offer]");
  if (kept && "refused" in form.dataset) keep();
  else if (kept && offer) {
    offer.hidden = false;
    offer.querySelector(".draft-time").textContent = new Date(kept.at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  }
  offer?.addEventListener("click", (event) => {
    const answer = event.target.closest("[data-draft]")?.dataset.draft;
    if (!answer) return;
    offer.hidden = true;
    if (answer === "discard") {
      forget();
      return;
    }
    // Should the save have reached the server after all, the same token makes it the same save.
    token.value = kept.token;
    for (const [name, values] of Object.entries({ ...kept.fields })) put(name, values);
    for (const select of form.querySelectorAll(".missing-select")) select.dispatchEvent(new Event("change", { bubbles: true }));
    form.querySelector("[data-field] input:not([type=hidden]):not(:disabled)")?.focus();
  });

  let timer = 0;
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(keep, 150);
    // Whoever goes on typing sends it themselves.
    if (waiting) wait(null);
  });

  // --- Sending -----------------------------------------------------------------------------------------------------------

  const banner = form.querySelector(".no-connection");
  const AGAIN = 3000;
  let waiting = null;
  let again = 0;
  let isSending = false;

  const say = (isLost) => {
    banner.hidden = !isLost;
    banner.querySelector(".when-waiting").hidden = !waiting;
    banner.querySelector(".when-typing").hidden = Boolean(waiting);
  };
  const wait = (submitter) => {
    waiting = submitter;
    clearTimeout(again);
    if (submitter) again = setTimeout(() => send(submitter), AGAIN);
    if (!banner.hidden || submitter) say(true);
  };
  // Asking first costs a few milliseconds; a page that the browser has replaced by its own error is gone.
  const send = async (submitter) => {
    if (isSending) return;
    isSending = true;
    try {
      if (!navigator.onLine) throw new TypeError("offline");
      const alive = await window.registrySession.refresh();
      wait(null);
      say(false);
      if (alive) {
        keep();
        form.dataset.sent = "yes";
        form.requestSubmit(submitter);
      }
    } catch {
      keep();
      wait(submitter);
    } finally {
      isSending = false;
    }
  };
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent === "yes") {
      form.dataset.sent = "gone";
      return;
    }
    // A second click while the first is on its way would only be answered with the same row.
    event.preventDefault();
    if (!form.dataset.sent) send(event.submitter);
  });
  banner.querySelector("[data-retry]").addEventListener("click", () => waiting && send(waiting));
  window.addEventListener("online", () => (waiting ? send(waiting) : say(false)));
  window.addEventListener("offline", () => say(true));
  form.addEventListener("registry:reached", () => waiting || say(false));
  form.addEventListener("registry:unreached", () => say(true));
  window.addEventListener("pageshow", () => delete form.dataset.sent);
  window.addEventListener("beforeunload", (event) => {
    if (!form.dataset.sent && isDirty()) event.preventDefault();
  });
})();
