// The README's table of the configuration, made of the schema.
import { formatOf } from './format.ts';
import { type Keys, metaOf } from './meta.ts';

const begin = '<!-- configuration: made of src/config.ts by npm run check -- --write -->';
const end = '<!-- /configuration -->';

/**
 * The text with the table between its two marks made anew.
 * @throws Error when a mark is missing, or a key says nothing of itself
 */
export function withConfigurationTable(text: string, keys: Keys): string {
  const [before, rest] = halves(text, begin);
  const [, after] = halves(rest, end);
  return `${before}${begin}\n${configurationTable(keys)}${end}${after}`;
}

function halves(text: string, mark: string): [string, string] {
  const at = text.indexOf(mark);
  if (at < 0) throw new Error(`README.md has no line ${mark}`);
  return [text.slice(0, at), text.slice(at + mark.length)];
}

function configurationTable(keys: Keys): string {
  const rows = Object.keys(keys).map((key) => {
    const { description, secret } = metaOf(keys, key);
    return [`\`${key}\`${secret ? ' (secret)' : ''}`, description, defaultOf(keys, key), formatOf(keys, key)];
  });
  const lines = [['key', 'what it is', 'default', 'what is expected'], ['---', '---', '---', '---'], ...rows];
  return lines.map((cells) => `| ${cells.map(escaped).join(' | ')} |\n`).join('');
}

function defaultOf(keys: Keys, key: string): string {
  const value = keys[key]?.safeParse(undefined).data;
  if (value === undefined || (Array.isArray(value) && value.length === 0)) return metaOf(keys, key).absent ?? 'none';
  return `\`${String(value)}\``;
}

// In a table a bar ends the cell, in code too.
function escaped(cell: string): string {
  return cell.replaceAll('|', '\\|');
}
