// A form that somebody typed into for a long time is not sent into a session that has ended meanwhile. And a page
// whose person has logged in again in another tab takes over that session's token.
"use strict";

(() => {
  const page = document.body.dataset;
  if (!page.session) return;
  // Asking costs a few milliseconds; a session can end any minute: too old, or its person logged in elsewhere.
  const STALE = 60 * 1000;
  let contact = Date.now();
  const touch = () => { contact = Date.now(); };
  document.addEventListener("htmx:afterOnLoad", touch);

  const refresh = async () => {
    const answer = await fetch(page.session, { headers: { Accept: "application/json" }, credentials: "same-origin" });
    const state = await answer.json();
    const alive = state.person === page.person;
    if (alive) {
      touch();
      document.querySelectorAll("input[name=csrfmiddlewaretoken]").forEach((input) => { input.value = state.token; });
      document.body.setAttribute("hx-headers", JSON.stringify({ "x-csrftoken": state.token }));
      document.querySelectorAll("#messages [data-passing]").forEach((message) => message.remove());
    } else {
      document.getElementById("messages").replaceChildren(
        document.getElementById("message-ended").content.cloneNode(true),
      );
      window.scrollTo(0, 0);
    }
    return alive;
  };

  // For the forms that ask the server by themselves.
  window.registrySession = { refresh, touch };

  // What somebody typed and did not save waits in this tab for them alone, until it is saved or they log out.
  const drafts = () => Object.keys(sessionStorage).filter((key) => key.startsWith("draft:"));
  const saved = [...document.querySelectorAll("[data-saved]")].map((each) => each.dataset.saved);
  for (const key of drafts()) {
    const isTheirs = key.startsWith(`draft:${page.person}:`);
    if (!isTheirs || saved.includes(JSON.parse(sessionStorage.getItem(key)).token)) sessionStorage.removeItem(key);
  }
  document.addEventListener("submit", (event) => {
    if (event.target.matches("[data-logout]")) drafts().forEach((key) => sessionStorage.removeItem(key));
  });

  window.addEventListener("focus", () => {
    if (Date.now() - contact > STALE || document.querySelector("#messages [data-passing]")) refresh().catch(() => {});
  });

  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented || Date.now() - contact < STALE) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    // When nobody answers, the browser says so itself better than we could.
    const alive = await refresh().catch(() => true);
    if (alive) {
      touch();
      form.requestSubmit(event.submitter);
    }
  }, true);
})();
