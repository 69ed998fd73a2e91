// Comforts only: every page works without.
"use strict";

const TYPING_PAUSE_MS = 300;
const COMPLETION_PAUSE_MS = 120;

const texts = JSON.parse(document.body.dataset.texts);
const box = document.getElementById("q");
const form = document.getElementById("search");
const live = document.getElementById("status");

function say(key, values = {}) {
  return texts[key].replace(/\{(\w+)\}/g, (_, name) => values[name].toLocaleString(document.documentElement.lang));
}

function make(tag, attributes = {}, ...content) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...content);
  return element;
}

// ---- keys: "/" to the box, j and k from result to result, also from an article's page, n and p from mark to mark

const KEYS = {
  "/": () => box.select(),
  j: () => goToResult(1),
  k: () => goToResult(-1),
  n: () => goToMark(1),
  p: () => goToMark(-1),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.target.closest("input, textarea, select")) return;
  const onResult = event.target.closest(".hit h3 a");
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (onResult && step) goToResult(step);
  else if (onResult && event.key === "Escape") box.select();
  else if (event.key in KEYS) KEYS[event.key]();
  else return;
  event.preventDefault();
});

function goToResult(step) {
  const beside = document.querySelector(`.walk [rel=${step > 0 ? "next" : "prev"}]`);
  if (beside) return beside.click();
  const results = [...document.querySelectorAll(".hit h3 a")];
  const place = results.indexOf(document.activeElement);
  if (place === 0 && step < 0) return box.select();
  const next = results[place < 0 && step < 0 ? results.length - 1 : place + step];
  if (!next) return;
  next.focus({ preventScroll: true });
  next.closest(".hit").scrollIntoView({ block: "nearest" });
}

// ---- an article's marks

const marks = [...document.querySelectorAll(".reading mark")];
let current = -1;

function goToMark(step) {
  if (!marks.length) return;
  if (current >= 0) marks[current].classList.remove("current");
  current = current < 0 && step < 0 ? marks.length - 1 : (current + step + marks.length) % marks.length;
  marks[current].classList.add("current");
  marks[current].scrollIntoView({ block: "center" });
  document.querySelector(".mark-number").textContent = say("mark", { number: current + 1, n: marks.length });
}

if (marks.length) {
  const number = make("span", { class: "mark-number", role: "status" }, say(marks.length === 1 ? "marks_one" : "marks", { n: marks.length }));
  const [previous, next] = [["previous", -1], ["next", 1]].map(([key, step]) => {
    const button = make("button", { type: "button" }, say(key));
    button.addEventListener("click", () => goToMark(step));
    return button;
  });
  document.body.append(make("p", { class: "mark-bar" }, previous, number, next));
}

// ---- links and citations to the clipboard

for (const place of document.querySelectorAll("[data-copy]")) {
  const button = make("button", { type: "button" }, place.dataset.label ?? say("copy"));
  button.addEventListener("click", async () => {
    const text = document.getElementById(place.dataset.copy);
    getSelection().selectAllChildren(text); // what can be copied by hand where the browser gives no clipboard: without https
    try {
      await navigator.clipboard.writeText(text.textContent);
    } catch (error) {
      if (!document.execCommand("copy")) return;
    }
    button.textContent = live.textContent = say("copied");
  });
  place.prepend(button);
}

// ---- results as you type: the page of the words in the box, in place of this one

let shown = address(location);
let typed = false; // the entry of the history was made by typing, so more typing stays in it
let timer;
let loading;

function address(place) {
  return place.pathname + place.search;
}

function searched(changed = {}) {
  const data = new FormData(form);
  for (const [name, value] of Object.entries(changed)) data.set(name, value);
  const given = [...data].filter(([, value]) => value.trim());
  const query = new URLSearchParams(given).toString();
  return new URL(form.action).pathname + (query && `?${query}`);
}

