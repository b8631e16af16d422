/** Where the scripts of the pages about pictures begin: each part starts where its element is. */

import { Gallery } from "./image_gallery.js";
import { Jobs } from "./image_jobs.js";

const element = /** @type {HTMLElement | null} */ (document.querySelector("[data-gallery]"));
const gallery = element && new Gallery(element);
const list = /** @type {HTMLElement | null} */ (document.querySelector("[data-jobs]"));
if (list) new Jobs(list, gallery);
