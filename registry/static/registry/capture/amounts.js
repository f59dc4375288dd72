// Numbers as they are typed: what they are in the usual unit, whether they are beyond a limit, which unit was
// probably meant. Exact, as the server reads them: a fraction of two whole numbers, never a float.
"use strict";

(() => {
  const form = document.querySelector("form[data-capture]");
  if (!form) return;
  const texts = document.getElementById("capture-texts").dataset;

  const fraction = (text) => {
    const [above, below = "1"] = text.split("/");
    const [whole, decimals = ""] = above.split(".");
    return { above: BigInt(whole + decimals), below: BigInt(below) * 10n ** BigInt(decimals.length) };
  };
  const number = (typed) => {
    const text = typed.replace(/[\s\u00a0+]/g, "").replace(",", ".");
    return /^-?(\d+(\.\d+)?|\.\d+)$/.test(text) ? fraction(text) : null;
  };
  const times = (one, other) => ({ above: one.above * other.above, below: one.below * other.below });
  const isLess = (one, other) => one.above * other.below < other.above * one.below;

  // --- In words ----------------------------------------------------------------------------------------------------------

  const SIGNIFICANT = 4n;
  const MOST_DECIMALS = 4n;
  const decimals = ({ above, below }, places) => {
    const negative = above < 0n;
    const scaled = ((negative ? -above : above) * 10n ** places * 2n + below) / (2n * below);
    const digits = scaled.toString().padStart(Number(places) + 1, "0");
    const cut = digits.length - Number(places);
    const text = places ? `${digits.slice(0, cut)}.${digits.slice(cut)}`.replace(/\.?0+$/, "") : digits;
    return (negative ? "-" : "") + text;
  };
  const shown = (value) => {
    const size = value.above < 0n ? -value.above : value.above;
    if ((size * 10n ** MOST_DECIMALS) % value.below === 0n) return ["=", decimals(value, MOST_DECIMALS)];
    let places = 0n;
    while (size * 10n ** places < value.below * 10n ** (SIGNIFICANT - 1n) && places < 12n) places += 1n;
    return ["≈", decimals(value, places)];
  };

  // --- At the field ------------------------------------------------------------------------------------------------------

  const input = (row) => row.querySelector(".typed > input[type=text]");
  const unitSelect = (row) => row.querySelector(".unit-select");
  const canonical = (row, value, option) => (option ? times(value, fraction(option.dataset.factor)) : value);

  const convert = (row, value) => {
    const output = row.querySelector(".conversion");
    const units = unitSelect(row);
    if (!output || !units) return;
    const chosen = units.selectedOptions[0];
    output.hidden = value === null || chosen === units.options[0];
    if (output.hidden) return;
    const [sign, text] = shown(canonical(row, value, chosen));
    const typed = input(row).value.trim();
    const mark = /[.,]/.exec(typed)?.[0] ?? texts.decimal;
    output.textContent = `${typed} ${chosen.textContent} ${sign} ${text.replace(".", mark)} ${units.options[0].textContent}`;
  };

  const KINDS = [["hardMin", true], ["hardMax", false], ["softMin", true], ["softMax", false]];
  const broken = (bounds, value) =>
    KINDS.find(([kind, lower]) => kind in bounds && (lower ? isLess(value, fraction(bounds[kind])) : isLess(fraction(bounds[kind]), value)))?.[0];
  const meant = (row, bounds, value) => {
    // Another unit in which the number would be an ordinary one; two of them would only be a guess.
    const units = unitSelect(row);
    if (!units || !("softMin" in bounds || "softMax" in bounds)) return null;
    const fits = [...units.options].filter((each) => !each.selected && !broken(bounds, canonical(row, value, each)));
    return fits.length === 1 ? fits[0] : null;
  };

  const hintOf = (row) => {
    let hint = row.querySelector(".hint");
    if (!hint) {
      hint = document.getElementById("capture-hint").content.firstElementChild.cloneNode(true);
      row.querySelector(".field-notes").append(hint);
    }
    return hint;
  };
  const limit = (row, value) => {
    const bounds = JSON.parse(row.dataset.bounds);
    const kind = value && broken(bounds, canonical(row, value, unitSelect(row)?.selectedOptions[0]));
    if (!kind) {
      row.querySelector(".hint")?.remove();
      return;
    }
    const unit = (unitSelect(row)?.options[0] || row.querySelector(".unit"))?.textContent || "";
    const hint = hintOf(row);
    hint.className = `remark hint remark-${kind.startsWith("hard") ? "error" : "warning"}`;
    hint.querySelector(".hint-text").textContent = texts[kind].replace("LIMIT", `${bounds[kind].replace(".", texts.decimal)} ${unit}`.trim());
    const other = meant(row, bounds, value);
    const offer = hint.querySelector(".use-unit");
    offer.hidden = !other;
    if (other) {
      offer.dataset.useUnit = other.value;
      offer.textContent = texts.unit.replace("UNIT", other.textContent);
    }
  };
  const look = (row) => {
    if (!row?.dataset.bounds) return;
    const value = number(input(row).value);
    convert(row, value);
    limit(row, value);
  };

  form.addEventListener("input", (event) => look(event.target.closest("[data-field]")));
  form.addEventListener("click", (event) => {
    const button = event.target.closest("[data-use-unit]");
    if (!button) return;
    const row = button.closest("[data-field]");
    const units = unitSelect(row);
    units.value = [...units.options].find((each) => [each.value, each.textContent].includes(button.dataset.useUnit)).value;
    input(row).focus();
    row.dispatchEvent(new Event("input", { bubbles: true }));
  });
  for (const row of form.querySelectorAll("[data-bounds]")) convert(row, number(input(row).value));
})();
