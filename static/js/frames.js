/* A mail in its frame is as high as its words need. The frame runs no script of its own and may be asked only by us. */

const MOST = 4000;

const fit = (frame) => {
  const page = frame.contentDocument?.documentElement;
  if (page) frame.height = Math.min(page.scrollHeight, MOST);
};

document.addEventListener(
  "load",
  ({ target }) => {
    if (!target.matches?.("iframe.as-sent")) return;
    fit(target);
    // Pictures that come later, and a window of another width.
    const page = target.contentDocument?.body;
    if (page) new ResizeObserver(() => fit(target)).observe(page);
  },
  true,
);
