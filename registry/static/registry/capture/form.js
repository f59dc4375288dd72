// The form page: branching, missing reasons, suggestions, keys. Without this script everything is shown, and the
// server decides alone.
"use strict";

(() => {
  const form = document.querySelector("form[data-capture]");
  if (!form) return;
  const rows = [...form.querySelectorAll("[data-field]")];
  const byName = new Map(rows.map((row) => [row.dataset.field, row]));
  const elsewhere = JSON.parse(form.dataset.elsewhere || "{}");
  const byLine = JSON.parse(form.dataset.byLine || "{}");
  const MISSING = "?";

  // --- Reading the answers -------------------------------------------------------------------------------------

  const input = (row) => row.querySelector("input[type=text]");
  const missingSelect = (row) => row.querySelector(".missing-select");
  const marked = (row) => [...row.querySelectorAll("input[type=radio], input[type=checkbox]")].filter((each) => each.checked);

  const given = (row) => {
    if (input(row)) {
      if (missingSelect(row)?.value) return [MISSING + missingSelect(row).value];
      return input(row).value.trim() ? [input(row).value.trim()] : [];
    }
    const select = row.querySelector(".field-input > select");
    return select ? (select.value ? [select.value] : []) : marked(row).map((each) => each.value);
  };
  const hidden = new Set();
  const lookup = (name) => {
    const row = byName.get(name);
    if (!row) return elsewhere[name] || [];
    return hidden.has(name) ? [] : given(row).filter((code) => !code.startsWith(MISSING));
  };
  const amount = (name) => {
    const text = (lookup(name)[0] || "").replace(/\s/g, "").replace(",", ".");
    if (text === "" || Number.isNaN(Number(text))) return null;
    const unit = byName.get(name).querySelector(".unit-select");
    const [above, below = 1] = unit ? unit.selectedOptions[0].dataset.factor.split("/") : [1];
    return (Number(text) * Number(above)) / Number(below);
  };
  const holds = (json) => window.registryBranching.holds(JSON.parse(json), lookup, amount);

  // --- Branching: a question that does not apply is hidden and not sent ----------------------------------------------

  const label = (row) => row.querySelector(".form-label").firstChild.textContent.trim();
  const willClear = form.querySelector(".will-clear");

  const branch = () => {
    hidden.clear();
    for (let before = -1; before !== hidden.size; ) {
      before = hidden.size;
      for (const row of rows) if (row.dataset.shown && !holds(row.dataset.shown)) hidden.add(row.dataset.field);
    }
    for (const row of rows) {
      const away = hidden.has(row.dataset.field);
      row.hidden = away;
      for (const control of row.querySelectorAll("input, select")) control.disabled = away;
    }
    for (const mark of form.querySelectorAll("[data-required]")) mark.hidden = !holds(mark.dataset.required);
    for (const note of form.querySelectorAll("[data-note]")) note.hidden = !holds(note.dataset.note);
    for (const section of form.querySelectorAll(".form-section")) {
      const fields = [...section.querySelectorAll("[data-field]")];
      section.hidden = fields.length > 0 && fields.every((row) => row.hidden);
    }
    const lost = rows.filter((row) => row.hidden && given(row).length);
    willClear.querySelector(".which").textContent = lost.map(label).join(", ");
    willClear.hidden = lost.length === 0;
  };

  // --- Missing reasons: a value or a reason, not both; taking the reason back brings the value back -----------------------

  const setMissing = (row, reason) => {
    const text = input(row);
    missingSelect(row).value = reason;
    if (reason && text.value) [text.dataset.kept, text.value] = [text.value, ""];
    if (!reason && !text.value && text.dataset.kept) text.value = text.dataset.kept;
    row.classList.toggle("is-missing", Boolean(reason));
  };
  const cycleMissing = (row) => {
    if (missingSelect(row)) {
      const reasons = [...missingSelect(row).options].map((option) => option.value);
      setMissing(row, reasons[(reasons.indexOf(missingSelect(row).value) + 1) % reasons.length]);
      return true;
    }
    const select = row.querySelector(".field-input > select");
    const options = [...(select ? select.options : row.querySelectorAll("input[type=radio], input[type=checkbox]"))].filter((each) => each.value.startsWith(MISSING));
    if (!options.length) return false;
    const chosen = options.findIndex((each) => (select ? each.selected : each.checked));
    const next = options[chosen + 1];
    clear(row);
    if (select) select.value = next ? next.value : "";
    else if (next) {
      next.checked = true;
      next.focus();
    }
    return true;
  };
  const clear = (row) => {
    for (const each of marked(row)) each.checked = false;
  };
  // What a key changed is an answer like one that was typed: whoever listens for those hears of it.
  const answered = (row) => row.dispatchEvent(new Event("input", { bubbles: true }));

  // --- One key answers: the letter or digit that stands at the choice ---------------------------------------------------

  const answerBy = (key, at, row) => {
    const options = [...row.querySelectorAll(".choice input")];
    const option = options.find((each) => each.dataset.key === key);
    if (option?.type === "radio") {
      option.checked = true;
      option.focus();
      answered(row);
      leaveField(option);
    } else if (option) {
      option.focus();
      option.click();
    } else if (at.type === "checkbox") {
      // A long list is walked by first letters.
      const begins = (each) => each.closest(".choice").textContent.trim().toLowerCase().startsWith(key);
      const after = options.indexOf(at) + 1;
      [...options.slice(after), ...options.slice(0, after)].find(begins)?.focus();
    }
  };

  // --- Suggestions: in grey until taken ------------------------------------------------------------------------------------

  const suggest = () => {
    const line = byLine[input(byName.get("line_no_ref"))?.value.trim()];
    for (const [name, text] of Object.entries(line || {})) {
      const field = input(byName.get(name));
      if (!text) continue;
      field.placeholder = text;
      field.dataset.suggestion = text;
    }
  };

  // --- Events --------------------------------------------------------------------------------------------------------------

  form.addEventListener("input", (event) => {
    const row = event.target.closest("[data-field]");
    if (!row) return;
    if (event.target === input(row) && missingSelect(row)?.value && input(row).value) setMissing(row, "");
    if (event.target.type === "checkbox" && event.target.checked) {
      // A missing reason excludes every answer, and every answer excludes it.
      const reason = event.target.value.startsWith(MISSING);
      for (const each of marked(row)) {
        if (each !== event.target && (reason || each.value.startsWith(MISSING))) each.checked = false;
      }
    }
    if (Object.keys(byLine).length) suggest();
    branch();
  });
  form.addEventListener("change", (event) => {
    const row = event.target.closest("[data-field]");
    if (row && event.target === missingSelect(row)) {
      setMissing(row, event.target.value);
      branch();
    }
  });
  // A radio that is chosen already is taken back by choosing it again.
  form.addEventListener("pointerdown", (event) => {
    const radio = event.target.closest(".choice")?.querySelector("input[type=radio]");
    if (radio) radio.dataset.was = radio.checked ? "checked" : "";
  });
  form.addEventListener("click", (event) => {
    const radio = event.target;
    if (radio.type === "radio" && radio.dataset.was === "checked" && event.detail !== 0) {
      radio.checked = false;
      answered(radio.closest("[data-field]"));
    }
    if (radio.type === "radio") radio.dataset.was = "";
  });

  const stops = () =>
    [...form.querySelectorAll("input:not([type=hidden]), select, button")].filter(
      (each) => !each.disabled && each.tabIndex >= 0 && each.offsetParent && (each.type !== "radio" || each.checked || !groupChecked(each) && isFirst(each)),
    );
  const groupChecked = (radio) => form.querySelector(`input[type=radio][name="${radio.name}"]:checked`);
  const isFirst = (radio) => form.querySelector(`input[type=radio][name="${radio.name}"]`) === radio;

  const leaveField = (from) => {
    const row = from.closest("[data-field]");
    const after = stops().find((each) => each.closest("[data-field]") !== row && from.compareDocumentPosition(each) & Node.DOCUMENT_POSITION_FOLLOWING);
    after?.focus();
    if (after?.type === "text") after.select();
  };
  const press = (name) => form.querySelector(`button[name=do][value=${name}]`);

  document.addEventListener("keydown", (event) => {
    const control = event.ctrlKey || event.metaKey;
    if (control && event.key.toLowerCase() === "s") {
      event.preventDefault();
      // What is complete stays complete; what is a draft stays one.
      form.requestSubmit(press("save") || press("draft"));
    } else if (control && event.key === "Enter") {
      event.preventDefault();
      form.requestSubmit((event.shiftKey && press("another")) || press("complete"));
    }
  });
  form.addEventListener("keydown", (event) => {
    const row = event.target.closest("[data-field]");
    if (!row || event.ctrlKey || event.metaKey || event.altKey) return;
    const isFreeText = row.dataset.widget === "text";
    const isReason = event.target.closest(".remark");
    if (event.key === "?" && !isFreeText && !isReason && cycleMissing(row)) {
      event.preventDefault();
      answered(row);
    } else if (event.key === "Enter" && !["submit", "button"].includes(event.target.type)) {
      event.preventDefault();
      leaveField(event.target);
    } else if (event.key === "ArrowDown" && event.target.dataset.suggestion && !event.target.value) {
      event.preventDefault();
      event.target.value = event.target.dataset.suggestion;
      if (missingSelect(row)) setMissing(row, "");
      answered(row);
    } else if (["radio", "checkbox"].includes(event.target.type) && /^[a-z0-9]$/i.test(event.key)) {
      event.preventDefault();
      answerBy(event.key.toLowerCase(), event.target, row);
    } else if (["Delete", "Backspace"].includes(event.key) && event.target.type === "radio") {
      event.preventDefault();
      clear(row);
      answered(row);
    }
  });

  // The history of one field opens over the form, so that what is typed stays.
  const dialog = document.getElementById("field-history");
  form.addEventListener("click", (event) => {
    const link = event.target.closest("[data-history]");
    if (!link || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    window.htmx.ajax("GET", link.dataset.history, { target: dialog.querySelector(".dialog-body"), swap: "innerHTML" }).then(() => dialog.showModal());
  });

  // The reason is one key away (?), so it need not be a stop of its own between two values.
  for (const select of form.querySelectorAll(".missing-select")) select.tabIndex = -1;
  for (const row of rows) if (missingSelect(row)?.value) row.classList.add("is-missing");
  if (Object.keys(byLine).length) suggest();
  branch();
  if (!document.querySelector(".error-summary") && !window.location.hash) {
    // The first question, or of a row begun before the first that waits for its answer.
    const all = stops().filter((each) => each.closest("[data-field]"));
    const first = all.find((each) => !given(each.closest("[data-field]")).length) || all[0];
    if (form.dataset.state !== "COMPLETE") first?.focus({ preventScroll: true });
  }
})();
