// Comforts only: every page works without. "/" goes to the search box; in an article n and p go from mark to mark.
"use strict";

const texts = JSON.parse(document.body.dataset.texts);

function say(key, values = {}) {
  return texts[key].replace(/\{(\w+)\}/g, (_, name) => values[name].toLocaleString(document.documentElement.lang));
}

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest && event.target.closest("input, textarea, select");
  if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "/") {
    event.preventDefault();
    document.getElementById("q").select();
  }
  if (event.key === "n") goToMark(1);
  if (event.key === "p") goToMark(-1);
});

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
  const bar = document.createElement("p");
  bar.className = "mark-bar";
  for (const [label, step] of [["previous", -1], ["next", 1]]) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = say(label);
    button.addEventListener("click", () => goToMark(step));
    bar.append(button);
  }
  const number = document.createElement("span");
  number.className = "mark-number";
  number.setAttribute("role", "status");
  number.textContent = say(marks.length === 1 ? "marks_one" : "marks", { n: marks.length });
  bar.insertBefore(number, bar.lastChild);
  document.body.append(bar);
}
