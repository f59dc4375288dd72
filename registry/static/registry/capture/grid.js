// Grids: cells walked like a spreadsheet's, filled down, pasted into; what does not apply cannot be typed into.
// Without this script each cell is an ordinary field, and the server decides alone.
"use strict";

(() => {
  const form = document.querySelector("[data-grid]")?.closest("form");
  if (!form) return;
  const MISSING = "?";
  const table = () => form.querySelector("[data-grid]");
  const rows = () => [...table().tBodies[0].rows];
  const cellsOf = (row) => [...row.querySelectorAll("[data-cell]")];
  const shownCells = (row) => cellsOf(row).filter((cell) => cell.offsetParent);
  const stopOf = (cell) => cell?.querySelector(".cell-input");
  const textOf = (cell) => cell.querySelector("input.cell-input");
  const selectOf = (cell) => cell.querySelector("select.cell-input");
  const boxesOf = (cell) => [...cell.querySelectorAll("input[type=checkbox]")];
  const isOff = (cell) => cell.classList.contains("cell-off");

  // --- Reading and writing a cell, whatever stands in it --------------------------------------------------------------

  const given = (cell) => {
    if (textOf(cell)) {
      const text = textOf(cell).value.trim();
      return text && !["NK", "ND", "NA"].includes(text.toUpperCase()) ? [text] : [];
    }
    const chosen = selectOf(cell) ? [selectOf(cell).value] : boxesOf(cell).filter((box) => box.checked).map((box) => box.value);
    return chosen.filter((code) => code && !code.startsWith(MISSING));
  };
  const plain = (text) => text.trim().toLowerCase();
  const matching = (options, text) =>
    options.find((each) => plain(each.value) === plain(text) || plain(each.value) === MISSING + plain(text)) ||
    options.find((each) => plain(each.label) === plain(text)) ||
    options.find((each) => text.trim() && plain(each.label).startsWith(plain(text)));
  const labelled = (boxes) => boxes.map((box) => ({ box, value: box.value, label: box.closest("label").textContent }));
  const write = (cell, text) => {
    if (textOf(cell)) textOf(cell).value = text.trim();
    else if (selectOf(cell)) selectOf(cell).value = matching([...selectOf(cell).options], text)?.value ?? "";
    else {
      const wanted = text.split(/[,;|]/).map((part) => matching(labelled(boxesOf(cell)), part)?.box);
      for (const box of boxesOf(cell)) box.checked = wanted.includes(box);
    }
  };
  const content = (cell) => {
    if (textOf(cell)) return textOf(cell).value;
    if (selectOf(cell)) return selectOf(cell).value;
    return boxesOf(cell).filter((box) => box.checked).map((box) => box.value).join(",");
  };

  // --- Branching, row by row ----------------------------------------------------------------------------------------------

  const elsewhere = () => JSON.parse(table().dataset.elsewhere || "{}");
  const summarize = (cell) => {
    const chosen = cell.querySelector(".cell-chosen");
    if (chosen) chosen.textContent = boxesOf(cell).filter((box) => box.checked).map((box) => box.closest("label").textContent.trim()).join(", ");
  };
  const branch = (row) => {
    const cells = new Map(cellsOf(row).map((cell) => [cell.dataset.cell, cell]));
    const off = new Set();
    const lookup = (name) => (cells.has(name) ? (off.has(name) ? [] : given(cells.get(name))) : elsewhere()[name] || []);
    const amount = (name) => {
      const number = Number((lookup(name)[0] || "").replace(",", "."));
      return lookup(name).length && !Number.isNaN(number) ? number : null;
    };
    for (let before = -1; before !== off.size; ) {
      before = off.size;
      for (const [name, cell] of cells) {
        if (cell.dataset.shown && !window.registryBranching.holds(JSON.parse(cell.dataset.shown), lookup, amount)) off.add(name);
      }
    }
    for (const [name, cell] of cells) {
      cell.classList.toggle("cell-off", off.has(name));
      for (const control of cell.querySelectorAll("input, select")) control.disabled = off.has(name);
      const summary = cell.querySelector("summary");
      if (summary) summary.tabIndex = off.has(name) ? -1 : 0;
      summarize(cell);
    }
    row.classList.toggle("row-removed", Boolean(row.querySelector(".remove-row input")?.checked));
  };
  const touched = (row) => {
    row.querySelector("[data-proposed]")?.remove();
    form.dataset.dirty = "yes";
    branch(row);
  };

  // --- Going from cell to cell ------------------------------------------------------------------------------------------------

  const go = (cell) => {
    const stop = stopOf(cell);
    if (!stop) return;
    stop.focus();
    if (stop.select) stop.select();
    cell.scrollIntoView({ block: "nearest", inline: "nearest" });
  };
  let waiting = null;
  const down = (cell) => {
    const below = rows()[rows().indexOf(cell.closest("tr")) + 1];
    if (below) return go(below.querySelector(`[data-cell="${cell.dataset.cell}"]`));
    // Below the last row there is a new one.
    const add = form.querySelector("[data-add-row]");
    if (!add || isBlank(cell.closest("tr"))) return undefined;
    waiting = cell.dataset.cell;
    return add.click();
  };
  const up = (cell) => go(rows()[rows().indexOf(cell.closest("tr")) - 1]?.querySelector(`[data-cell="${cell.dataset.cell}"]`));
  const sideways = (cell, step) => {
    const cells = shownCells(cell.closest("tr")).filter((each) => !isOff(each));
    go(cells[cells.indexOf(cell) + step]);
  };
  const isBlank = (row) => cellsOf(row).every((cell) => !content(cell));
  const atEdge = (stop, step) => {
    if (!("selectionStart" in stop) || stop.tagName !== "INPUT") return true;
    const all = stop.selectionStart === 0 && stop.selectionEnd === stop.value.length;
    return all || (step < 0 ? stop.selectionEnd === 0 : stop.selectionStart === stop.value.length);
  };
  const fillDown = (cell) => {
    const above = rows()[rows().indexOf(cell.closest("tr")) - 1]?.querySelector(`[data-cell="${cell.dataset.cell}"]`);
    if (!above || isOff(cell)) return;
    write(cell, content(above));
    touched(cell.closest("tr"));
  };

  form.addEventListener("keydown", (event) => {
    const cell = event.target.closest("[data-cell]");
    if (!cell) return;
    const control = event.ctrlKey || event.metaKey;
    const inChoices = event.target.type === "checkbox";
    const move = (action) => {
      event.preventDefault();
      event.stopPropagation();
      action();
    };
    if (control && event.key.toLowerCase() === "d") move(() => fillDown(cell));
    else if (control || event.altKey) return;
    else if (inChoices) chooses(event, cell, move);
    else if (event.key === "Enter" && event.target.tagName !== "SUMMARY") move(() => (event.shiftKey ? up(cell) : down(cell)));
    else if (event.key === "ArrowDown") move(() => down(cell));
    else if (event.key === "ArrowUp") move(() => up(cell));
    else if (event.key === "ArrowLeft" && atEdge(event.target, -1)) move(() => sideways(cell, -1));
    else if (event.key === "ArrowRight" && atEdge(event.target, 1)) move(() => sideways(cell, 1));
    else if (["Delete", "Backspace"].includes(event.key) && !textOf(cell)) move(() => { write(cell, ""); touched(cell.closest("tr")); });
  });
  const chooses = (event, cell, move) => {
    const boxes = boxesOf(cell);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) move(() => boxes[boxes.indexOf(event.target) + step]?.focus());
    else if (["Escape", "Enter"].includes(event.key)) move(() => { cell.querySelector("details").open = false; stopOf(cell).focus(); });
  };
  form.addEventListener("toggle", (event) => {
    if (event.target.matches?.(".cell-choices[open]")) event.target.querySelector("input:checked, input")?.focus();
  }, true);

  form.addEventListener("input", (event) => {
    const cell = event.target.closest("[data-cell]");
    if (!cell) return;
    if (event.target.type === "checkbox" && event.target.checked) {
      // A missing reason excludes every answer, and every answer excludes it; so does "none".
      const alone = (box) => box.value.startsWith(MISSING) || box.value === "NONE";
      for (const box of boxesOf(cell)) {
        if (box !== event.target && (alone(event.target) || alone(box))) box.checked = false;
      }
    }
    if (textOf(cell)) delete textOf(cell).dataset.follows;
    touched(cell.closest("tr"));
  });
  form.addEventListener("change", (event) => {
    const row = event.target.closest("tr[data-row]");
    if (!row || !event.target.matches(".remove-row input")) return;
    if (row.dataset.row.startsWith("n") && event.target.checked) row.remove();
    else touched(row);
  });

  // --- A block from a spreadsheet -----------------------------------------------------------------------------------------------

  let added = 0;
  const blankRow = () => {
    added += 1;
    const key = `n${500 + added}`;
    const holder = document.createElement("tbody");
    holder.innerHTML = form.querySelector("[data-blank-row]").innerHTML.replaceAll(/(["# ])n0(["._])/g, `$1${key}$2`);
    return table().tBodies[0].appendChild(holder.rows[0]);
  };
  form.addEventListener("paste", (event) => {
    const cell = event.target.closest("[data-cell]");
    const text = event.clipboardData?.getData("text/plain") || "";
    if (!cell || (!/[\t\n]/.test(text.trim()) && textOf(cell))) return;
    event.preventDefault();
    const column = shownCells(cell.closest("tr")).indexOf(cell);
    let number = rows().indexOf(cell.closest("tr"));
    for (const line of text.replace(/\r/g, "").replace(/\n+$/, "").split("\n")) {
      const row = rows()[number] || blankRow();
      const cells = shownCells(row);
      line.split("\t").forEach((part, index) => cells[column + index] && write(cells[column + index], part));
      touched(row);
      number += 1;
    }
  });

  // --- More columns; a new row; saving -------------------------------------------------------------------------------------------

  const more = () => form.querySelector("[data-more-columns]");
  const showMore = (all) => {
    table().classList.toggle("grid-short", !all);
    more()?.setAttribute("aria-pressed", String(all));
  };
  const begin = () => {
    rows().forEach(branch);
    const needed = [...table().querySelectorAll("td.grid-more")].some((cell) => cell.matches(".cell-error") || (!isOff(cell) && content(cell)));
    showMore(form.dataset.more === "yes" || needed);
  };
  form.addEventListener("click", (event) => {
    if (!event.target.closest("[data-more-columns]")) return;
    form.dataset.more = more().getAttribute("aria-pressed") === "true" ? "" : "yes";
    showMore(form.dataset.more === "yes");
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    if (!event.target.querySelector?.("[data-grid]")) return;
    begin();
    const fresh = table().querySelector("[autofocus]")?.closest("tr");
    if (fresh) go(fresh.querySelector(waiting ? `[data-cell="${waiting}"]` : "[data-cell]"));
    waiting = null;
  });

  if (!form.matches("[data-capture]")) {
    const press = (name) => form.requestSubmit(form.querySelector(`button[name=do][value=${name}]`));
    document.addEventListener("keydown", (event) => {
      if (!(event.ctrlKey || event.metaKey)) return;
      if (event.key.toLowerCase() === "s") {
        event.preventDefault();
        press("draft");
      } else if (event.key === "Enter") {
        event.preventDefault();
        press("complete");
      }
    });
    form.addEventListener("submit", (event) => {
      if (form.dataset.sent) event.preventDefault();
      form.dataset.sent = "yes";
    });
    window.addEventListener("pageshow", () => delete form.dataset.sent);
    window.addEventListener("beforeunload", (event) => {
      if (form.dataset.dirty && !form.dataset.sent) event.preventDefault();
    });
  }
  begin();
})();
