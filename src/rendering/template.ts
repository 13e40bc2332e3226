// One template, compiled once and rendered for each recipient.
import type { Liquid, Template } from 'liquidjs';
import { type Part, TemplateError } from './errors.ts';
import { compiling, rendering } from './faults.ts';
import { compileHtml, type Tracking, type UntrackedLink } from './html_part.ts';
import { htmlEngine, plainEngine } from './liquid_engine.ts';
import { parsePart, renderPart } from './liquid_nodes.ts';
import { type Fields, isBlank, type MailContact, mergedContact, singleLine, storable } from './mail_fields.ts';
import { FixedLinks, type MailPlan, MailState } from './mail_state.ts';
import { compilePlainText } from './plain_text.ts';
import { unsubscribeUrl } from './unsubscribe.ts';
import { type ContactVariable, contactVariables, type PartReference, referencesOf } from './variables.ts';

export interface TemplateSource {
  readonly id: string;
  /** For people: errors name the template by it. */
  readonly name: string;
  readonly subject: string;
  /** Blank: a mail of text alone. */
  readonly html: string;
  /** Null or blank: made from the HTML. */
  readonly text: string | null;
}

export interface CompileOptions {
  readonly trackOpens: boolean;
  readonly trackClicks: boolean;
  /** Paths begin with "/" and have none at the end. */
  readonly pixelPath: string;
  readonly clickPath: string;
  readonly unsubscribePath: string;
  /** 32 bytes or more. */
  readonly trackingKey: Buffer;
}

export interface RenderInput {
  readonly contact: MailContact;
  /** What `task.…` and `sender.…` mean in the template. */
  readonly task: Fields;
  readonly sender: Fields;
  /** From newTrackingId. */
  readonly trackingId: string;
}

/** A finished mail, but for the tracking origin. */
export interface RenderedMail {
  readonly subject: string;
  readonly html: string;
  readonly text: string;
  /** What click tokens' numbers stand for. Addresses without Liquid come first and have the same number in all mails of a template. */
  readonly links: string[];
}

/**
 * Parses a template and decides all about its links.
 * @throws TemplateError when it can be rendered for nobody: wrong Liquid, a name unknown to templates, or one that reads files.
 */
export function compileTemplate(source: TemplateSource, options: CompileOptions): CompiledTemplate {
  return new CompiledTemplate(source, options);
}

export class CompiledTemplate {
  readonly id: string;
  readonly name: string;
  /** The attributes of contacts it refers to, in order of appearance. */
  readonly variables: readonly ContactVariable[];
  /** Links it should track but can't. */
  readonly untracked: readonly UntrackedLink[];
  readonly #plan: MailPlan;
  readonly #unsubscribePath: string;
  readonly #subject: Template[];
  readonly #html: Template[];
  readonly #text: Template[];
  /** Where the text's lines are counted: in the HTML when it was made from that. */
  readonly #textPart: Part;

  constructor(source: TemplateSource, options: CompileOptions) {
    this.id = source.id;
    this.name = source.name;
    this.variables = contactVariables(referencesIn(source));
    const { trackingKey, pixelPath, clickPath } = options;
    const fixedLinks = new FixedLinks();
    this.#plan = { trackingKey, pixelPath, clickPath, fixedLinks };
    this.#unsubscribePath = options.unsubscribePath;
    // A pixel alone would be an HTML body, and mail clients would show that instead of the text.
    const tracking = { opens: options.trackOpens && !isBlank(source.html), clicks: options.trackClicks };
    this.#subject = compiling(source.name, 'subject', () => parsePart(source.subject, plainEngine));
    const html = compiling(source.name, 'html', () => compileHtml(source.html, tracking, fixedLinks));
    this.#html = html.templates;
    this.untracked = html.untracked;
    this.#text = compileText(source, tracking, fixedLinks);
    this.#textPart = ownText(source) === null ? 'html' : 'text';
  }

  /** @throws RenderError when this contact lacks what the template needs. */
  render({ contact, task, sender, trackingId }: RenderInput): RenderedMail {
    const mail = new MailState(this.#plan, trackingId);
    const fields = {
      contact: mergedContact(contact),
      task,
      sender,
      unsubscribe_url: unsubscribeUrl(mail.signer, this.#unsubscribePath),
    };
    const subject = singleLine(this.#part('subject', this.#subject, fields, plainEngine, mail));
    const html = this.#part('html', this.#html, fields, htmlEngine, mail);
    const text = this.#part(this.#textPart, this.#text, fields, plainEngine, mail).trim();
    return { subject, html, text, links: mail.links() };
  }

  #part(part: Part, templates: Template[], fields: Fields, engine: Liquid, mail: MailState): string {
    // A copy: Liquid's counters are written into the scope, and each part starts anew.
    return rendering(this.name, part, () => storable(renderPart(templates, { ...fields }, engine, mail)));
  }
}

function ownText({ text }: TemplateSource): string | null {
  return text === null || isBlank(text) ? null : text;
}

function compileText(source: TemplateSource, tracking: Tracking, fixedLinks: FixedLinks): Template[] {
  const text = ownText(source);
  if (text !== null) return compiling(source.name, 'text', () => parsePart(text, plainEngine));
  return compiling(source.name, 'html', () => compilePlainText(source.html, tracking, fixedLinks));
}

/** Everything the template's own parts refer to. @throws TemplateError on a name unknown to templates. */
function referencesIn({ name, subject, html, text }: TemplateSource): PartReference[] {
  const parts: [Part, string, Liquid][] = [
    ['subject', subject, plainEngine],
    ['html', html, htmlEngine],
    ['text', text ?? '', plainEngine],
  ];
  return parts.flatMap(([part, source, engine]) => partReferences(name, part, source, engine));
}

function partReferences(template: string, part: Part, source: string, engine: Liquid): PartReference[] {
  const { contact, unknown } = compiling(template, part, () => referencesOf(parsePart(source, engine)));
  if (unknown !== null) {
    const reason = `${unknown.variable} is not known to templates; they are given contact, task, sender and unsubscribe_url`;
    throw new TemplateError({ template, part, ...unknown }, reason);
  }
  return contact.map((reference) => ({ ...reference, part }));
}