async function show(url) {
  loading?.abort();
  loading = new AbortController();
  const main = document.getElementById("main");
  main.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(url, { signal: loading.signal, headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const byShare = main.querySelector(".by-share")?.checked;
    main.replaceChildren(...page.getElementById("main").childNodes);
    furnish(main);
    if (byShare) main.querySelector(".by-share")?.click();
    document.title = page.title;
    renewFeed(page);
    shown = url;
    live.textContent = [...main.querySelectorAll("h1, .tier")].map((heading) => heading.textContent).join(", ");
    return true;
  } catch (error) {
    return false; // given up for a later one, or the line is down: the page stays as it is
  } finally {
    main.removeAttribute("aria-busy");
  }
}

function renewFeed(page) {
  document.head.querySelectorAll("link[rel=alternate]").forEach((link) => link.remove());
  document.head.append(...page.head.querySelectorAll("link[rel=alternate]"));
}

async function showTyped() {
  const url = searched();
  if (url === shown || !(await show(url))) return;
  history[typed ? "replaceState" : "pushState"](null, "", url);
  typed = true;
}

box.addEventListener("input", (event) => {
  clearTimeout(timer);
  if (!event.isComposing && !document.querySelector("article.reading")) timer = setTimeout(showTyped, TYPING_PAUSE_MS);
});
box.addEventListener("change", () => (typed = false));
form.addEventListener("submit", () => clearTimeout(timer));
addEventListener("pagehide", () => clearTimeout(timer));
addEventListener("popstate", async () => {
  if (address(location) === shown) return; // a place on this page
  clearTimeout(timer);
  typed = false;
  box.value = new URLSearchParams(location.search).get("q") ?? "";
  if (!(await show(address(location)))) location.reload();
});

// ---- the timeline: dragging over it chooses its dates, the arrow keys go from bar to bar

let drag; // { svg, from, to }: slots

function slotAt(svg, x) {
  const { left, width } = svg.getBoundingClientRect();
  const slot = Math.floor(((x - left) / width) * (svg.viewBox.baseVal.width / 10));
  return Math.max(0, Math.min(slot, dates(svg).length - 1));
}

function dates(svg) {
  return svg.dataset.dates.trim().split(" ").map((span) => span.split(":"));
}

function dateWords(iso) {
  const form = { year: "numeric", month: iso.length > 4 ? "long" : undefined, day: iso.length > 7 ? "numeric" : undefined, timeZone: "UTC" };
  return iso.length > 4 ? new Date(iso).toLocaleDateString(document.documentElement.lang, form) : iso.replace(/^0+/, "");
}

function chosenDates() {
  const [first, last] = [Math.min(drag.from, drag.to), Math.max(drag.from, drag.to)].map((slot) => dates(drag.svg)[slot]);
  return [first[0], last.at(-1)];
}

function readOut(svg, text) {
  const place = svg.closest(".timeline").querySelector(".readout");
  place.dataset.whole ??= place.textContent;
  place.textContent = text ?? place.dataset.whole;
}

function drawRange() {
  const range = drag.svg.querySelector(".chosen-range") ?? drag.svg.appendChild(document.createElementNS(drag.svg.namespaceURI, "rect"));
  const first = Math.min(drag.from, drag.to);
  const attributes = { class: "chosen-range", x: first * 10, y: 0, width: (Math.abs(drag.to - drag.from) + 1) * 10, height: 60 };
  for (const [name, value] of Object.entries(attributes)) range.setAttribute(name, value);
  readOut(drag.svg, [...new Set(chosenDates().map(dateWords))].join(" – "));
}

document.addEventListener("pointerdown", (event) => {
  const svg = event.target.closest(".timeline .bars");
  if (!svg || event.button) return;
  const slot = slotAt(svg, event.clientX);
  drag = { svg, from: slot, to: slot };
});
document.addEventListener("pointermove", (event) => {
  if (!drag) return;
  drag.to = slotAt(drag.svg, event.clientX);
  if (drag.to !== drag.from || drag.svg.querySelector(".chosen-range")) drawRange();
});
document.addEventListener("pointerup", () => {
  if (drag?.svg.querySelector(".chosen-range")) {
    const [first, last] = chosenDates();
    location.assign(searched({ "from-date": first, "to-date": last }));
  } // else a click: the bar's own link
  drag = null;
});
document.addEventListener("pointercancel", () => {
  drag?.svg.querySelector(".chosen-range")?.remove();
  drag = null;
});
document.addEventListener("dragstart", (event) => event.target.closest(".timeline .bars") && event.preventDefault());
document.addEventListener("click", (event) => event.target.closest(".timeline .bars")?.querySelector(".chosen-range") && event.preventDefault());
for (const shows of ["pointerover", "focusin"])
  document.addEventListener(shows, (event) => {
    const bar = event.target.closest?.(".timeline .bars :is(a, .gap)");
    if (bar && !drag) readOut(bar.ownerSVGElement, bar.querySelector("title").textContent);
  });
for (const leaves of ["pointerout", "focusout"])
  document.addEventListener(leaves, (event) => {
    const svg = event.target.closest?.(".timeline .bars");
    if (svg && !drag) readOut(svg);
  });
document.addEventListener("keydown", (event) => {
  const bar = event.target.closest?.(".timeline .bars a");
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!bar || !step) return;
  const bars = [...bar.ownerSVGElement.querySelectorAll("a")];
  const next = bars[bars.indexOf(bar) + step];
  if (!next) return;
  bar.setAttribute("tabindex", "-1");
  next.setAttribute("tabindex", "0");
  next.focus();
  event.preventDefault();
});

