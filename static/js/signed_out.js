/* The session has ended, or another one began in this browser, while the page was open: it says so and stays as it is,
   with everything typed on it. The way back leads to this page again. */

function tell() {
  const banner = document.getElementById("signed-out");
  if (!banner) return;
  const back = banner.querySelector("a");
  back.search = new URLSearchParams({ next: `${location.pathname}${location.search}` });
  banner.hidden = false;
}

document.body.addEventListener("escala:signed-out", tell);
document.body.addEventListener("escala:link", ({ detail }) => detail.isOut && tell());
document.addEventListener("htmx:responseError", ({ detail }) => detail.xhr.status === 401 && tell());
