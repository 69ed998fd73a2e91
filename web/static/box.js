// A search box for other sites: <script src="…/static/box.js" data-label="…" data-button="…" async></script> puts it where it stands.
"use strict";

(() => {
  const script = document.currentScript;
  const form = document.createElement("form");
  form.className = "broadsheet-box";
  form.action = new URL("..", script.src);
  const input = document.createElement("input");
  Object.assign(input, { type: "search", name: "q", placeholder: script.dataset.label });
  input.setAttribute("aria-label", script.dataset.label);
  const button = document.createElement("button");
  button.textContent = script.dataset.button;
  form.append(input, " ", button);
  script.after(form);
})();
