// The panel: what is known of the part or line that the address names.
const panel = $("panel");
const selection = { id: null, keyboard: false, centre: false };

// el makes an element; children are nodes or text, so nothing that comes from a model is ever read as markup.
function el(name, attributes, ...children) {
  const e = document.createElement(name);
  for (const [k, v] of Object.entries(attributes || {})) if (v) e.setAttribute(k, v);
  e.append(...children.filter((c) => c !== null && c !== ""));
  return e;
}

const href = (id) => "#" + encodeURIComponent(id);

// address is the id that the URL names; empty for none.
function address() {
  try {
    return decodeURIComponent(location.hash.slice(1));
  } catch {
    return "";
  }
}

// standing is the element of a view that stands for an id.
function standing(view, id) {
  return view.elements[id] || view.elements[view.home[id]];
}

function mark(id) {
  for (const g of canvas.querySelectorAll(".sel")) g.classList.remove("sel");
  const g = id && standing(diagram.view, id);
  if (g) g.classList.add("sel");
  return g;
}

// select opens the details of a part, in the open view if it is drawn there, else in the first that draws it.
function select(id) {
  let view = diagram.view;
  if (!standing(view, id)) view = Object.values(views).find((v) => standing(v, id)) || view;
  show(view.id);
  selection.id = id;
  fill(id);
  panel.hidden = false;
  stage.classList.add("open");
  const g = mark(id);
  if (g) reveal(g, selection.centre);
  selection.centre = false;
}

function close() {
  if (panel.hidden) return;
  const id = selection.id;
  selection.id = null;
  panel.hidden = true;
  stage.classList.remove("open");
  mark(null);
  history.pushState(null, "", location.pathname + location.search);
  const g = standing(diagram.view, id);
  const link = g && g.querySelector("a");
  if (link) link.focus({ preventScroll: true });
}

function fill(id) {
  const part = data.parts[id];
  const heading = el("h3", { tabindex: "-1", id: "panel-title" }, part.name);
  const shut = el("button", { type: "button" }, "Close");
  shut.addEventListener("click", close);
  panel.replaceChildren(
    el("header", null, el("div", null, heading, el("p", { class: "muted" }, part.kind + (part.where ? ", " + part.where : "")), el("code", null, id)), shut),
    ...section("Findings", findingList(part)),
    ...section("Questions", questionList(part)),
    ...section("Patterns", patternTags(part)),
    ...section("Facts", factTable(part)),
    ...section("Stands for", members(part)),
    ...section("Connected", linkList(id, part)),
  );
  panel.scrollTop = 0;
}

function section(title, content) {
  return content ? [el("h4", null, title), content] : [];
}

function findingList(part) {
  if (!part.findings) return el("p", { class: "muted" }, "No finding here.");
  return el("ul", null, ...part.findings.map((n) => {
    const f = data.findings[n];
    const card = data.patterns[f.pattern];
    const told = $(f.id) && $(f.id).querySelector(".says"); // a waived one has no text of its own
    return el("li", null,
      el("span", { class: "sev " + f.severity }, f.severity[0].toUpperCase()), " ",
      el("a", { class: "title", href: href(f.id) }, f.title), " ",
      el("a", { href: "#" + f.rule, class: "muted" }, f.rule),
      told ? el("p", null, told.textContent) : "",
      el("p", { class: "muted" }, [f.waived ? "waived" : "", f.verdict === "risk" ? "rests on an assumption" : ""].filter(Boolean).join(", ")),
      card ? el("a", { class: "tag", href: href(f.pattern) }, "card: " + card) : "");
  }));
}

function questionList(part) {
  if (!part.questions) return null;
  return el("ul", null, ...part.questions.map((n) => {
    const q = data.questions[n];
    return el("li", null, el("code", null, q.path), el("p", { class: "muted" }, (q.hint ? q.hint + " " : "") + "Decides " + q.rules.join(", ") + "."));
  }));
}

function patternTags(part) {
  const tag = (id, owed) => el(data.patterns[id] ? "a" : "span", { class: "tag" + (owed ? " owed" : ""), href: data.patterns[id] ? href(id) : "" }, (owed ? "+ " : "") + (data.patterns[id] || id));
  const tags = [...(part.owed || []).map((p) => tag(p, true)), ...(part.present || []).map((p) => tag(p, false))];
  return tags.length ? el("p", null, ...tags) : null;
}

function factTable(part) {
  if (!part.facts) return null;
  return el("table", null,
    el("thead", null, el("tr", null, ...["Fact", "Value", "Origin"].map((t) => el("th", { scope: "col" }, t)))),
    el("tbody", null, ...part.facts.map(([name, value, state, from]) => el("tr", null,
      el("td", null, name), el("td", null, value), el("td", { class: "muted" }, state + (from ? ", " + from : ""))))));
}

function members(part) {
  if (!part.members) return null;
  return el("ul", null, ...part.members.map((m) => el("li", null, data.parts[m] ? el("a", { href: href(m) }, m) : m)));
}

// lines are the lines at every part, each as seen from there.
const lines = {};
const inverse = { calls: "called by", reads: "read by", writes: "written by", "sends to": "receives from" };
for (const [id, p] of Object.entries(data.parts)) {
  if (!p.line) continue;
  const [from, to, verb] = p.line;
  (lines[from] ||= []).push([verb, id, to]);
  (lines[to] ||= []).push([inverse[verb], id, from]);
}

function linkList(id, part) {
  const name = (x) => (data.parts[x] ? data.parts[x].name : x);
  const row = (words, line, other) => el("li", null, words + " ", el("a", { href: href(other) }, name(other)), line ? el("span", { class: "muted" }, " by ", el("a", { href: href(line) }, line.slice(line.lastIndexOf(".") + 1))) : "");
  const rows = part.line
    ? [row("from", "", part.line[0]), row("to", "", part.line[1])]
    : (lines[id] || []).map(([verb, line, other]) => row(verb, line, other));
  return rows.length ? el("ul", { class: "close" }, ...rows) : null;
}

// go follows the URL: to a part in the diagram, to a view, else where the browser has gone by itself.
function go(first) {
  const id = address();
  if (id.startsWith("view-") && views[id.slice(5)]) show(id.slice(5));
  else if (data.parts[id]) {
    select(id);
    if (selection.keyboard) $("panel-title").focus({ preventScroll: true });
  } else {
    open(id);
    return;
  }
  const target = room() < canvas.clientHeight ? canvas : $("diagram");
  const at = stage.getBoundingClientRect();
  if (first || target === canvas || at.top < 40 || at.bottom > innerHeight) target.scrollIntoView({ behavior: first || still.matches ? "auto" : "smooth" });
}

// open unfolds the card that a link leads to, and shows a finding that a filter hides.
function open(id) {
  const target = id && $(id);
  if (!target) return;
  if (target.localName === "details") target.open = true;
  if (target.hidden) {
    for (const b of document.querySelectorAll("[data-level]")) if (b.dataset.level === target.dataset.severity) b.click();
  }
  target.scrollIntoView();
}

// A link that was opened from the keyboard takes the focus into the panel.
document.addEventListener("click", (e) => {
  const link = e.target.closest("a[href^='#']");
  if (!link) return;
  selection.keyboard = e.detail === 0;
  if (link.getAttribute("href") === location.hash) go(false); // the address stays, so no event comes
});
addEventListener("hashchange", () => go(false));
stage.addEventListener("keydown", (e) => {
  if (e.key !== "Escape" || panel.hidden) return;
  e.preventDefault();
  close();
});
document.addEventListener("viewchange", () => mark(selection.id));
