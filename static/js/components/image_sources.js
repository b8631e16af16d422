/** Where a picture to change comes from: uploaded, pasted or dropped, it goes on to the page where it is changed. */

import { fill, part } from "../lib/site.js";
import { siteDoor } from "../lib/uploading.js";
import { Upload } from "../models/upload.js";

/** @param {HTMLElement} element */
export function wakeSources(element) {
  const field = /** @type {HTMLInputElement} */ (part(element, "[data-upload-file]"));
  field.addEventListener("change", () => send(element, field.files));
  addEventListener("paste", (event) => event.clipboardData?.files.length && send(element, event.clipboardData.files));
  addEventListener("dragover", (event) => event.dataTransfer?.types.includes("Files") && event.preventDefault());
  addEventListener("drop", (event) => {
    if (!event.dataTransfer?.files.length) return;
    event.preventDefault();
    send(element, event.dataTransfer.files);
  });
}

/** @param {HTMLElement} element @param {FileList | null} files the first of them */
async function send(element, files) {
  const file = files?.[0];
  if (!file) return;
  const said = part(element, "[data-upload-said]");
  const upload = new Upload(file, siteDoor, ({ progress }) => {
    said.textContent = fill(said.dataset.sending ?? "", { percent: Math.round(progress * 100) });
  });
  const stored = await upload.start();
  if (stored) location.assign(`${element.dataset.next}file=${stored.id}`);
  else said.textContent = upload.error?.sentence ?? "";
}

/** A mask as a file of the person's; "" where nothing is painted. @param {Blob | null} blob @returns {Promise<string>} */
export async function keptMask(blob) {
  if (!blob) return "";
  const upload = new Upload(new File([blob], "mask.png", { type: "image/png" }), siteDoor);
  const stored = await upload.start();
  if (!stored) throw upload.error ?? new Error("The mask could not be stored.");
  return stored.id;
}
