/* How many alerts wait stands before the words in the tab's title: a tab behind others says it, too. */

const words = document.title;
const waiting = () => document.querySelector(".rail a[data-key='g a'] .n:not(.zero)")?.textContent.trim() ?? "";

function say() {
  const count = waiting();
  const title = count ? `(${count}) ${words}` : words;
  if (document.title !== title) document.title = title;
}

document.addEventListener("htmx:afterSettle", say);
say();
