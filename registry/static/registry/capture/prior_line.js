// A line and its drugs: a regimen fills in the drugs at once, and their dates follow the line's until they have their own.
"use strict";

(() => {
  const form = document.querySelector("form[data-capture]");
  const fill = form.querySelector("button[value=regimen]");
  let filled = [...form.querySelectorAll("[data-regimen]")].map((input) => input.value).join("|");

  form.addEventListener("change", (event) => {
    if (!event.target.matches("[data-regimen]")) return;
    const wanted = [...form.querySelectorAll("[data-regimen]")].map((input) => input.value).join("|");
    if (wanted === filled) return;
    filled = wanted;
    fill.click();
  });

  const follow = () => {
    for (const cell of form.querySelectorAll("[data-follows]")) {
      const leader = document.getElementById(cell.dataset.follows);
      // A row in which nothing is typed stays blank.
      if (!leader || !cell.closest("tr").querySelector("[data-cell=drug] select").value) continue;
      const missing = leader.closest("[data-field]").querySelector(".missing-select")?.value;
      cell.value = missing || leader.value.trim();
    }
  };
  form.addEventListener("input", (event) => {
    if (event.target.closest("[data-field], [data-cell=drug]")) follow();
  });
  form.addEventListener("change", follow);
  // What follows from the case follows from the drugs, too: the panel listens to the questions of the line.
  const preview = () => document.getElementById("regimen").dispatchEvent(new Event("input", { bubbles: true }));
  form.addEventListener("input", (event) => {
    if (event.target.closest("[data-cell]")) preview();
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.target.id !== "drugs") return;
    follow();
    preview();
  });
})();
