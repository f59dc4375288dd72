// What every page needs beyond Bootstrap and htmx: dialogs, messages when the server does not answer, Ctrl+S.
"use strict";

(() => {
  // <button data-opens="dialog-id"> shows the native dialog; data-closes inside it hides it again.
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-opens]");
    if (opener && opener.getAttribute("aria-disabled") !== "true") {
      document.getElementById(opener.dataset.opens).showModal();
    }
    const closer = event.target.closest("[data-closes]");
    if (closer) closer.closest("dialog").close();
    const refused = event.target.closest('[aria-disabled="true"]');
    if (refused) event.preventDefault();
  });

  // A form marked data-save is sent by Ctrl+S (or Cmd+S), through its own primary button.
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "s") return;
    const form = document.querySelector("form[data-save]");
    if (!form) return;
    event.preventDefault();
    form.requestSubmit(form.querySelector("[type=submit].btn-primary"));
  });

  // A page that was reloaded with errors takes the reader to the summary, which links to the fields.
  document.querySelector(".error-summary")?.focus();

  const say = (id) => {
    const messages = document.getElementById("messages");
    const template = document.getElementById(id);
    if (messages && template) messages.replaceChildren(template.content.cloneNode(true));
  };
  document.addEventListener("htmx:sendError", () => say("message-offline"));
  document.addEventListener("htmx:timeout", () => say("message-offline"));
  document.addEventListener("htmx:responseError", (event) => {
    if (event.detail.xhr.status >= 500) say("message-failed");
  });
  // Whatever went wrong before, an answer puts it right.
  document.addEventListener("htmx:afterOnLoad", (event) => {
    if (event.detail.xhr.status < 400) document.querySelectorAll("#messages [data-passing]").forEach((e) => e.remove());
  });
})();
