// The grid by keyboard: arrows move from cell to cell, Home and End to the ends of a line.
"use strict";

(() => {
  const grid = document.querySelector("[data-grid]");
  if (!grid) return;
  const linksOf = (row) => [...row.querySelectorAll("a")];

  grid.addEventListener("keydown", (event) => {
    const link = event.target.closest("a");
    if (!link || event.ctrlKey || event.metaKey || event.altKey) return;
    const row = link.closest("tr");
    const links = linksOf(row);
    const at = links.indexOf(link);
    const targets = {
      ArrowLeft: () => links[at - 1],
      ArrowRight: () => links[at + 1],
      ArrowUp: () => row.previousElementSibling && linksOf(row.previousElementSibling)[at],
      ArrowDown: () => row.nextElementSibling && linksOf(row.nextElementSibling)[at],
      Home: () => links[0],
      End: () => links[links.length - 1],
    };
    if (!(event.key in targets)) return;
    event.preventDefault();
    targets[event.key]()?.focus();
  });
})();
