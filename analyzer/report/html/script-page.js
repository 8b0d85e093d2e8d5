// The page: search, filters, theme, print; then everything starts.
const find = $("find");
const hits = $("hits");
const search = { ids: [], next: 0 };

// haystack is what a part is found by: its name, kind and address, the rules and titles of its findings, its members.
const haystack = {};
for (const [id, p] of Object.entries(data.parts)) {
  const found = (p.findings || []).map((n) => data.findings[n].rule + " " + data.findings[n].title);
  haystack[id] = [id, p.name, p.kind, ...found, ...(p.members || [])].join("\n").toLowerCase();
}

function lookFor(text) {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const matches = (id) => words.every((w) => haystack[id] && haystack[id].includes(w));
  const { svg, elements } = diagram.view;
  svg.classList.toggle("searching", words.length > 0);
  search.ids = [];
  search.next = 0;
  for (const [id, g] of Object.entries(elements)) {
    const hit = words.length > 0 && matches(id);
    g.classList.toggle("hit-by-search", hit);
    if (hit && g.querySelector("a")) search.ids.push(id);
  }
  search.ids.sort((a, b) => Number(elements[b].classList.contains("node")) - Number(elements[a].classList.contains("node")));
  if (!words.length) {
    hits.textContent = "";
    return;
  }
  const elsewhere = search.ids.length ? null : Object.values(views).find((v) => v !== diagram.view && Object.keys(v.elements).some(matches));
  hits.textContent = search.ids.length ? search.ids.length + " found, Enter shows the next" : elsewhere ? "none here; the view " + elsewhere.name + " has it" : "none found";
}

find.addEventListener("input", () => lookFor(find.value));
find.addEventListener("keydown", (e) => {
  if (e.key === "Escape") {
    find.value = "";
    lookFor("");
  } else if (e.key === "Enter" && search.ids.length) {
    const id = search.ids[search.next % search.ids.length];
    search.next++;
    selection.keyboard = false;
    selection.centre = true;
    if (address() === id) select(id);
    else location.hash = href(id);
    hits.textContent = search.ids.length + " found, this is " + (((search.next - 1) % search.ids.length) + 1) + ": " + data.parts[id].name;
  }
});
document.addEventListener("keydown", (e) => {
  if (e.key !== "/" || e.ctrlKey || e.metaKey || e.altKey || /^(INPUT|SELECT|TEXTAREA)$/.test(e.target.tagName)) return;
  e.preventDefault();
  find.focus();
});
document.addEventListener("viewchange", () => {
  for (const v of Object.values(views)) if (v !== diagram.view) v.svg.classList.remove("searching");
  lookFor(find.value);
});

for (const b of document.querySelectorAll("[data-view]")) b.addEventListener("click", () => show(b.dataset.view));
if ($("journey")) $("journey").addEventListener("change", (e) => e.target.value && show(e.target.value));
const zooms = { in: () => zoom(1.25), out: () => zoom(0.8), fit, one: () => zoom(1 / diagram.at[diagram.view.id].k) };
for (const b of document.querySelectorAll("[data-zoom]")) b.addEventListener("click", zooms[b.dataset.zoom]);

// The severities that are pressed are shown.
for (const b of document.querySelectorAll("[data-level]")) {
  b.addEventListener("click", () => {
    b.setAttribute("aria-pressed", String(b.getAttribute("aria-pressed") !== "true"));
    const on = new Set([...document.querySelectorAll("[data-level][aria-pressed=true]")].map((x) => x.dataset.level));
    const all = [...document.querySelectorAll(".finding")];
    for (const f of all) f.hidden = !on.has(f.dataset.severity);
    const shown = all.filter((f) => !f.hidden).length;
    $("shown").textContent = shown === all.length ? "" : shown + " of " + all.length + " shown";
  });
}

const dark = matchMedia("(prefers-color-scheme: dark)");
const theme = $("theme");
function isDark() {
  return (document.documentElement.dataset.theme || (dark.matches ? "dark" : "light")) === "dark";
}
function nameTheme() {
  theme.textContent = isDark() ? "Light" : "Dark";
  theme.setAttribute("aria-label", isDark() ? "Use the light theme" : "Use the dark theme");
}
theme.addEventListener("click", () => {
  document.documentElement.dataset.theme = isDark() ? "light" : "dark";
  nameTheme();
});
dark.addEventListener("change", nameTheme);

// On paper everything is open, and closes again.
let folded = [];
addEventListener("beforeprint", () => {
  folded = [...document.querySelectorAll("details:not([open])")];
  for (const d of folded) d.open = true;
});
addEventListener("afterprint", () => {
  for (const d of folded) d.open = false;
});

// The rows of the table are where the links of the pictures lead without a script.
for (const row of document.querySelectorAll("#parts tr[id]")) row.removeAttribute("id");
for (const e of document.querySelectorAll(".scripted")) e.hidden = false;
document.documentElement.classList.add("live");
nameTheme();
if (data.views.length) {
  show(data.views[0].id);
  go(true);
} else {
  $("diagram").hidden = true;
}