// ---- filters: a box takes effect at once or, on a phone, tells how many articles it leaves

const wide = matchMedia("(min-width: 52rem)");
let counting;

document.addEventListener("change", (event) => {
  const input = event.target;
  if (input.matches(".pick")) return tellSelected();
  if (input.matches(".calendar")) {
    input.previousElementSibling.value = input.value;
    if (wide.matches) location.assign(searched());
    else tellCount();
  } else if (input.matches("#narrow input")) {
    if (input.type === "checkbox" && wide.matches) location.assign(searched());
    else tellCount();
  }
});
document.addEventListener("reset", () => setTimeout(tellSelected));

async function tellCount() {
  const button = document.querySelector("[data-count]");
  counting?.abort();
  counting = new AbortController();
  const query = new URL(searched(), location.href).searchParams;
  for (const name of ["view", "page-size", "explain"]) query.delete(name);
  query.set("page-size", "1");
  if (!query.has("collapse")) query.set("collapse", "true");
  try {
    const answer = await fetch(`${button.dataset.count}?${query}`, { signal: counting.signal });
    if (!answer.ok) return;
    const { total } = await answer.json();
    button.textContent = live.textContent = say(total === 1 ? "show_one" : "show_many", { n: total });
  } catch (error) {
    return; // the button does the same with an older number
  }
}

function tellSelected() {
  const number = document.querySelectorAll(".pick:checked").length;
  const place = document.querySelector("[data-selected]");
  if (place) place.textContent = say(["selected_none", "selected_one"][number] ?? "selected_many", { n: number });
}

// ---- what the page gets besides: bars for the keyboard, calendars, boxes that search long lists

function furnish(page) {
  for (const svg of page.querySelectorAll(".timeline .bars")) {
    svg.removeAttribute("aria-hidden");
    svg.setAttribute("role", "group");
    svg.setAttribute("aria-label", svg.closest(".timeline").getAttribute("aria-label"));
    svg.querySelector("a")?.setAttribute("tabindex", "0");
  }
  for (const [name, key] of [["from-date", "calendar_from"], ["to-date", "calendar_to"]]) {
    const field = page.querySelector(`[name=${name}][form]`);
    field?.after(make("input", { type: "date", class: "calendar", "aria-label": say(key) }));
  }
  for (const place of page.querySelectorAll("[data-find]")) {
    const input = make("input", { type: "search", class: "find", placeholder: place.dataset.find, "aria-label": place.dataset.find });
    input.addEventListener("input", () => {
      const wanted = input.value.trim().toLocaleLowerCase();
      for (const item of place.querySelectorAll("li")) item.hidden = !item.textContent.toLocaleLowerCase().includes(wanted);
    });
    place.querySelector("ul")?.before(input);
  }
}

