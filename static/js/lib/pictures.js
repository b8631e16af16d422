/** Pictures that stand in a text as base64: taken out of it before anything reads it as Markdown, however large they are. */

const PICTURE = /!\[([^\]\n]{0,500})\]\(\s*(data:image\/(?:png|jpeg|gif|webp|avif);base64,[A-Za-z0-9+/=]+)\s*\)/gi;
const START = /!\[([^\]\n]{0,500})\]\(\s*data:image\/[^)]*$/i;
const LARGEST = 16_000_000; // characters: twelve megabytes of picture

/**
 * The text with `![alt](picture:0)` where the first picture was, and the pictures; "" stands for one too large to be shown.
 * One that has not come to its end yet is left out.
 * @param {string} source
 * @returns {{ text: string, pictures: string[] }}
 */
export function takePictures(source) {
  if (!source.includes("data:image/")) return { text: source, pictures: [] };
  /** @type {string[]} */
  const pictures = [];
  const text = source.replace(PICTURE, (_, alt, data) => {
    pictures.push(data.length > LARGEST ? "" : data);
    return `![${alt}](picture:${pictures.length - 1})`;
  });
  const open = text.lastIndexOf("![");
  return { text: open >= 0 ? text.slice(0, open) + text.slice(open).replace(START, "$1") : text, pictures };
}
