import { TokenSigner } from './token.ts';
import { TRACKING_ORIGIN } from './tracking_origin.ts';

/** What all mails of one template have in common. */
export interface MailPlan {
  readonly trackingKey: Buffer;
  readonly pixelPath: string;
  readonly clickPath: string;
  readonly fixedLinks: FixedLinks;
}

/** The addresses without Liquid in them, in order of appearance. Their numbers are the same in every mail of the template. */
export class FixedLinks {
  readonly urls: string[] = [];
  readonly #numbers = new Map<string, number>();

  numberOf(url: string): number | undefined {
    return this.#numbers.get(url);
  }

  add(url: string): number {
    const number = this.#numbers.get(url) ?? this.urls.push(url) - 1;
    this.#numbers.set(url, number);
    return number;
  }
}

/** Most nodes (literals, outputs, tags, turns of a loop) rendered for one mail. A long newsletter takes a few hundred. */
const MAX_STEPS = 200_000;

/** What is known while one mail is rendered: its links so far, and how much work went into it. */
export class MailState {
  readonly signer: TokenSigner;
  readonly #plan: MailPlan;
  /** Beyond the fixed ones. */
  readonly #ownUrls: string[] = [];
  readonly #ownNumbers = new Map<string, number>();
  readonly #clickUrls: string[] = [];
  #steps = 0;

  constructor(plan: MailPlan, trackingId: string) {
    this.#plan = plan;
    this.signer = new TokenSigner(plan.trackingKey, trackingId);
  }

  /** Link number → address. */
  links(): string[] {
    return [...this.#plan.fixedLinks.urls, ...this.#ownUrls];
  }

  pixelUrl(): string {
    return `${TRACKING_ORIGIN}${this.#plan.pixelPath}/${this.signer.open()}`;
  }

  /** The tracked form of a link. HTML and text share it, so it is signed once. */
  clickUrl(number: number): string {
    this.#clickUrls[number] ??= `${TRACKING_ORIGIN}${this.#plan.clickPath}/${this.signer.click(number)}`;
    return this.#clickUrls[number];
  }

  /** The number of an address in this mail; a new one when it was not seen yet. */
  linkNumber(url: string): number {
    const known = this.#plan.fixedLinks.numberOf(url) ?? this.#ownNumbers.get(url);
    if (known !== undefined) return known;
    const number = this.#plan.fixedLinks.urls.length + this.#ownUrls.push(url) - 1;
    this.#ownNumbers.set(url, number);
    return number;
  }

  /** Called for each rendered node. @throws Error when this mail took too many. */
  readonly step = (): void => {
    if (++this.#steps > MAX_STEPS)
      throw new Error(`it takes more than ${MAX_STEPS} steps, which looks like a runaway loop`);
  };
}
