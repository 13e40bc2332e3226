import type { Config } from '../config.ts';
import type { GenerationPlan } from '../database/generation/generation_plan.ts';
import type { RenderedSubTask } from '../database/generation/insert_batch.ts';
import type { Recipient } from '../database/generation/read_batch.ts';
import { RenderError } from '../rendering/errors.ts';
import { pickTemplate } from '../rendering/pick_template.ts';
import { type CompiledTemplate, compileTemplate, type RenderedMail } from '../rendering/template.ts';
import { newTrackingId } from '../rendering/token.ts';
import { uuidV7 } from './uuid_v7.ts';

/** A template refers to something that no recipient has: a mistake in the template, which stops the Task. */
export class UnknownVariable extends Error {
  override name = 'UnknownVariable';
}

interface WeightedTemplate {
  readonly id: string;
  readonly weight: number;
  readonly compiled: CompiledTemplate;
}

export type MailingPlan = Pick<GenerationPlan, 'task' | 'sender' | 'templates'>;

/** A Task's templates, ready to render for one recipient after the other. */
export class Mailing {
  readonly #plan: MailingPlan;
  readonly #templates: WeightedTemplate[];

  /** @throws TemplateError for a template that can't be used for anyone. */
  constructor(plan: MailingPlan, config: Config, trackingKey: Buffer) {
    this.#plan = plan;
    const options = {
      trackOpens: plan.task.trackOpens,
      trackClicks: plan.task.trackClicks,
      pixelPath: config.TRACKING_PIXEL_PATH,
      clickPath: config.TRACKING_CLICK_PATH,
      unsubscribePath: config.TRACKING_UNSUBSCRIBE_PATH,
      trackingKey,
    };
    this.#templates = plan.templates.map((template) => ({
      id: template.id,
      weight: template.weight,
      compiled: compileTemplate(template, options),
    }));
  }

  /** What the templates can't do without in a Contact, beside its address. */
  attributes(): string[] {
    const needed = this.#variables().filter(({ name, hasDefault }) => name !== 'email' && !hasDefault);
    return [...new Set(needed.map(({ name }) => name))];
  }

  /** @throws UnknownVariable naming template, line and variable when one of `unknown` is needed. */
  requireKnown(unknown: readonly string[]): void {
    const culprit = this.#variables().find(({ name, hasDefault }) => !hasDefault && unknown.includes(name));
    if (culprit === undefined) return;
    const { template, part, line, name } = culprit;
    throw new UnknownVariable(`Template "${template}", ${part} line ${line}: no recipient has "contact.${name}".`);
  }

  /** What can't be rendered for this contact is a row as well, with the reason. */
  render(contact: Recipient): RenderedSubTask {
    const template = this.templateOf(contact);
    const row = rowOf(contact, template);
    try {
      return { ...row, ...this.#mailOf(contact, template, row.trackingId), error: null };
    } catch (error) {
      if (!(error instanceof RenderError)) throw error;
      return { ...row, subject: '', html: '', text: '', links: [], error: error.message };
    }
  }

  /** @throws RenderError when this contact lacks what its template needs. */
  renderOne(contact: Recipient): RenderedSubTask {
    const template = this.templateOf(contact);
    const row = rowOf(contact, template);
    return { ...row, ...this.#mailOf(contact, template, row.trackingId), error: null };
  }

  /** The template that this contact gets. */
  templateOf(contact: Recipient): CompiledTemplate {
    return pickTemplate(this.#templates, `${this.#plan.task.id}${contact.id}`).compiled;
  }

  #mailOf(contact: Recipient, template: CompiledTemplate, trackingId: string): RenderedMail {
    const { task, sender } = this.#plan;
    return template.render({ contact, task: { name: task.name }, sender, trackingId });
  }

  #variables() {
    return this.#plan.templates.flatMap((source, index) =>
      (this.#templates[index]?.compiled.variables ?? []).map((variable) => ({ ...variable, template: source.name })),
    );
  }
}

function rowOf(contact: Recipient, template: CompiledTemplate) {
  return {
    id: uuidV7(),
    contactId: contact.id,
    templateId: template.id,
    email: contact.email,
    trackingId: newTrackingId(),
  };
}
