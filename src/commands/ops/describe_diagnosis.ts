import { paint } from './lines.ts';

const partWidth = 'Forecast'.length + 2;

/** The lines that psql shows, with the parts picked out. */
export function describeDiagnosis(lines: readonly { part: string; says: string }[]): string {
  return lines.map(({ part, says }) => `${paint(styleOf(part), part.padEnd(partWidth))}${says}\n`).join('');
}

function styleOf(part: string): 'red' | 'bold' {
  return part === 'Broken' ? 'red' : 'bold';
}
