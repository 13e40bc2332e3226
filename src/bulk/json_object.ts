// Whether PostgreSQL takes a text for a jsonb object. Asked before it is copied, because one refusal there ends the whole import.

const mostDepth = 100;
// numeric holds 131,072 digits before the point and 16,383 behind it.
const mostDigits = 15_000;
const mostExponent = 400;

/** @returns the text without blanks around it; null when it is no such object */
export function jsonObject(text: string): string | null {
  try {
    if (depthOf(text) > mostDepth || !hasNumerics(text)) return null;
    const value: unknown = JSON.parse(text, checked);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? text.trim() : null;
  } catch {
    return null;
  }
}

function checked(key: string, value: unknown): unknown {
  if (!isStorable(key) || (typeof value === 'string' && !isStorable(value))) throw new RangeError('not storable');
  return value;
}

/** PostgreSQL's text has no U+0000 and no halves of surrogate pairs. */
function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0');
}

// As they are written, which a reviver is told by its context: but V8 leaves it out where it takes an object to be like one before.
function hasNumerics(text: string): boolean {
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/gs))
    if (token[0] !== '"' && !isNumeric(token)) return false;
  return true;
}

function isNumeric(source: string): boolean {
  const [, exponent = '0'] = /e([+-]?\d+)$/i.exec(source) ?? [];
  return source.length <= mostDigits && Math.abs(Number(exponent)) <= mostExponent;
}

function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[[\]{}]/gs)) {
    if (token === '{' || token === '[') deepest = Math.max(deepest, ++depth);
    else if (token === '}' || token === ']') depth--;
  }
  return deepest;
}
