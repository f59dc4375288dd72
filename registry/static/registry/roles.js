// The center is asked for only where a chosen role is held at one.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  document.querySelectorAll("[data-center-field]").forEach((row) => {
    const form = row.closest("form");
    const needing = row.dataset.centerField.split(" ");
    const show = () => {
      const chosen = [...form.querySelectorAll("[name=role]:checked, select[name=role]")].map((input) => input.value);
      row.hidden = !chosen.some((role) => needing.includes(role));
    };
    form.addEventListener("change", show);
    show();
  });
});
