/* One filter and one order for the whole report. The page is complete without it. */
(() => {
  "use strict";
  const panel = document.getElementById("filter-panel");
  if (!panel) return;
  const main = document.getElementById("main");
  const form = document.getElementById("filter");
  const fields = [...form.elements].filter((field) => field.name);
  const sorting = form.elements.namedItem("sort");
  const name = { page: document.title, heading: document.querySelector("h1"), prefix: document.createElement("span") };

  const make = (tag, className, parent, before = null) => {
    const made = document.createElement(tag);
    made.className = className;
    parent.insertBefore(made, before);
    return made;
  };

  /* What is filtered: indicators by code, each with all the rows and cards that show it. */
  const indicators = new Map();
  for (const element of main.querySelectorAll("[data-code]")) {
    const { code } = element.dataset;
    if (!indicators.has(code)) indicators.set(code, { data: {}, elements: [] });
    const each = indicators.get(code);
    each.elements.push(element);
    each.data = { ...each.data, ...element.dataset };
  }
  const of = (element) => element.querySelectorAll("[data-code]");
  const sections = [...main.querySelectorAll(":scope > section")]
    .filter((section) => of(section).length)
    .map((section) => {
      const tables = [...section.querySelectorAll("table")].filter((table) => of(table).length);
      const note = section.id === "cover" ? null : make("p", "mpr-note-none", section, section.querySelector("h2")?.nextSibling);
      if (note) note.hidden = true;
      return { section, tables, note, groups: groupsOf(section), codes: codesIn(section), flat: false };
    });
  const captions = new Map();
  for (const { section, tables } of sections) {
    for (const table of tables) {
      captions.set(table, table.caption.textContent);
      table.homes = [...table.tBodies].map((body) => [body, [...body.rows]]);
    }
  }
  const figures = [...main.querySelectorAll("[data-codes]")].map((figure) => ({ figure, codes: JSON.parse(figure.dataset.codes) }));
  const entries = [...document.querySelectorAll("#cover li, #signals li")].flatMap((item) => {
    const link = item.querySelector("a[href^='#']");
    const code = link && document.getElementById(link.hash.slice(1))?.closest("[data-code]")?.dataset.code;
    return code ? [{ item, code }] : [];
  });
  const said = make("p", "mpr-sentence mpr-filtered-by", main, main.firstChild);
  said.setAttribute("role", "status");
  const all = make("button", "mpr-show-all", main);
  Object.assign(all, { type: "reset", textContent: "Show all" });
  all.setAttribute("form", form.id);
  document.querySelector(".mpr-cover")?.after(said, all);

  /* A section's parts below its h3: each hidden where nothing that it shows is left. */
  function groupsOf(section) {
    const groups = [];
    for (const child of section.children) {
      if (child.tagName === "H3") groups.push([]);
      if (groups.length) groups.at(-1).push(child);
    }
    return groups.filter((group) => group.some((child) => child.dataset.code || of(child).length));
  }
  function codesIn(element) {
    return [...new Set([...of(element)].map((each) => each.dataset.code))];
  }

  /* The words of an indicator's rows and of its cards, without their figures; read when first they are asked for. */
  const textsOf = (element) => (element.matches("tr") ? [element] : [...element.querySelectorAll("header, .mpr-prose")]);
  const wordsOf = (each) => {
    each.words ??= each.elements.flatMap(textsOf).map((part) => part.textContent).join(" ").toLowerCase();
    return each.words;
  };
  const several = new Set(["committee", "managed_by"]);
  const holds = (each, key, wanted) => {
    if (key === "text") return wanted.toLowerCase().split(/\s+/).every((word) => wordsOf(each).includes(word));
    const found = each.data[key] || "";
    return several.has(key) ? found.split(";").some((one) => one.trim() === wanted) : found === wanted;
  };

  const given = () => fields.map((field) => [field.name, field.value.trim()]).filter(([, value]) => value);
  const chosen = () => given().filter(([key]) => key !== "sort");
  const wording = (key, value) => {
    const field = form.elements.namedItem(key);
    return field.options ? field.selectedOptions[0].textContent : `“${value}”`;
  };

  const apply = () => {
    const wanted = chosen();
    const shown = new Set([...indicators.keys()].filter((code) => wanted.every(([key, value]) => holds(indicators.get(code), key, value))));
    const count = (codes) => codes.filter((code) => shown.has(code)).length;
    for (const [code, { elements }] of indicators) for (const element of elements) element.hidden = !shown.has(code);
    document.body.classList.toggle("mpr-filtered", wanted.length > 0);
    for (const { section, tables, note, groups, codes, flat } of sections) {
      for (const table of tables) showTable(table, wanted.length > 0, flat);
      for (const group of groups) showGroup(group, flat);
      if (note) {
        const left = count(codes);
        note.hidden = !wanted.length || (left > 0 && tables.length === 1);
        note.classList.toggle("mpr-note", !left);
        const words = left ? `Showing ${left} of ${codes.length}.` : "Nothing in this section matches the filter.";
        note.textContent = note.hidden ? "" : words;
      }
    }
    for (const { figure, codes } of figures) recount(figure, codes.filter((code) => shown.has(code)));
    for (const { item, code } of entries) item.hidden = !shown.has(code);
    tell(wanted, shown.size);
  };

  /* "12 indicators: 9 at risk …" becomes "Showing 3 of 12 indicators", and so do the rows that head groups. */
  const showTable = (table, filtered, flat) => {
    const rows = [...of(table)];
    const counted = (text, some) => {
      if (!filtered) return text;
      const [left, all] = [some.filter((row) => !row.hidden).length, some.length];
      return /^\d/.test(text) ? `Showing ${left} of ${text.replace(/:.*/, "")}` : `${text}. Showing ${left} of ${all}`;
    };
    table.hidden = !rows.some((row) => !row.hidden);
    table.caption.textContent = counted(flat ? `${rows.length} indicators in one table, by ${flat}` : captions.get(table), rows);
    for (const body of table.tBodies) {
      const head = body.rows[0]?.dataset.code === undefined ? body.rows[0] : null;
      if (!head) continue;
      head.hidden = ![...of(body)].some((row) => !row.hidden);
      const detail = head.querySelector(".mpr-cell-detail");
      if (!detail) continue;
      detail.dataset.said ||= detail.textContent;
      detail.textContent = counted(detail.dataset.said, [...of(body)]);
    }
  };

  const showGroup = (group, flat) => {
    const holders = group.filter((child) => child.dataset.code || of(child).length);
    const any = holders.some((child) => (child.dataset.code ? !child.hidden : [...of(child)].some((each) => !each.hidden)));
    for (const child of group) {
      if (child.dataset.code || child.tagName === "TABLE") continue;
      child.hidden = !any || (Boolean(flat) && !of(child).length && !child.matches("article, .mpr-group"));
    }
  };

  /* Counts are of what is shown: the total, each outcome in words, and each part of the bar. */
  const recount = (figure, codes) => {
    const tally = (outcome, judged) =>
      codes.filter((code) => {
        const { data } = indicators.get(code) || { data: {} };
        return data.outcome === outcome && (judged === undefined || "judged" in data === judged);
      }).length;
    figure.querySelector("[data-total]").textContent = codes.length;
    for (const part of figure.querySelectorAll(".mpr-bar > [data-outcome]")) {
      const number = tally(part.dataset.outcome, "judged" in part.dataset);
      part.hidden = !number;
      part.dataset.share = Math.round((100 * number) / codes.length) || 1;
      part.querySelector("svg").nextSibling.textContent = `${number} `;
    }
    for (const item of figure.querySelectorAll("li")) {
      const { outcome } = item.dataset;
      const [all, judged, words] = [tally(outcome), tally(outcome, true), item.querySelector("[data-judged-words]")];
      item.hidden = !all;
      item.querySelector("strong").textContent = all;
      if (!words) continue;
      words.dataset.judgedWords ||= words.textContent;
      const rest = words.dataset.judgedWords.replace(/^: (\d+, )?(\d+ more |all )?/, "");
      words.hidden = !judged;
      words.textContent = judged < all ? `: ${all - judged}, ${judged} more ${rest}` : `: ${judged > 1 ? "all " : ""}${rest}`;
    }
  };

  const tell = (wanted, left) => {
    const by = wanted.map(([key, value]) => wording(key, value)).join(", ");
    const committee = wanted.find(([key]) => key === "committee")?.[1];
    const counted = `Showing ${left} of ${indicators.size} indicators`;
    const text = !wanted.length ? "" : left ? `${counted}: ${by}` : `No indicator matches ${by}`;
    if (said.textContent !== text) said.textContent = text;
    all.hidden = !wanted.length;
    document.getElementById("filter-count").textContent = wanted.length ? counted : `All ${indicators.size} indicators`;
    document.getElementById("filter-summary").textContent = wanted.length ? `Filter: ${left} of ${indicators.size}` : "Filter";
    document.title = committee ? `${committee}: ${name.page}` : name.page;
    name.prefix.textContent = committee ? `${committee}: ` : "";
  };

  /* What an indicator is sorted by: a number, a place in an order of codes, or words. Missing figures come last. */
  const sortKey = (code, key, sort) => {
    const { data, elements } = indicators.get(code);
    if (key === "distance") return data.distance ? Number(data.distance) : Infinity;
    if (sort.includes(" ")) return sort.split(" ").indexOf(data[key === "signal" ? "variation" : key]);
    const cell = elements.map((element) => element.querySelector(`:scope > [data-key="${key}"]`)).find(Boolean);
    if (!cell) return Infinity;
    const text = cell.textContent.trim();
    if (sort === "month") return Date.parse(`1 ${text}`) || Infinity;
    if (sort !== "number") return text;
    const number = cell.querySelector(".mpr-missing") ? null : /-?\d[\d,]*(\.\d+)?/.exec(text);
    const scale = /^\W*[\d,.]+ million/.test(text) ? 1e6 : 1;
    return number ? Number(number[0].replaceAll(",", "")) * scale : Infinity;
  };
  const compare = (a, b) =>
    typeof a === "string" && typeof b === "string" ? a.localeCompare(b, document.documentElement.lang, { numeric: true }) : a === b ? 0 : a - b;

  /* Sorted, a section has one flat table: its rows in the first, those of tables with other headings in their own. */
  const sortSection = (one, key, down, label) => {
    const [first] = one.tables;
    for (const table of one.tables) {
      table.querySelector("tbody.mpr-flat")?.remove();
      for (const [body, rows] of table.homes) body.append(...rows);
      for (const heading of table.tHead.rows[0].cells) {
        if (key && heading.dataset.key === key) heading.setAttribute("aria-sort", down ? "descending" : "ascending");
        else heading.removeAttribute("aria-sort");
      }
    }
    one.flat = key ? label : false;
    if (!key) return;
    const same = (table) => table.tHead.textContent === first.tHead.textContent;
    const sort = keys.get(key)?.sort ?? "number";
    for (const table of one.tables.filter((each) => each === first || !same(each))) {
      const rows = (table === first ? one.tables.filter(same) : [table]).flatMap((each) => [...of(each)]);
      const keyed = rows.map((row) => [sortKey(row.dataset.code, key, sort), row]);
      keyed.sort(([a], [b]) => (a === Infinity || b === Infinity || !down ? compare(a, b) : compare(b, a)));
      const flat = make("tbody", "mpr-flat", table);
      flat.append(...keyed.map(([, row]) => row));
    }
  };
  const sortAll = () => {
    for (const one of sections) {
      if (one.tables.length) sortSection(one, sorting.value, false, sorting.selectedOptions[0].textContent.toLowerCase());
    }
  };

  const keys = new Map();
  for (const one of sections) {
    for (const heading of one.tables.flatMap((table) => [...table.tHead.rows[0].cells])) {
      const { key, sort } = heading.dataset;
      if (!sort) continue;
      const label = heading.textContent.trim();
      if (!keys.has(key) && key !== "distance") sorting.add(new Option(label, key));
      if (!keys.has(key)) keys.set(key, { sort });
      const button = make("button", "mpr-sort", heading);
      button.type = "button";
      button.textContent = label;
      button.addEventListener("click", () => {
        sortSection(one, key, heading.getAttribute("aria-sort") === "ascending", label.toLowerCase());
        apply();
      });
    }
  }

  /* The filter lives in the address after the place's id, which works for files as well as for sites. */
  const place = () => location.hash.slice(1).split("?")[0];
  const remember = () => {
    const query = new URLSearchParams(given()).toString();
    const hash = `${place()}${query ? `?${query}` : ""}`;
    history.replaceState(null, "", hash ? `#${hash}` : location.href.split("#")[0]);
  };
  const fill = (wanted) => {
    for (const field of fields) {
      field.value = wanted.get(field.name) || "";
      if (field.selectedIndex === -1) field.selectedIndex = 0;
    }
    sortAll();
    apply();
  };
  /* An indicator without a card, on course by now, is found in its section's table. */
  const target = (id) => [id, decodeURIComponent(id), `corporate-${id}`, `partnership-${id}`]
    .map((each) => id && document.getElementById(each)).find(Boolean);

  /* A link to what the filter hides gives everything back; the order stays. */
  const reveal = (found) => {
    if (!found || !main.contains(found) || !found.closest("[hidden]")) return;
    fill(new URLSearchParams({ sort: sorting.value }));
    if (found.closest("[hidden]")) fill(new URLSearchParams());
    remember();
    said.textContent = "The filter is off again: it hid what this link leads to.";
  };
  const recall = () => {
    const [id, query] = location.hash.slice(1).split("?");
    const found = id && target(id);
    if (query !== undefined) fill(new URLSearchParams(query));
    reveal(found);
    if (found && (query !== undefined || !found.matches(":target") || !found.getClientRects().length)) found.scrollIntoView();
    remember();
  };

  name.heading?.prepend(name.prefix);
  panel.hidden = false;
  let waiting = 0;
  const change = () => {
    apply();
    remember();
  };
  form.addEventListener("input", (event) => {
    clearTimeout(waiting);
    if (event.target === sorting) sortAll();
    /* Words come letter by letter. */
    if (event.target.type === "search") waiting = setTimeout(change, 200);
    else change();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    close();
  });
  form.addEventListener("reset", () => setTimeout(() => (fill(new URLSearchParams(given())), remember())));
  const close = () => {
    panel.open = false;
    panel.querySelector("summary").focus();
  };
  panel.addEventListener("keydown", (event) => event.key === "Escape" && panel.open && close());
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    if (link) reveal(target(link.hash.slice(1)));
    if (!panel.contains(event.target)) panel.open = false;
  });
  window.addEventListener("hashchange", recall);
  tell([], indicators.size);
  recall();
})();
