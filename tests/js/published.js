// The browser's modules as they are published, side by side in one folder: `const { unpack } = await published("wire.js")`.
import { pathToFileURL } from "node:url";
import { join } from "node:path";

const folder = process.env.PUBLISHED;
if (!folder) throw new Error("expected the folder of the published modules in PUBLISHED, as `make scripts` sets it");

/** @param {string} name */
export function published(name) {
  return import(pathToFileURL(join(folder, name)).href);
}
