// Standard input as messages: one, as an MTA hands it to a pipe, or an mbox (RFC 4155), which an MTA's pipe may also look like.

/** Of one message. What comes later is the returned mail's own text, which nobody needs: a report says what it has to say first. */
export const MAX_MESSAGE_BYTES = 1_000_000;

const SEPARATOR = /^From \S* +(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) /;
const LF = 10;

/** Each message, cut short after MAX_MESSAGE_BYTES, however long the input and its lines are. Separators are left out. */
export async function* messagesIn(input: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let message = new Message();
  let isMbox: boolean | null = null;
  let afterEmptyLine = true;
  for await (const { bytes, beginsLine } of piecesOf(input)) {
    const separates = beginsLine && afterEmptyLine && SEPARATOR.test(bytes.toString('latin1', 0, 400));
    isMbox ??= separates;
    if (isMbox && separates) {
      if (message.length > 0) yield message.bytes();
      message = new Message();
    } else message.add(bytes);
    afterEmptyLine = beginsLine && bytes.toString('latin1', 0, 2).trim() === '';
  }
  if (message.length > 0) yield message.bytes();
}

class Message {
  length = 0;
  readonly #pieces: Buffer[] = [];

  add(piece: Buffer): void {
    const kept = piece.subarray(0, MAX_MESSAGE_BYTES - this.length);
    if (kept.length === 0) return;
    this.#pieces.push(kept);
    this.length += kept.length;
  }

  bytes(): Buffer {
    return Buffer.concat(this.#pieces);
  }
}

interface Piece {
  readonly bytes: Buffer;
  readonly beginsLine: boolean;
}

/** Lines with their ends; of a line that is longer than MAX_MESSAGE_BYTES, several pieces. */
async function* piecesOf(input: AsyncIterable<Buffer>): AsyncGenerator<Piece> {
  let rest: Buffer[] = [];
  let restLength = 0;
  let beginsLine = true;
  for await (const chunk of input) {
    let from = 0;
    for (let end = chunk.indexOf(LF); end !== -1; end = chunk.indexOf(LF, from)) {
      yield { bytes: Buffer.concat([...rest, chunk.subarray(from, end + 1)]), beginsLine };
      [rest, restLength, beginsLine, from] = [[], 0, true, end + 1];
    }
    rest.push(chunk.subarray(from));
    restLength += chunk.length - from;
    if (restLength < MAX_MESSAGE_BYTES) continue;
    yield { bytes: Buffer.concat(rest), beginsLine };
    [rest, restLength, beginsLine] = [[], 0, false];
  }
  if (restLength > 0) yield { bytes: Buffer.concat(rest), beginsLine };
}
