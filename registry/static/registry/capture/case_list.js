// The case list by keyboard: "/" to the search, arrows through the rows, Enter opens.
"use strict";

(() => {
  const search = document.getElementById("search");
  const links = () => [...document.querySelectorAll("#cases tbody th a")];

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const typing = event.target.matches("input, select, textarea");
    if (event.key === "/" && !typing) {
      event.preventDefault();
      search.focus();
      search.select();
      return;
    }
    if (!["ArrowDown", "ArrowUp"].includes(event.key) || event.target.matches("select")) return;
    const all = links();
    const at = all.indexOf(document.activeElement);
    if (typing && event.key === "ArrowUp") return;
    event.preventDefault();
    const next = event.key === "ArrowDown" ? all[at + 1] : at > 0 ? all[at - 1] : search;
    next?.focus();
  });
})();
