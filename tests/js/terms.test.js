import assert from "node:assert/strict";
import { test } from "node:test";
import { published } from "./published.js";

const { finder, sought } = await published("terms.js");
const terms = {
  en: (await published("glossary_en.js")).default,
  ko: (await published("glossary_ko.js")).default,
};

/** What is found in texts, as "id:text". */
const found = (lang, ...texts) => {
  const find = finder(terms[lang], lang);
  return texts.map((text) => find(text).map(({ start, end, id }) => `${id}:${text.slice(start, end)}`));
};

test("an English term is a word of its own, in any case, over any space; the longest counts", () => {
  const texts = ["Forget gates open", "weighted weights", "a candidate hidden state n", "the candidate", "forget\u00a0gate", "ungated"];
  assert.deepEqual(found("en", ...texts), [
    ["forget_gate:Forget gates"], ["weight:weights"], ["candidate_hidden:candidate hidden state"],
    ["candidate:candidate"], ["forget_gate:forget\u00a0gate"], [],
  ]);
});

test("a Korean term takes its particles", () => {
  const particles = "은 는 이 가 을 를 과 와 의 에 에서 로 으로 도 만 까지 부터 보다 처럼 마다 들은 입니다 이며".split(" ");
  for (const [at] of found("ko", ...particles.map((particle) => `망각 게이트${particle} 됩니다`))) {
    assert.equal(at, "forget_gate:망각 게이트");
  }
});

test("a Korean term takes verbs, and is no part of another word", () => {
  const texts = ["포화된 유닛", "14시점", "손실되다", "시점전체", "LSTM의 셀 상태", "후보 은닉 상태를", "편향적", "유닛별 값"];
  assert.deepEqual(found("ko", ...texts), [
    ["saturation:포화", "unit:유닛"], [], ["loss:손실"], [], ["lstm:LSTM", "cell_state:셀 상태"],
    ["candidate_hidden:후보 은닉 상태"], [], ["unit:유닛"],
  ]);
});

test("a form is no pattern", () => {
  const find = finder([{ id: "state", forms: ["c+ (state)"] }], "en");
  assert.deepEqual(find("cc state, c+ (state)"), [{ start: 10, end: 20, id: "state" }]);
});

test("names that begin with what is sought come first, then names and texts that hold it", () => {
  const ids = (wanted) => sought(terms.en, wanted).map(({ id }) => id);
  assert.equal(ids(" GATE ")[0], "gate");
  assert.ok(ids("gate").indexOf("forget_gate") > ids("gate").indexOf("gate"));
  assert.equal(ids("망각")[0], "forget_gate");
  assert.equal(ids("").length, terms.en.length);
  assert.deepEqual(ids("zzz"), []);
});
