// The rules of workorders/surveys/tree.py in the browser: which blocks of a script apply to these answers.
// blocks: as stored. given: {key: text}. tests/e2e/test_survey_trees.py compares the two.
const NUMBER = /^-?[0-9]{1,9}(\.[0-9]{1,4})?$/;
const DAY = /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/;

const measure = (text) => {
  if (DAY.test(text)) return Number(text.replaceAll("-", ""));
  return NUMBER.test(text) ? Number(text) : null;
};

const split = ({ kind }, given) => {
  if (!given || kind === "say") return [];
  return kind === "multiple" ? given.split(",").filter(Boolean) : [given];
};

const clauseHolds = ({ test, values = [] }, parts) => {
  if (test === "unanswered" || !parts.length) return test === "unanswered" && !parts.length;
  if (test === "answered") return true;
  if (test === "any_of" || test === "none_of") return parts.some((part) => values.includes(part)) === (test === "any_of");
  const [got, limit] = [measure(parts[0]), measure(values[0] ?? "")];
  if (got === null || limit === null) return false;
  return test === "at_least" ? got >= limit : got <= limit;
};

const holds = (condition, seen) => condition.every((clause) => clauseHolds(clause, seen.get(clause.question) ?? []));

const jump = ({ choices = [], goto = "" }, parts) =>
  choices.find((choice) => choice.goto && parts.includes(choice.value))?.goto ?? goto;

// [{ key, required }] of the blocks that apply, in order.
export function path(blocks, given) {
  const seen = new Map();
  const steps = [];
  let target = "";
  for (const block of blocks) {
    if (target && block.key !== target) continue;
    target = "";
    if (!holds(block.shown_when ?? [], seen)) continue;
    const when = block.required_when ?? null;
    steps.push({ key: block.key, required: when !== null && holds(when, seen) });
    const parts = split(block, Object.hasOwn(given, block.key) ? given[block.key] : "");
    seen.set(block.key, parts);
    target = jump(block, parts);
  }
  return steps;
}