furnish(document);
tellSelected(); // boxes that the browser has kept

// ---- completion: a list under the box (https://www.w3.org/WAI/ARIA/apg/patterns/combobox/)

const list = make("ul", { id: "completions", class: "completions", role: "listbox", "aria-label": say("completions"), hidden: "" });
let completing;
let completionTimer;
let active = -1;

for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-controls": list.id, "aria-expanded": "false" }))
  box.setAttribute(name, value);
form.append(list);

async function complete() {
  completing?.abort();
  completing = new AbortController();
  const asked = box.value;
  if (!asked.trim()) return offer([]);
  try {
    const answer = await fetch(`${box.dataset.suggest}?${new URLSearchParams({ q: asked })}`, { signal: completing.signal });
    const suggestions = answer.ok ? await answer.json() : [];
    if (box.value === asked && document.activeElement === box) offer(suggestions);
  } catch (error) {
    return; // no suggestions is no trouble
  }
}

function offer(suggestions) {
  active = -1;
  box.removeAttribute("aria-activedescendant");
  list.replaceChildren(...suggestions.map(option));
  list.hidden = !suggestions.length;
  box.setAttribute("aria-expanded", String(!list.hidden));
  if (suggestions.length) live.textContent = say(suggestions.length === 1 ? "completions_one" : "completions_many", { n: suggestions.length });
}

function option(suggestion, number) {
  const completed = suggestion.completed ?? suggestion.text;
  const kept = suggestion.text.slice(0, suggestion.text.length - completed.length);
  const text = make("span", { dir: "auto" }, make("span", { class: "kept" }, kept), completed);
  const item = make("li", { id: `completion-${number}`, role: "option", "aria-selected": "false" }, text);
  if (suggestion.count !== null) {
    const title = say("completion_count", { completed, n: suggestion.count }); // not of all that the box would hold
    item.append(" ", make("span", { class: "count", title }, suggestion.count.toLocaleString(document.documentElement.lang)));
  }
  item.dataset.url = suggestion.url ?? searched({ q: suggestion.text });
  return item;
}

function activate(place) {
  const options = [...list.children];
  active = (place + options.length + 1) % (options.length + 1); // one past the last is the box itself
  options.forEach((item, number) => item.setAttribute("aria-selected", String(number === active)));
  if (active === options.length) {
    active = -1;
    box.removeAttribute("aria-activedescendant");
  } else {
    box.setAttribute("aria-activedescendant", options[active].id);
    options[active].scrollIntoView({ block: "nearest" });
  }
}

function choose(item) {
  const url = new URL(item.dataset.url, location.href);
  if (url.origin === location.origin) location.assign(url);
}

box.addEventListener("input", (event) => {
  clearTimeout(completionTimer);
  if (!event.isComposing && box.dataset.suggest) completionTimer = setTimeout(complete, COMPLETION_PAUSE_MS);
});
box.addEventListener("keydown", (event) => {
  if (event.isComposing) return;
  if (list.hidden) {
    if (event.key === "ArrowDown" && document.querySelector(".hit h3 a")) goToResult(1);
    else return;
  } else if (event.key === "ArrowDown") activate(active < 0 ? 0 : active + 1);
  else if (event.key === "ArrowUp") activate(active < 0 ? list.children.length - 1 : active - 1);
  else if (event.key === "Escape") offer([]);
  else if (event.key === "Enter" && active >= 0) choose(list.children[active]);
  else return;
  event.preventDefault();
});
box.addEventListener("blur", () => offer([]));
list.addEventListener("mousedown", (event) => event.preventDefault()); // the box keeps the focus
list.addEventListener("click", (event) => event.target.closest("[role=option]") && choose(event.target.closest("[role=option]")));
