// The follow-up round: all ticked at once, the cause only of a death, dates walked by keys.
"use strict";

(() => {
  const form = document.querySelector("form[data-round]");
  if (!form) return;
  const rows = [...form.querySelectorAll("[data-call]")];
  const all = form.querySelector("[data-tick-all]");
  const ticks = () => rows.map((row) => row.querySelector("[type=checkbox]")).filter((tick) => !tick.disabled);

  const settle = (row) => {
    const status = row.querySelector("[data-status]").value;
    const cause = row.querySelector("[data-cause]");
    cause.disabled = status !== "DEAD";
    // Either alive on the date above, or what the line itself says.
    const tick = row.querySelector("[type=checkbox]");
    tick.disabled = Boolean(status);
    if (status) tick.checked = false;
  };
  form.addEventListener("change", (event) => {
    const row = event.target.closest("[data-call]");
    if (row) settle(row);
  });
  all.hidden = false;
  all.addEventListener("click", () => {
    const every = ticks().every((tick) => tick.checked);
    for (const tick of ticks()) tick.checked = !every;
  });
  form.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !event.target.matches("[data-on], #shared, [type=checkbox]")) return;
    const step = { Enter: 1, ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const same = event.target.matches("[data-on]") ? "[data-on]" : "[type=checkbox]";
    const row = rows[rows.indexOf(event.target.closest("[data-call]")) + step];
    const next = row?.querySelector(same);
    next?.focus();
    if (next?.type === "text") next.select();
  });
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
  });
  window.addEventListener("pageshow", () => delete form.dataset.sent);
  rows.forEach(settle);
})();
