/** Why a row is not taken. */
export interface Refusal {
  readonly reason: string;
  /** The column at fault, as the file names it. */
  readonly column?: string;
}

export interface RowFault extends Refusal {
  /** Of the file, from 1, where the row begins; the header is a line, too. */
  readonly line: number;
}

/** So many are told; all are counted. */
export const mostFaults = 1_000;

export class Faults {
  readonly #first: RowFault[] = [];
  #count = 0;

  get count(): number {
    return this.#count;
  }

  add(line: number, { reason, column }: Refusal): void {
    this.#count++;
    if (this.#first.length < mostFaults) this.#first.push({ line, reason, ...(column !== undefined && { column }) });
  }

  /** Counts rows of which only some are named, by their lines. */
  addAll(count: number, lines: readonly number[], refusal: Refusal): void {
    for (const line of lines) this.add(line, refusal);
    this.#count += count - lines.length;
  }

  /** In the order of the file. */
  get first(): RowFault[] {
    return this.#first.toSorted((a, b) => a.line - b.line).slice(0, mostFaults);
  }
}
