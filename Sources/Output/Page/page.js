
"use strict";
// Makes tables sortable and searchable. The page is readable without this script.
document.documentElement.classList.add("js");

function keyOf(cell) {
  if (cell.classList.contains("null")) return null;
  const text = cell.textContent.trim();
  return cell.classList.contains("number") ? Number(text) : cell.textContent;
}

// Numbers before texts, NULL last.
function compare(a, b) {
  if (a === null || b === null) return (a === null) - (b === null);
  if (typeof a !== typeof b) return typeof a === "number" ? -1 : 1;
  return a < b ? -1 : a > b ? 1 : 0;
}

for (const section of document.querySelectorAll("section")) {
  const table = section.querySelector("table.rows");
  if (!table) continue;
  const body = table.tBodies[0];
  // The note of a table that the page shows only in part.
  const cut = section.querySelector(".cut");
  const elsewhere = cut?.dataset.elsewhere;
  const headings = Array.from(table.tHead.rows[0].cells);

  headings.forEach((heading, column) => {
    heading.querySelector("button").addEventListener("click", () => {
      const descending = heading.getAttribute("aria-sort") === "ascending";
      const rows = Array.from(body.rows, row => ({ row, key: keyOf(row.cells[column]) }));
      rows.sort((a, b) => {
        const order = compare(a.key, b.key);
        return descending && a.key !== null && b.key !== null ? -order : order;
      });
      const sorted = document.createDocumentFragment();
      for (const { row } of rows) sorted.append(row);
      body.append(sorted);
      for (const other of headings) other.setAttribute("aria-sort", "none");
      heading.setAttribute("aria-sort", descending ? "descending" : "ascending");
      if (cut) {
        cut.textContent = `Sorted: the ${body.rows.length} rows in this page only; ${elsewhere}`;
      }
    });
  });

  const input = section.querySelector("input");
  const output = section.querySelector("output");
  let texts = null;
  input.addEventListener("input", () => {
    texts ??= Array.from(body.rows, row => {
      const cells = Array.from(row.cells, cell => cell.textContent);
      return { row, text: cells.join("\n").toLowerCase() };
    });
    const words = input.value.toLowerCase();
    let matching = 0;
    for (const { row, text } of texts) {
      row.hidden = !text.includes(words);
      if (!row.hidden) matching += 1;
    }
    const found = cut
      ? `${matching} of the ${texts.length} rows in this page; ${elsewhere}`
      : `${matching} of ${texts.length}`;
    output.value = words === "" ? "" : found;
  });
}
