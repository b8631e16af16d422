/** Where the scripts of the pages about pictures begin: each part starts where its element is. */

import { Gallery } from "./image_gallery.js";
import { Jobs } from "./image_jobs.js";

/** @param {string} selector @returns {HTMLElement | null} */
const find = (selector) => document.querySelector(selector);

const element = find("[data-gallery]");
const gallery = element && new Gallery(element);
const list = find("[data-jobs]");
const jobs = list && new Jobs(list, gallery);

const form = /** @type {HTMLFormElement | null} */ (find("[data-image-form]"));
const canvas = find("[data-painter]");
const choose = find("[data-choose-source]");

if (choose) import("./image_sources.js").then(({ wakeSources }) => wakeSources(choose));

const painter = canvas && import("./mask_painter.js").then(({ Painter }) => new Painter(canvas));

if (form) {
  const { ImageForm } = await import("./image_form.js");
  new ImageForm(form, {
    sent: (job) => (jobs ? jobs.refresh(job.id) : location.assign("/images/")),
    mask: async () => {
      const found = await painter;
      if (!found || found.blank) return "";
      const { keptMask } = await import("./image_sources.js");
      return keptMask(await found.mask());
    },
  });
}
