/* Searching the table of outcomes. The page is complete without it. */
(() => {
  "use strict";
  const form = document.getElementById("search");
  const rows = [...document.querySelectorAll("#outcomes-table tbody tr")];
  const text = document.getElementById("search-text");
  const outcome = document.getElementById("search-outcome");
  const status = document.getElementById("search-count");

  const apply = () => {
    const wanted = text.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const row of rows) {
      const fits = wanted.every((word) => row.dataset.words.includes(word));
      row.hidden = !fits || (outcome.value !== "" && row.dataset.outcome !== outcome.value);
      shown += row.hidden ? 0 : 1;
    }
    const all = shown === rows.length;
    const said = all ? `All ${rows.length} indicators` : `Showing ${shown} of ${rows.length} indicators`;
    if (status.textContent !== said) status.textContent = said;
  };

  /* The search lives in the address after "#outcomes?", which works for files as well as for sites. */
  const remember = () => {
    apply();
    const given = new URLSearchParams([["text", text.value.trim()], ["outcome", outcome.value]].filter(([, value]) => value));
    history.replaceState(null, "", given.size ? `#outcomes?${given}` : "#outcomes");
  };

  const recall = () => {
    const [place, query] = location.hash.split("?");
    if (place !== "#outcomes") return;
    const given = new URLSearchParams(query || "");
    text.value = given.get("text") || "";
    outcome.value = given.get("outcome") || "";
    if (outcome.selectedIndex === -1) outcome.selectedIndex = 0;
    if (query) document.getElementById("outcomes").scrollIntoView();
    apply();
  };

  form.hidden = false;
  form.addEventListener("input", remember);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(remember));
  window.addEventListener("hashchange", recall);
  recall();
  apply();
})();
