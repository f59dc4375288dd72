// Which questions apply: evaluates the dictionary's parsed conditions exactly as the server does.
"use strict";

window.registryBranching = (() => {
  // lookup(name) → the codes of an answer, none when it is blank or missing; amount(name) → a number in the
  // canonical unit, or null.
  const holds = (condition, lookup, amount) => {
    switch (condition.op) {
      case "always":
        return true;
      case "one_of":
        return lookup(condition.variable).some((code) => condition.codes.includes(code));
      case "not_equal":
        return lookup(condition.variable).some((code) => code !== condition.code);
      case "entered":
        return condition.variables.some((name) => lookup(name).length > 0);
      case "all":
        return condition.terms.every((term) => holds(term, lookup, amount));
      case "any":
        return condition.terms.some((term) => holds(term, lookup, amount));
      case "corrected_calcium_above_11": {
        const calcium = amount("resp_calcium");
        const albumin = amount("resp_albumin");
        if (calcium === null) return false;
        return calcium + (albumin === null ? 0 : 0.8 * (4 - albumin)) > 11 + 1e-9;
      }
      default:
        return false;
    }
  };
  return { holds };
})();
