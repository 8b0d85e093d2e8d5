// The diagram: views, pan and zoom, walking from part to part.
const $ = (id) => document.getElementById(id);
const data = JSON.parse($("data").textContent);
const canvas = $("canvas");
const stage = $("stage");
const still = matchMedia("(prefers-reduced-motion: reduce)");

// state of the diagram: the open view, and where each view stands (scale and offset in pixels)
const diagram = { view: null, at: {} };

const views = {};
for (const v of data.views) {
  const box = $("view-" + v.id);
  const svg = box.querySelector("svg");
  const elements = {};
  for (const g of svg.querySelectorAll("[data-id]")) elements[g.dataset.id] = g;
  views[v.id] = { ...v, box, svg, elements, home: v.home || {}, width: svg.viewBox.baseVal.width, height: svg.viewBox.baseVal.height };
}

// prepare makes the parts of a picture reachable: one stop for Tab, the arrow keys for the rest, lines easy to hit.
function prepare(view) {
  for (const t of view.svg.querySelectorAll("text[textLength]")) t.setAttribute("lengthAdjust", "spacingAndGlyphs");
  for (const [id, g] of Object.entries(view.elements)) {
    const link = g.querySelector("a");
    if (!link) continue;
    link.setAttribute("tabindex", "-1");
    const title = g.querySelector("title");
    const text = link.textContent.replace(/\s+/g, " ").trim();
    link.setAttribute("aria-label", [title ? title.textContent : id, text].filter(Boolean).join(": "));
    if (!g.classList.contains("edge")) continue;
    const line = g.querySelector("path");
    if (!line) continue;
    const hit = line.cloneNode(false);
    hit.setAttribute("class", "hit");
    link.append(hit);
  }
  const first = parts(view)[0];
  if (first) first.link.setAttribute("tabindex", "0");
}

// parts are the nodes of a view that can be walked to, with their centres in the picture's own units.
function parts(view) {
  if (!view.walk) {
    view.walk = [];
    for (const [id, g] of Object.entries(view.elements)) {
      const link = g.querySelector("a");
      if (link && g.classList.contains("node")) view.walk.push({ id, link, ...centre(view, g) });
    }
  }
  return view.walk;
}

// centre is the middle of an element in the units of the viewBox.
function centre(view, g) {
  const b = g.getBBox();
  const graph = view.svg.querySelector(".graph").transform.baseVal.consolidate();
  const m = graph ? graph.matrix : { e: 0, f: 0 };
  return { x: b.x + b.width / 2 + m.e, y: b.y + b.height / 2 + m.f, w: b.width, h: b.height };
}

function fitting(view) {
  return Math.min(1, canvas.clientWidth / view.width, canvas.clientHeight / view.height);
}

// opening is the scale a view opens at: the whole width, but never so small that it cannot be read.
function opening(view) {
  const least = canvas.clientWidth < 700 ? 0.5 : 0.8;
  return Math.max(least, Math.min(1, canvas.clientWidth / view.width));
}

function place(glide) {
  const v = diagram.view;
  const at = diagram.at[v.id];
  v.box.classList.toggle("glide", Boolean(glide) && !still.matches);
  v.box.style.transform = `translate(${at.x}px, ${at.y}px) scale(${at.k})`;
  $("scale").textContent = Math.round(at.k * 100) + " %";
}

function show(id) {
  const next = views[id];
  if (!next || next === diagram.view) return;
  for (const v of Object.values(views)) v.box.hidden = v !== next;
  diagram.view = next;
  if (!next.ready) {
    next.ready = true;
    prepare(next);
  }
  if (!diagram.at[id]) {
    const k = opening(next);
    diagram.at[id] = { k, x: Math.max(0, (canvas.clientWidth - next.width * k) / 2), y: 0 };
  }
  place();
  $("question").textContent = next.box.dataset.question;
  for (const b of document.querySelectorAll("[data-view]")) b.setAttribute("aria-pressed", String(b.dataset.view === id));
  const pick = $("journey");
  if (pick) pick.value = next.journey ? id : "";
  document.dispatchEvent(new Event("viewchange"));
}

// zoom scales around a point of the canvas, its middle by default.
function zoom(factor, x = canvas.clientWidth / 2, y = canvas.clientHeight / 2, glide = true) {
  const at = diagram.at[diagram.view.id];
  const k = Math.min(4, Math.max(0.1, at.k * factor));
  at.x = x - (x - at.x) * (k / at.k);
  at.y = y - (y - at.y) * (k / at.k);
  at.k = k;
  place(glide);
}

function fit() {
  const v = diagram.view;
  const k = fitting(v);
  diagram.at[v.id] = { k, x: (canvas.clientWidth - v.width * k) / 2, y: Math.max(0, (canvas.clientHeight - v.height * k) / 2) };
  place(true);
}

function pan(dx, dy, glide) {
  const at = diagram.at[diagram.view.id];
  at.x += dx;
  at.y += dy;
  place(glide);
}

