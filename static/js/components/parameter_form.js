/** The form of parameters as a page: its sliders follow its fields, and the other way round. */

import { follow, forget } from "./parameter_rows.js";

for (const form of document.querySelectorAll("[data-parameter-form]")) {
  form.addEventListener("input", follow);
  form.addEventListener("click", forget);
}
