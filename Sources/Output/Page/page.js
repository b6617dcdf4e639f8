
"use strict";
// Makes tables sortable and searchable, and shows one host by itself. The page is readable without
// this script. Texts become text nodes only: nothing in the data is parsed as HTML.
const root = document.documentElement;
root.classList.add("js");
const printedRows = 25;
const step = 500;

const grouped = number => number.toLocaleString("en-US");
const counted = number => `${grouped(number)} ${number === 1 ? "row" : "rows"}`;

function element(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

// How a value that is not known is shown.
const unknownSign = "∅";

// Integers of more than 15 digits are none that a number keeps.
const integer = digits => digits.length > 15 ? BigInt(digits) : Number(digits);

// Rows as the page has them: `true` is the value above, and an array has the digits of a long integer.
function expanded(rows) {
  rows.forEach((row, number) => row.forEach((value, column) => {
    if (value === true) row[column] = rows[number - 1][column];
    if (Array.isArray(value)) row[column] = integer(value[0]);
  }));
  return rows;
}

function valueOf(cell) {
  if (cell.classList.contains("null")) return null;
  const text = cell.textContent;
  return cell.classList.contains("number") ? integer(text.trim()) : text;
}

// A UTF-16 code unit as a number by which it sorts as the code point that it belongs to.
const codeOrder = unit => unit >= 0xE000 ? unit - 0x800 : unit >= 0xD800 ? unit + 0x2000 : unit;

function compareTexts(a, b) {
  const count = Math.min(a.length, b.length);
  for (let index = 0; index < count; index++) {
    const [x, y] = [a.charCodeAt(index), b.charCodeAt(index)];
    if (x !== y) return codeOrder(x) - codeOrder(y);
  }
  return a.length - b.length;
}

// The order of the databases: numbers before texts, and these, such as dates, by their code points.
// What is unknown is last.
function compare(a, b) {
  if (a === null || b === null) return (a === null) - (b === null);
  if (typeof a === "string" && typeof b === "string") return compareTexts(a, b);
  if (typeof a === "string" || typeof b === "string") return typeof a === "string" ? 1 : -1;
  return a < b ? -1 : a > b ? 1 : 0;
}

// From the least to the worst; what was not checked is before them.
const severities = ["info", "low", "medium", "high", "critical"];

function makeCell(value) {
  if (value === null) return element("td", { className: "null" }, unknownSign);
  const text = String(value);
  const size = new TextEncoder().encode(text).length;
  const className = typeof value !== "string" ? "number" : size > 64 ? "text long" : size > 20 ? "text" : "";
  return element("td", { className }, text);
}

// Makes the cells that name a server of which the page has a view lead to that view.
function link(row, values, titles) {
  const id = values[titles.indexOf("Server_ID")];
  if (!Number.isInteger(id) || !document.getElementById(`view_${id}`)) return row;
  titles.forEach((title, column) => {
    const cell = row.cells[column];
    if (!["Server_ID", "Hostname", "Host"].includes(title) || values[column] === null) return;
    if (!cell.querySelector("a")) cell.replaceChildren(element("a", { href: `#host-${id}` }, cell.textContent));
  });
  return row;
}

function enhance(section, isSearched = true) {
  const table = section.querySelector("table.rows");
  if (!table) return;
  const body = table.tBodies[0];
  const headings = Array.from(table.tHead.rows[0].cells);
  const titles = headings.map(heading => heading.textContent);
  const scroll = table.closest(".scroll");
  const note = section.querySelector(".note .shown")?.parentElement;
  const shownNote = note?.querySelector(".shown");
  const printedNote = note?.querySelector(".printed");
  // Of rows that are not in this page.
  const elsewhere = note?.dataset.elsewhere;
  const data = document.getElementById(`rows_${section.id}`);
  let shown = body.rows.length || step;
  const pitch = shown;
  let rows = null;
  let matching = null;

  for (const row of body.rows) link(row, Array.from(row.cells, valueOf), titles);

  // All rows in the page, read when they are first needed.
  function load() {
    if (rows) return;
    rows = Array.from(body.rows, row => ({ row, values: Array.from(row.cells, valueOf) }));
    for (const values of expanded(JSON.parse(data?.textContent ?? "[]"))) rows.push({ values });
    matching = rows;
  }

  function rowOf(entry) {
    entry.row ??= link(
      element("tr", {}, ...entry.values.map(makeCell)), entry.values, titles);
    return entry.row;
  }

  const more = element("button", { type: "button", className: "more" }, "Show more rows");
  function show() {
    const content = document.createDocumentFragment();
    for (const entry of matching.slice(0, shown)) content.append(rowOf(entry));
    body.replaceChildren(content);
    more.hidden = matching.length <= shown;
    const all = matching === rows ? counted(rows.length) : `${counted(matching.length)} found`;
    if (shownNote) shownNote.textContent = more.hidden ? `${all}, all shown.` : `The first ${grouped(shown)} of ${all}.`;
    if (printedNote) {
      printedNote.textContent = matching.length <= printedRows
        ? `${all}.` : `Printed: the first ${printedRows} of ${all}.`;
    }
  }

  const cut = element("p", { className: "note cut", role: "status" });
  if (elsewhere) scroll.before(cut);
  headings.forEach((heading, column) => {
    const button = element("button", { type: "button" }, ...heading.childNodes);
    heading.append(button);
    heading.setAttribute("aria-sort", "none");
    button.addEventListener("click", () => {
      load();
      const descending = heading.getAttribute("aria-sort") === "ascending";
      const direction = descending ? -1 : 1;
      const order = (a, b) => {
        let [x, y] = [a.values[column], b.values[column]];
        if (titles[column] === "Severity") [x, y] = [severities.indexOf(x), severities.indexOf(y)];
        return x === null || y === null ? compare(x, y) : direction * compare(x, y);
      };
      rows.sort(order);
      if (matching !== rows) matching.sort(order);
      show();
      for (const other of headings) other.setAttribute("aria-sort", "none");
      heading.setAttribute("aria-sort", descending ? "descending" : "ascending");
      if (elsewhere) cut.textContent = `Sorted: the ${grouped(rows.length)} rows in this page only; ${elsewhere}`;
    });
  });
  scroll.after(more);
  more.hidden = !data;
  more.addEventListener("click", () => {
    load();
    shown += pitch;
    show();
  });

  if (!isSearched) return;
  const name = `search_${section.id}`;
  const input = element("input", { type: "search", id: name, autocomplete: "off", spellcheck: false });
  const output = element("output", { htmlFor: name });
  scroll.before(element(
    "p", { className: "search" }, element("label", { htmlFor: name }, "Search in these rows"), " ",
    input, " ", output));
  input.addEventListener("input", () => {
    load();
    const words = input.value.toLowerCase();
    for (const entry of rows) entry.text ??= entry.values.map(value => value ?? unknownSign).join("\n").toLowerCase();
    matching = words === "" ? rows : rows.filter(entry => entry.text.includes(words));
    shown = pitch;
    show();
    const found = `${grouped(matching.length)} of`;
    output.value = words === "" ? "" : elsewhere
      ? `${found} the ${grouped(rows.length)} rows in this page; ${elsewhere}` : `${found} ${grouped(rows.length)}`;
  });
}

// The view of one host, at #host-3 for the one with the Server_ID 3.
const view = document.getElementById("host");

function tableOf(part) {
  const rows = expanded(part.rows);
  const heading = (title, column) => element(
    "th", { scope: "col", className: ["number", "bigint"].includes(typeof rows[0][column]) ? "number" : "" },
    ...title.split("_").flatMap((part, number) => number === 0 ? [part] : ["_", element("wbr"), part]));
  return element(
    "div", { className: "scroll", tabIndex: 0, role: "region", ariaLabel: part.title },
    element(
      "table", { className: "rows" },
      element("thead", {}, element("tr", {}, ...part.columns.map(heading))),
      element("tbody", {}, ...rows.map(row => element("tr", {}, ...row.map(makeCell))))));
}

function rowNote(count) {
  const note = element("p", { className: "note" }, element("span", { className: "shown" }, `${counted(count)}.`));
  if (count > printedRows) {
    note.append(element(
      "span", { className: "printed" }, `Printed: the first ${printedRows} of ${counted(count)}.`));
  }
  return note;
}

function showHost() {
  const id = location.hash.match(/^#host-(\d+)$/)?.[1];
  root.classList.toggle("one-host", id !== undefined);
  view.replaceChildren();
  if (id === undefined) {
    // What the link leads to was hidden when the browser looked for it.
    document.getElementById(location.hash.slice(1))?.scrollIntoView();
    return;
  }
  const back = element("p", { className: "back" }, element("a", { href: "#servers" }, "All servers"));
  const data = document.getElementById(`view_${id}`);
  if (!data) {
    view.append(back, element("h2", {}, `Server ${id}`), element(
      "p", { className: "note" }, "This page has no view of this server: ",
      element("code", {}, `census show ${id} --format html`), " makes a page of it."));
    return;
  }
  const { title, parts } = JSON.parse(data.textContent);
  const heading = element("h2", { tabIndex: -1 }, title);
  view.append(back, heading);
  parts.forEach((part, number) => {
    const section = element("section", { id: `host_${number}` }, element("h3", {}, part.title));
    if (part.rows.length > 0) section.append(tableOf(part));
    if (part.rows.length > 10) section.append(rowNote(part.rows.length));
    if (part.note) section.append(element("p", { className: "note" }, part.note));
    view.append(section);
    enhance(section, part.rows.length > 10);
  });
  scrollTo(0, 0);
  heading.focus();
}

for (const section of document.querySelectorAll("main > section")) enhance(section);
if (view) {
  addEventListener("hashchange", showHost);
  if (location.hash.startsWith("#host-")) showHost();
}
