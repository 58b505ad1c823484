// Keys and selections. Every act is a plain form: without this file all of them work with Tab and Enter.
"use strict";
const typing = (at) => at instanceof HTMLInputElement || at instanceof HTMLSelectElement || at instanceof HTMLTextAreaElement;
const questions = [...document.querySelectorAll(".question")];
const inFocus = () => questions.findIndex((q) => q.contains(document.activeElement));
const go = (to) => questions[Math.max(0, Math.min(questions.length - 1, to))]?.focus();
if (questions.length) go(0);

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  const at = inFocus();
  if (event.key === "j" && questions.length) go(at + 1);
  else if (event.key === "k" && questions.length) go(at - 1);
  else if (event.key === "m") document.querySelector("#hand [name=words]")?.focus();
  else if (at >= 0) {
    const button = [...questions[at].querySelectorAll("button[data-key]")].find((b) => b.dataset.key === event.key);
    if (!button) return;
    if (button.classList.contains("frees") && !questions[at].querySelector("[name=reason]").value) {
      questions[at].querySelector("details").open = true; // a reason is needed: ask for it before anything is sent
      questions[at].querySelector("[name=reason]").focus();
    } else button.click();
  } else return;
  event.preventDefault();
});

const words = document.querySelector("#hand [name=words]");
if (words) {
  document.querySelector(".sides").addEventListener("mouseup", () => {
    const said = String(document.getSelection()).trim();
    if (said && said.length < 300) words.value = said.replace(/\s+/g, " ");
  });
}
