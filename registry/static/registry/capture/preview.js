// What follows from the typing, asked from the server without saving: derived values and remarks. An answer that
// was overtaken by further typing is dropped; without an answer the form works as before.
"use strict";

(() => {
  const form = document.querySelector("form[data-preview]");
  if (!form) return;
  const panel = document.querySelector("[data-panel]");
  const stale = document.querySelector(".live-stale");
  const PAUSE = 200;
  let asked = 0;
  let timer = 0;
  let running = null;
  let latest = null;

  // A remark that stays keeps its element, and with it the reason somebody is just typing there.
  const merge = (place, fresh) => {
    const wanted = new Set(fresh.map((each) => each.dataset.remark));
    for (const each of [...place.children]) if (!wanted.has(each.dataset.remark)) each.remove();
    let next = place.firstElementChild;
    for (const each of fresh) {
      if (next?.dataset.remark === each.dataset.remark) next = next.nextElementSibling;
      else place.insertBefore(each, next);
    }
  };
  const isTyping = (row) => row?.contains(document.activeElement) && document.activeElement.type === "text";

  const show = () => {
    if (!latest) return;
    const page = new DOMParser().parseFromString(latest, "text/html");
    panel.replaceChildren(...page.querySelector("[data-panel]").childNodes);
    const said = new Map([...page.querySelectorAll("[data-remarks-of]")].map((each) => [each.dataset.remarksOf, each]));
    for (const place of form.querySelectorAll("[data-remarks]")) {
      const row = place.closest("[data-field]");
      // Half a date is no mistake while it is being typed.
      const fresh = [...(said.get(row?.dataset.field || "")?.children || [])].filter(
        (each) => !(each.dataset.key.startsWith("entry.") && isTyping(row)),
      );
      merge(place, fresh);
      const hint = row?.querySelector(".hint");
      if (hint && fresh.length) {
        // The server has said it now; only the offer of another unit is ours alone.
        const offered = fresh.some((each) => each.querySelector("[data-use-unit]")) || hint.querySelector(".use-unit").hidden;
        if (offered) hint.remove();
        else hint.querySelector(".hint-text").textContent = "";
      }
    }
  };

  const ask = async () => {
    const number = (asked += 1);
    running?.abort();
    running = new AbortController();
    const send = () =>
      fetch(form.dataset.preview, {
        method: "POST",
        body: new URLSearchParams(new FormData(form)),
        headers: { "HX-Request": "true" },
        credentials: "same-origin",
        signal: running.signal,
      });
    try {
      let answer = await send();
      // Logged in again in another tab: the page takes over that session's token. Otherwise it is told.
      if (answer.status === 403 && (await window.registrySession.refresh())) answer = await send();
      if (number !== asked) return;
      stale.hidden = answer.ok;
      if (!answer.ok) return;
      const text = await answer.text();
      if (number !== asked) return;
      latest = text;
      window.registrySession.touch();
      form.dispatchEvent(new CustomEvent("registry:reached"));
      show();
    } catch (error) {
      if (error.name === "AbortError" || number !== asked) return;
      stale.hidden = false;
      form.dispatchEvent(new CustomEvent("registry:unreached"));
    }
  };

  const soon = (pause) => {
    clearTimeout(timer);
    timer = setTimeout(ask, pause);
  };
  form.addEventListener("input", (event) => {
    const row = event.target.closest("[data-field]");
    if (!row || event.target.closest(".remark")) return;
    // What a refused save said of the answer before this one.
    row.classList.remove("field-error");
    row.querySelector(".invalid-feedback")?.remove();
    for (const each of row.querySelectorAll("[aria-invalid]")) {
      each.removeAttribute("aria-invalid");
      each.classList.remove("is-invalid");
    }
    soon(event.target.type === "text" ? PAUSE : 0);
  });
  form.addEventListener("change", (event) => {
    if (event.target.closest("[data-field]") && !event.target.closest(".remark") && event.target.tagName === "SELECT") soon(0);
  });
  form.addEventListener("focusout", (event) => {
    if (event.target.type === "text") setTimeout(show);
  });
})();
