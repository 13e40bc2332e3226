// Entries in typed columns: a million requests take about 133 MB.
import { z } from 'zod';
import { type AttachmentNote, attachmentSchema } from './attachments.ts';
import { type Entry, type EntryDetails, type EntryResult, FATES, OUTCOMES } from './entry.ts';
import { FAULTS } from './options.ts';

const ROWS = 65_536;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

function newBlock() {
  return {
    arrivedAt: new Float64Array(ROWS),
    wallAt: new Float64Array(ROWS),
    /** 0: null. */
    answeredAt: new Float64Array(ROWS),
    account: new Uint32Array(ROWS),
    fromDomain: new Uint32Array(ROWS),
    campaign: new Uint32Array(ROWS),
    replyTo: new Uint32Array(ROWS),
    /** Lists of them in JSON: all mails of a campaign have the same. */
    attachments: new Uint32Array(ROWS),
    outcome: new Uint8Array(ROWS),
    status: new Uint16Array(ROWS),
    fault: new Uint8Array(ROWS),
    fate: new Uint8Array(ROWS),
    /** The sub-task's UUID, and one more than the number after it in the request id; 0: not of that form. */
    uuid: Buffer.alloc(ROWS * 16),
    attempt: new Uint16Array(ROWS),
    recipient: new Array<string | null>(ROWS).fill(null),
  };
}
type Block = ReturnType<typeof newBlock>;

export class Columns {
  readonly #blocks: Block[] = [];
  readonly #first: number;
  #length = 0;
  readonly #words = new Words();
  /** Ids that are not a UUID, or not UUID and number. */
  readonly #oddIds = new Map<number, Pick<Entry, 'subTaskId' | 'requestId'>>();

  /** @param first The sequence number of the first entry. */
  constructor(first: number) {
    this.#first = first;
  }

  /** The sequence number of the first entry, and of the one to come. */
  get first(): number {
    return this.#first;
  }

  get next(): number {
    return this.#first + this.#length;
  }

  add(arrivedAt: number, wallAt: number): number {
    if (this.#length % ROWS === 0) this.#blocks.push(newBlock());
    const seq = this.#first + this.#length++;
    const [block, row] = this.#at(seq);
    block.arrivedAt[row] = arrivedAt;
    block.wallAt[row] = wallAt;
    return seq;
  }

  describe(seq: number, details: EntryDetails): void {
    const [block, row] = this.#at(seq);
    block.account[row] = this.#words.idOf(details.account);
    block.fromDomain[row] = this.#words.idOf(details.fromDomain);
    block.campaign[row] = this.#words.idOf(details.campaign);
    block.replyTo[row] = this.#words.idOf(details.replyTo);
    block.attachments[row] = this.#words.idOf(wordOf(details.attachments));
    block.recipient[row] = details.recipient;
    const attempt = attemptOf(details);
    if (attempt === null) this.#keepOddIds(seq, details);
    else writeIds(block, row, details.subTaskId ?? '', attempt);
  }

  settle(seq: number, result: EntryResult): void {
    const [block, row] = this.#at(seq);
    block.outcome[row] = OUTCOMES.indexOf(result.outcome);
    block.status[row] = result.status ?? 0;
    block.fault[row] = result.fault === null ? 0 : FAULTS.indexOf(result.fault) + 1;
    block.fate[row] = FATES.indexOf(result.fate);
  }

  answer(seq: number, answeredAt: number): void {
    const [block, row] = this.#at(seq);
    block.answeredAt[row] = answeredAt;
  }

  arrivedAt(seq: number): number {
    const [block, row] = this.#at(seq);
    return block.arrivedAt[row] ?? 0;
  }

  get(seq: number): Entry {
    const [block, row] = this.#at(seq);
    return {
      seq,
      arrivedAt: block.arrivedAt[row] ?? 0,
      wallAt: block.wallAt[row] ?? 0,
      answeredAt: block.answeredAt[row] || null,
      account: this.#words.at(block.account[row]),
      ...(this.#oddIds.get(seq) ?? readIds(block, row)),
      recipient: block.recipient[row] ?? null,
      fromDomain: this.#words.at(block.fromDomain[row]),
      campaign: this.#words.at(block.campaign[row]),
      replyTo: this.#words.at(block.replyTo[row]),
      attachments: listOf(this.#words.at(block.attachments[row])),
      outcome: OUTCOMES[block.outcome[row] ?? 0] ?? 'pending',
      status: block.status[row] || null,
      fault: FAULTS[(block.fault[row] ?? 0) - 1] ?? null,
      fate: FATES[block.fate[row] ?? 0] ?? 'none',
    };
  }

  #keepOddIds(seq: number, { subTaskId, requestId }: EntryDetails): void {
    if (subTaskId !== null || requestId !== null) this.#oddIds.set(seq, { subTaskId, requestId });
  }

  #at(seq: number): [Block, number] {
    const index = seq - this.#first;
    const block = this.#blocks[Math.floor(index / ROWS)];
    if (block === undefined || index >= this.#length) throw new RangeError(`there is no entry ${seq}`);
    return [block, index % ROWS];
  }
}

/** Few different strings, kept once; 0 is null. */
class Words {
  readonly #ids = new Map<string | null, number>([[null, 0]]);
  readonly #words: (string | null)[] = [null];

  idOf(word: string | null): number {
    const known = this.#ids.get(word);
    if (known !== undefined) return known;
    this.#ids.set(word, this.#words.length);
    return this.#words.push(word) - 1;
  }

  at(id: number | undefined): string | null {
    return this.#words[id ?? 0] ?? null;
  }
}

function wordOf(attachments: readonly AttachmentNote[]): string | null {
  return attachments.length === 0 ? null : JSON.stringify(attachments);
}

function listOf(word: string | null): AttachmentNote[] {
  return word === null ? [] : z.array(attachmentSchema).parse(JSON.parse(word));
}

/** The number in a request id `<sub-task id>.<number>`, or null when the ids are of another form. */
function attemptOf({ subTaskId, requestId }: EntryDetails): number | null {
  if (subTaskId === null || !UUID.test(subTaskId) || !requestId?.startsWith(`${subTaskId}.`)) return null;
  const number = requestId.slice(subTaskId.length + 1);
  return /^(0|[1-9]\d{0,3})$/.test(number) ? Number(number) : null;
}

function writeIds(block: Block, row: number, subTaskId: string, attempt: number): void {
  block.uuid.write(subTaskId.replaceAll('-', ''), row * 16, 'hex');
  block.attempt[row] = attempt + 1;
}

function readIds(block: Block, row: number): Pick<Entry, 'subTaskId' | 'requestId'> {
  const attempt = block.attempt[row] ?? 0;
  if (attempt === 0) return { subTaskId: null, requestId: null };
  const hex = block.uuid.toString('hex', row * 16, row * 16 + 16);
  const subTaskId = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  return { subTaskId, requestId: `${subTaskId}.${attempt - 1}` };
}
