import type { Config } from '../config.ts';
import type { GenerationPlan } from '../database/generation/generation_plan.ts';
import type { RenderedSubTask } from '../database/generation/insert_batch.ts';
import type { Recipient } from '../database/generation/read_batch.ts';
import { RenderError } from '../rendering/errors.ts';
import { pickTemplate } from '../rendering/pick_template.ts';
import { type CompiledTemplate, compileTemplate } from '../rendering/template.ts';
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

/** A Task's templates, ready to render for one recipient after the other. */
export class Mailing {
  readonly #plan: GenerationPlan;
  readonly #templates: WeightedTemplate[];

  /** @throws TemplateError for a template that can't be used for anyone. */
  constructor(plan: GenerationPlan, config: Config, trackingKey: Buffer) {
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

  render(contact: Recipient): RenderedSubTask {
    const template = pickTemplate(this.#templates, `${this.#plan.task.id}${contact.id}`);
    const row = {
      id: uuidV7(),
      contactId: contact.id,
      templateId: template.id,
      email: contact.email,
      trackingId: newTrackingId(),
    };
    try {
      const mail = template.compiled.render({
        contact,
        task: { name: this.#plan.task.name },
        sender: this.#plan.sender,
        trackingId: row.trackingId,
      });
      return { ...row, ...mail, error: null };
    } catch (error) {
      if (!(error instanceof RenderError)) throw error;
      return { ...row, subject: '', html: '', text: '', links: [], error: error.message };
    }
  }

  #variables() {
    return this.#plan.templates.flatMap((source, index) =>
      (this.#templates[index]?.compiled.variables ?? []).map((variable) => ({ ...variable, template: source.name })),
    );
  }
}