// room is how much of the canvas's height can be seen: on a narrow screen the panel lies over its lower part.
function room() {
  const over = getComputedStyle(panel).position === "fixed" && !panel.hidden;
  return over ? Math.max(160, Math.min(canvas.clientHeight, innerHeight - panel.offsetHeight - 72)) : canvas.clientHeight;
}

// reveal moves an element into the canvas; always centres it there.
function reveal(g, always) {
  const height = room();
  const at = diagram.at[diagram.view.id];
  const c = centre(diagram.view, g);
  const x = c.x * at.k + at.x;
  const y = c.y * at.k + at.y;
  const w = (c.w * at.k) / 2;
  const h = (c.h * at.k) / 2;
  const inside = x - w >= 0 && y - h >= 0 && x + w <= canvas.clientWidth && y + h <= height;
  if (always || !inside) pan(canvas.clientWidth / 2 - x, height / 2 - y, true);
}

// walk is the nearest part in a direction: what lies ahead counts by its distance, and more the further it is aside.
function walk(from, dx, dy) {
  let best = null;
  let least = Infinity;
  for (const p of parts(diagram.view)) {
    const ahead = (p.x - from.x) * dx + (p.y - from.y) * dy;
    const aside = Math.abs((p.x - from.x) * dy) + Math.abs((p.y - from.y) * dx);
    if (ahead <= 1 || aside > 3 * ahead + 200) continue;
    if (ahead + 2 * aside < least) [best, least] = [p, ahead + 2 * aside];
  }
  return best;
}

function step(p) {
  for (const q of parts(diagram.view)) q.link.setAttribute("tabindex", q === p ? "0" : "-1");
  p.link.focus({ preventScroll: true });
  reveal(diagram.view.elements[p.id]);
}

const arrows = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

canvas.addEventListener("keydown", (e) => {
  if (e.ctrlKey || e.metaKey || e.altKey) return;
  const arrow = arrows[e.key];
  if (arrow && e.shiftKey) pan(-80 * arrow[0], -80 * arrow[1], true);
  else if (arrow) {
    const g = e.target.closest("[data-id]");
    const next = g ? walk(centre(diagram.view, g), ...arrow) : parts(diagram.view)[0];
    if (next) step(next);
  } else if (e.key === "Home" && parts(diagram.view).length) step(parts(diagram.view)[0]);
  else if (e.key === "End" && parts(diagram.view).length) step(parts(diagram.view).at(-1));
  else if (e.key === "+" || e.key === "=") zoom(1.25);
  else if (e.key === "-") zoom(0.8);
  else if (e.key === "0") fit();
  else return;
  e.preventDefault();
});

canvas.addEventListener("wheel", (e) => {
  if (!e.ctrlKey && !e.metaKey) return; // a plain wheel moves the page
  e.preventDefault();
  const r = canvas.getBoundingClientRect();
  zoom(Math.exp(-e.deltaY / 300), e.clientX - r.left, e.clientY - r.top, false);
}, { passive: false });

// One pointer drags, two pinch. A drag that starts on a part is no click.
const pointers = new Map();
let dragged = false;

canvas.addEventListener("pointerdown", (e) => {
  if (e.button !== 0) return;
  if (pointers.size === 0) dragged = false;
  pointers.set(e.pointerId, { x: e.clientX, y: e.clientY });
});
addEventListener("pointermove", (e) => {
  const was = pointers.get(e.pointerId);
  if (!was) return;
  const dx = e.clientX - was.x;
  const dy = e.clientY - was.y;
  if (!dragged && Math.hypot(dx, dy) < 4) return;
  if (!dragged) canvas.classList.add("moving");
  dragged = true;
  if (pointers.size === 2) {
    const other = [...pointers].find(([id]) => id !== e.pointerId)[1];
    const before = Math.hypot(was.x - other.x, was.y - other.y);
    const after = Math.hypot(e.clientX - other.x, e.clientY - other.y);
    const r = canvas.getBoundingClientRect();
    if (before > 0) zoom(after / before, (e.clientX + other.x) / 2 - r.left, (e.clientY + other.y) / 2 - r.top, false);
  } else pan(dx, dy);
  pointers.set(e.pointerId, { x: e.clientX, y: e.clientY });
});
for (const end of ["pointerup", "pointercancel"]) {
  addEventListener(end, (e) => {
    pointers.delete(e.pointerId);
    canvas.classList.remove("moving");
  });
}
canvas.addEventListener("click", (e) => {
  if (dragged) e.preventDefault();
  dragged = false;
}, true);
canvas.addEventListener("dragstart", (e) => e.preventDefault());
// The browser scrolls to what takes the focus; here the picture moves instead.
canvas.addEventListener("scroll", () => {
  if (canvas.scrollLeft || canvas.scrollTop) canvas.scrollTo(0, 0);
});
canvas.addEventListener("focusin", (e) => {
  const g = e.target.closest("[data-id]");
  if (g && e.target.matches(":focus-visible")) reveal(g);
});
