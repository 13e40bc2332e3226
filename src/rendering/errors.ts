/** The three texts a template consists of. */
export type Part = 'subject' | 'html' | 'text';

/** Where something went wrong, for people and for records. */
export interface Place {
  /** The template's name. */
  readonly template: string;
  readonly part: Part;
  /** Counted from 1. */
  readonly line: number;
  /** As the template writes it, such as `contact.first_name`; null when no variable is to blame. */
  readonly variable: string | null;
}

abstract class PlacedError extends Error implements Place {
  readonly template: string;
  readonly part: Part;
  readonly line: number;
  readonly variable: string | null;

  /** @param reason what is wrong, without the place and the full stop. */
  constructor(place: Place, reason: string, options?: ErrorOptions) {
    super(`Template "${place.template}", ${place.part} line ${place.line}: ${reason}.`, options);
    this.template = place.template;
    this.part = place.part;
    this.line = place.line;
    this.variable = place.variable;
  }
}

/** A template that can not be used for anyone. */
export class TemplateError extends PlacedError {
  override name = 'TemplateError';
}

/** A template that can not be rendered for this one contact. */
export class RenderError extends PlacedError {
  override name = 'RenderError';
}
