/** The sidebar as a whole: hidden and shown again on a wide screen, a drawer that closes when one goes on. */

const YEAR = 31_536_000;

export function startSidebar() {
  const root = document.documentElement;
  for (const button of document.querySelectorAll("[data-side-toggle]")) {
    button.addEventListener("click", () => {
      const closed = root.dataset.side === "closed";
      if (closed) delete root.dataset.side;
      else root.dataset.side = "closed";
      // A cookie, so that the server draws the next page right from the start.
      document.cookie = `side=${closed ? "open" : "closed"}; path=/; max-age=${YEAR}; samesite=lax`;
      const other = [...document.querySelectorAll("[data-side-toggle]")].find((one) => one !== button);
      /** @type {HTMLElement | undefined} */ (other)?.focus();
    });
  }
}
