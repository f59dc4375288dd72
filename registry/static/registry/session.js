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
