// Where the glossary's terms stand in a text.

/** @import { Term } from "./types.js" */

// What may follow a Korean term within the same word: particles, the copula, and the verbs that make 포화 into 포화되다.
const PARTICLES =
  "(?:들|별)?(?:으로는|으로도|으로|로는|로|에서는|에서도|에서|에게|에는|에도|에|은|는|이나|이든|이라는|이라고|이라|이란|이고|이며|이면|이다|이|가|을|를|과|와|의|도|만|까지|부터|보다|처럼|마다|입니다|인지|인|나|란|라는|라)?";
const VERBS = "(?:되|된|될|됩|됐|돼|하|한|할|합|했|해)[가-힣]*";
const KOREAN = `(?=(?:${PARTICLES}|${VERBS})(?![가-힣\\p{L}\\p{N}]))`;
const OTHER = "(?![\\p{L}\\p{N}])";

/**
 * A function that finds terms in a text: [{start, end, id}], in order, the longest where several fit.
 *
 * A term is a word of its own; in Korean its particle may follow.
 *
 * @param {Pick<Term, "id" | "forms">[]} terms
 * @param {string} lang
 * @returns {(text: string) => {start: number, end: number, id: string}[]}
 */
export function finder(terms, lang) {
  const ids = new Map(terms.flatMap(({ id, forms }) => forms.map((form) => /** @type {const} */ ([plain(form), id]))));
  const forms = [...ids.keys()].sort((a, b) => b.length - a.length).map(pattern);
  const search = new RegExp(`(?<![\\p{L}\\p{N}])(?:${forms.join("|")})${lang === "ko" ? KOREAN : OTHER}`, "giu");
  return (text) =>
    [...text.matchAll(search)].map(({ 0: found, index }) => ({
      start: index,
      end: index + found.length,
      id: ids.get(plain(found)) ?? "",
    }));
}

/** @param {string} form */
function plain(form) {
  return form.toLowerCase().replace(/\s/g, " ");
}

/** @param {string} form */
function pattern(form) {
  return form.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replace(/ /g, "\\s");
}

/**
 * The terms that a reader looks for, in this order: names that begin with `wanted`, names and texts that hold it.
 *
 * @param {Term[]} terms
 * @param {string} wanted
 */
export function sought(terms, wanted) {
  const key = plain(wanted.trim());
  const rank = (/** @type {Term} */ { term, other, forms, text }) => {
    const names = [term, other, ...forms].map(plain);
    if (names.some((name) => name.startsWith(key))) return 0;
    if (names.some((name) => name.includes(key))) return 1;
    return plain(text).includes(key) ? 2 : 3;
  };
  const ranked = terms.map((term, index) => ({ term, index, rank: rank(term) })).filter(({ rank }) => rank < 3);
  return ranked.sort((a, b) => a.rank - b.rank || a.index - b.index).map(({ term }) => term);
}
