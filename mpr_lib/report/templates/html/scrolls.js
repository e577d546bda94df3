/* What scrolls is a stop of the Tab key and has a name; what does not is neither. */
(() => {
  "use strict";
  const tell = (region) => {
    const scrolls = region.scrollWidth > region.clientWidth || region.scrollHeight > region.clientHeight;
    const said = { tabindex: "0", role: "region", "aria-label": region.dataset.scrolls };
    for (const [name, value] of Object.entries(said)) {
      if (scrolls) region.setAttribute(name, value);
      else region.removeAttribute(name);
    }
  };
  const sizes = new ResizeObserver((changes) => changes.forEach((change) => tell(change.target)));
  document.querySelectorAll("[data-scrolls]").forEach((region) => sizes.observe(region));
})();
