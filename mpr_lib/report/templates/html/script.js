/* Filtering and sorting of the indicator tables. The page is complete without it. */
(() => {
  "use strict";
  const form = document.getElementById("filter");
  const section = document.getElementById("corporate");
  if (!form || !section) return;
  const tables = [...section.querySelectorAll("table.mpr-indicators")];
  const rows = tables.flatMap((table) => [...table.tBodies[0].rows]);
  const fields = [...form.elements].filter((field) => field.name);
  const words = new Map(rows.map((row) => [row, row.textContent.toLowerCase()]));

  const holds = (row, name, wanted) => {
    if (name === "text") return wanted.toLowerCase().split(/\s+/).every((word) => words.get(row).includes(word));
    const found = row.dataset[name] || "";
    return name === "managed_by" ? found.split(/;\s*/).includes(wanted) : found === wanted;
  };

  const apply = () => {
    const wanted = fields.filter((field) => field.value.trim()).map((field) => [field.name, field.value.trim()]);
    let shown = 0;
    for (const row of rows) {
      row.hidden = !wanted.every(([name, value]) => holds(row, name, value));
      shown += row.hidden ? 0 : 1;
    }
    for (const table of tables) table.hidden = ![...table.tBodies[0].rows].some((row) => !row.hidden);
    section.classList.toggle("mpr-filtered", wanted.length > 0);
    const said = wanted.length ? `Showing ${shown} of ${rows.length} indicators` : `All ${rows.length} indicators`;
    document.getElementById("filter-count").textContent = said;
    return wanted;
  };

  /* The filter lives in the address after "#corporate?", which works for files as well as for sites. */
  const remember = () => {
    const wanted = new URLSearchParams(apply());
    const address = wanted.toString() ? `#corporate?${wanted}` : "#corporate";
    if (location.hash !== address) history.replaceState(null, "", address);
  };

  const recall = () => {
    const [place, query] = location.hash.split("?");
    if (place !== "#corporate") return;
    const wanted = new URLSearchParams(query || "");
    for (const field of fields) field.value = wanted.get(field.name) || "";
    apply();
    if (query) section.scrollIntoView();
  };

  const sortKey = (row, key) => {
    const cell = row.querySelector(`[data-key="${key}"]`);
    const text = (cell.firstElementChild ? cell.firstElementChild.textContent : cell.textContent).trim();
    const number = /-?\d[\d,]*(\.\d+)?/.exec(text);
    const numeric = ["value", "target", "annual"].includes(key);
    return numeric ? (number ? Number(number[0].replaceAll(",", "")) : -Infinity) : text;
  };

  const sortTable = (table, heading) => {
    const key = heading.dataset.key;
    const down = heading.getAttribute("aria-sort") === "ascending";
    for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
    heading.setAttribute("aria-sort", down ? "descending" : "ascending");
    const keyed = [...table.tBodies[0].rows].map((row) => [sortKey(row, key), row]);
    const compare = (a, b) =>
      typeof a === "number" ? a - b : a.localeCompare(b, document.documentElement.lang, { numeric: true });
    keyed.sort(([a], [b]) => (down ? compare(b, a) : compare(a, b)));
    table.tBodies[0].append(...keyed.map(([, row]) => row));
  };

  for (const table of tables) {
    for (const heading of table.tHead.rows[0].cells) {
      if (heading.dataset.key === "trend") continue;
      const button = document.createElement("button");
      button.type = "button";
      button.className = "mpr-sort";
      button.textContent = heading.textContent;
      heading.replaceChildren(button);
      button.addEventListener("click", () => sortTable(table, heading));
    }
  }
  form.hidden = false;
  form.addEventListener("input", remember);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(remember));
  window.addEventListener("hashchange", recall);
  apply();
  recall();
})();
