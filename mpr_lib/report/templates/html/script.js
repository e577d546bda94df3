/* Filtering and sorting of the indicator tables. The page is complete without it. */
(() => {
  "use strict";
  const form = document.getElementById("filter");
  if (!form) return;
  const section = form.closest("section");
  const tables = [...section.querySelectorAll("table.mpr-indicators")];
  const rows = tables.flatMap((table) => [...table.tBodies[0].rows]);
  const fields = [...form.elements].filter((field) => field.name);
  const sorting = form.elements.namedItem("sort");
  const status = document.getElementById("filter-count");
  const words = new Map(rows.map((row) => [row, row.textContent.toLowerCase()]));
  const places = new Map(rows.map((row, place) => [row, place]));

  const holds = (row, name, wanted) => {
    if (name === "text") return wanted.toLowerCase().split(/\s+/).every((word) => words.get(row).includes(word));
    const found = row.dataset[name] || "";
    return name === "managed_by" ? found.split(";").some((each) => each.trim() === wanted) : found === wanted;
  };

  const given = () => fields.map((field) => [field.name, field.value.trim()]).filter(([, value]) => value);

  const apply = () => {
    const wanted = given().filter(([name]) => name !== "sort");
    let shown = 0;
    for (const row of rows) {
      row.hidden = !wanted.every(([name, value]) => holds(row, name, value));
      shown += row.hidden ? 0 : 1;
    }
    for (const table of tables) table.hidden = ![...table.tBodies[0].rows].some((row) => !row.hidden);
    section.classList.toggle("mpr-filtered", wanted.length > 0);
    const said = wanted.length ? `Showing ${shown} of ${rows.length} indicators` : `All ${rows.length} indicators`;
    if (status.textContent !== said) status.textContent = said;
  };

  /* What a row is sorted by: a number, a place in an order of codes, or words. Missing figures come last. */
  const sortKey = (row, heading) => {
    if (!heading) return places.get(row);
    const { key, sort } = heading.dataset;
    if (sort.includes(" ")) return sort.split(" ").indexOf(row.dataset[key]);
    const cell = row.querySelector(`[data-key="${key}"]`);
    const text = (cell.firstElementChild || cell).textContent.trim();
    if (sort === "month") return Date.parse(`1 ${text}`) || Infinity;
    if (sort !== "number") return text;
    const number = /-?\d[\d,]*(\.\d+)?/.exec(text);
    return number ? Number(number[0].replaceAll(",", "")) : Infinity;
  };

  const compare = (a, b) =>
    typeof a === "string" ? a.localeCompare(b, document.documentElement.lang, { numeric: true }) : a === b ? 0 : a - b;

  const sortTable = (table, key, down) => {
    const headings = [...table.tHead.rows[0].cells];
    const chosen = headings.find((heading) => key && heading.dataset.key === key);
    for (const heading of headings) {
      if (heading === chosen) heading.setAttribute("aria-sort", down ? "descending" : "ascending");
      else heading.removeAttribute("aria-sort");
    }
    const keyed = [...table.tBodies[0].rows].map((row) => [sortKey(row, chosen), row]);
    keyed.sort(([a], [b]) => (a === Infinity || b === Infinity || !down ? compare(a, b) : compare(b, a)));
    table.tBodies[0].append(...keyed.map(([, row]) => row));
  };

  /* The filter lives in the address after the section's id, which works for files as well as for sites. */
  const remember = () => {
    apply();
    const wanted = new URLSearchParams(given()).toString();
    history.replaceState(null, "", wanted ? `#${section.id}?${wanted}` : `#${section.id}`);
  };

  const fill = (wanted) => {
    for (const field of fields) {
      field.value = wanted.get(field.name) || "";
      if (field.selectedIndex === -1) field.selectedIndex = 0;
    }
    for (const table of tables) sortTable(table, sorting.value, false);
    apply();
  };

  /* Follow an address: a filter to apply, or a row that the filter hides and has to give back. */
  const recall = () => {
    const [place, query] = location.hash.split("?");
    if (place === `#${section.id}`) {
      fill(new URLSearchParams(query || ""));
      if (query) section.scrollIntoView();
      return;
    }
    const target = place.length > 1 && document.getElementById(place.slice(1));
    if (target && section.contains(target) && !target.getClientRects().length) {
      fill(new URLSearchParams());
      target.scrollIntoView();
    }
  };

  for (const heading of tables.length ? tables[0].tHead.rows[0].cells : []) {
    if (heading.dataset.sort) sorting.add(new Option(heading.textContent.trim(), heading.dataset.key));
  }
  for (const table of tables) {
    for (const heading of table.tHead.rows[0].cells) {
      if (!heading.dataset.sort) continue;
      const button = document.createElement("button");
      button.type = "button";
      button.className = "mpr-sort";
      button.textContent = heading.textContent.trim();
      heading.append(button);
      button.addEventListener("click", () => {
        sortTable(table, heading.dataset.key, heading.getAttribute("aria-sort") === "ascending");
      });
    }
  }
  form.hidden = false;
  form.addEventListener("input", remember);
  sorting.addEventListener("input", () => tables.forEach((table) => sortTable(table, sorting.value, false)));
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(() => (fill(new URLSearchParams(given())), remember())));
  window.addEventListener("hashchange", recall);
  apply();
  recall();
})();
