// What a document holds to be run: its fenced blocks, and which of them belong together.
//
//   ```graphql            an operation, with
//   ```json variables     its variables, and what came back:
//   ```json answer        its answer; a number behind it is the HTTP status, if it is not 200; of a subscription
//   ```json message       some message, later than those before it
//
//   ```http               with an answer: a request by itself. Without: how the operations from here on are sent.

export interface Block {
  /** What stands behind the fence: the language, then words. */
  readonly info: readonly string[];
  readonly text: string;
  /** Of its opening fence, from 1. */
  readonly line: number;
}

export interface Step {
  readonly request: Block;
  readonly variables: Block | null;
  readonly answers: readonly Block[];
}

const fence = '```';
const run = ['graphql', 'http', 'json'];

export function blocksOf(markdown: string): Block[] {
  const blocks: Block[] = [];
  let open: { info: string[]; line: number; lines: string[] } | null = null;
  for (const [index, line] of markdown.split('\n').entries()) {
    if (open === null) {
      if (line.startsWith(fence)) open = { info: line.slice(fence.length).split(' '), line: index + 1, lines: [] };
    } else if (line === fence) {
      blocks.push({ info: open.info, line: open.line, text: open.lines.join('\n') });
      open = null;
    } else open.lines.push(line);
  }
  return blocks;
}

/** @throws Error for a block that belongs to no request: it would never be run */
export function stepsOf(blocks: readonly Block[]): Step[] {
  const steps: { request: Block; variables: Block | null; answers: Block[] }[] = [];
  for (const block of blocks.filter(({ info: [language = ''] }) => run.includes(language))) {
    const [language, role] = block.info;
    const step = steps.at(-1);
    if (language !== 'json') steps.push({ request: block, variables: null, answers: [] });
    else if (step === undefined) throw new Error(`line ${block.line}: nothing was asked yet`);
    else if (role === 'variables') step.variables = block;
    else if (role === 'answer' || role === 'message') step.answers.push(block);
    else throw new Error(`line ${block.line}: expected variables, answer or message behind json`);
  }
  return steps;
}
