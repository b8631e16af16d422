/** Files that somebody chooses, drops or pastes: from wherever they come, to one function. */

/** @typedef {(files: File[]) => void} Take */

/** A picker: what is chosen is taken at once, and what was chosen before this came too.
 * @param {HTMLInputElement} input @param {Take} take */
export function takeChosen(input, take) {
  const chosen = () => {
    const files = [...(input.files ?? [])];
    input.value = ""; // the same file can be chosen again
    if (files.length) take(files);
  };
  input.addEventListener("change", chosen);
  chosen();
}

/**
 * What is dropped anywhere on `area`; `mark` has `data-over` while something hangs over it.
 * @param {EventTarget} area
 * @param {HTMLElement} mark
 * @param {Take} take
 */
export function takeDropped(area, mark, take) {
  let over = 0; // an area's children are entered before it is left
  const ended = () => { over = 0; delete mark.dataset.over; };
  const heard = (/** @type {string} */ type, /** @type {(event: DragEvent) => void} */ hear) =>
    area.addEventListener(type, (event) => /** @type {DragEvent} */ (event).dataTransfer?.types.includes("Files") && hear(/** @type {DragEvent} */ (event)));
  heard("dragenter", (event) => { event.preventDefault(); over += 1; mark.dataset.over = ""; });
  heard("dragover", (event) => event.preventDefault());
  heard("dragleave", () => { over -= 1; if (over <= 0) ended(); });
  heard("drop", (event) => {
    event.preventDefault();
    ended();
    const files = [...(event.dataTransfer?.files ?? [])].filter(isFile);
    if (files.length) take(files);
  });
}

/** What is pasted; text that is pasted into a field stays text. @param {EventTarget} area @param {Take} take */
export function takePasted(area, take) {
  area.addEventListener("paste", (event) => {
    const data = /** @type {ClipboardEvent} */ (event).clipboardData;
    const files = [...(data?.files ?? [])];
    if (!files.length || data?.types.includes("text/plain")) return;
    event.preventDefault();
    take(files);
  });
}

/** A folder that is dropped looks like a file without type and bytes. @param {File} file */
function isFile(file) {
  return file.type !== "" || file.size !== 0;
}
