// Turns what LiquidJS throws into errors that say where, in one sentence.
import { LiquidError, UndefinedVariableError } from 'liquidjs';
import { type Part, RenderError, TemplateError } from './errors.ts';
import { NothingToPrint } from './liquid_engine.ts';

interface Fault {
  readonly line: number;
  readonly variable: string | null;
  readonly reason: string;
}

/** LiquidJS appends the place to some messages. */
const appendedPlace = /(?:, file:.*)?, line:\d+, col:\d+$/;

function faultOf(error: unknown): Fault {
  if (!LiquidError.is(error)) return { line: 1, variable: null, reason: messageOf(error) };
  const [line = 1] = error.token.getPosition();
  const variable = missingVariable(error);
  if (variable !== null) return { line, variable, reason: `${variable} has no value for this contact` };
  return { line, variable: null, reason: messageOf(error.originalError ?? error) };
}

function missingVariable(error: LiquidError): string | null {
  if (error instanceof UndefinedVariableError) return error.token.getText();
  if (error.originalError instanceof NothingToPrint) return printedName(error.token.getText());
  return null;
}

/** `{{ contact.x | upcase }}` → `contact.x` */
function printedName(output: string): string {
  const inner = output.replace(/^\{[{%]-?\s*(?:echo\s)?/, '').replace(/-?[}%]\}$/, '');
  return inner.split('|', 1).join('').trim();
}

function messageOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(appendedPlace, '').replaceAll(/\s+/g, ' ').replace(/\.$/, '');
}

/** Runs `compile`, which works on one part of a template. @throws TemplateError in place of whatever it throws. */
export function compiling<T>(template: string, part: Part, compile: () => T): T {
  try {
    return compile();
  } catch (error) {
    if (error instanceof TemplateError) throw error;
    const { line, variable, reason } = faultOf(error);
    throw new TemplateError({ template, part, line, variable }, reason, { cause: error });
  }
}

/** Runs `render`, which renders one part for one contact. @throws RenderError in place of whatever it throws. */
export function rendering<T>(template: string, part: Part, render: () => T): T {
  try {
    return render();
  } catch (error) {
    const { line, variable, reason } = faultOf(error);
    throw new RenderError({ template, part, line, variable }, reason, { cause: error });
  }
}
