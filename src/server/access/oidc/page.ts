// The few pages a browser is shown when it can not be sent on.
import type { RouterContext } from 'koa-router';
import { Html, html } from '../../tracking/page/html.ts';
import { style, styleHash } from '../../tracking/page/style.ts';
import type { Refusal } from './refusals.ts';

const retryAfterSeconds = 5;
const policy = `default-src 'none'; style-src '${styleHash}'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'`;

interface Words {
  readonly status: number;
  readonly heading: string;
  readonly text: string;
}

const words: Readonly<Record<Refusal, Words>> = {
  noReturn: {
    status: 400,
    heading: 'Sign in from your application',
    text: 'This address leads back to the application that opened it, and none did.',
  },
  badReturn: {
    status: 400,
    heading: 'Nobody is sent back there',
    text: 'The application that sent you here asked for an address that is not among OIDC_RETURN_URLS.',
  },
  foreign: {
    status: 400,
    heading: 'This sign-in is not going on',
    text: 'It was begun in another browser, more than ten minutes ago, or anew since. Please sign in again.',
  },
  expired: {
    status: 400,
    heading: 'This sign-in is over',
    text: 'The provider’s answer was used already, or came too late. Please sign in again.',
  },
  denied: {
    status: 403,
    heading: 'You were not signed in',
    text: 'The provider says that it was cancelled, or is not allowed.',
  },
  unknown: {
    status: 403,
    heading: 'You were not signed in',
    text: 'The provider says who you are, but you can not come in here as that. Please ask whoever runs this installation.',
  },
  away: {
    status: 503,
    heading: 'The provider does not answer',
    text: 'Nobody can be signed in by it at the moment. Please try again in a minute.',
  },
  faulty: {
    status: 502,
    heading: 'The provider’s answer can not be used',
    text: 'Please tell whoever runs this installation: its log says why.',
  },
  later: {
    status: 503,
    heading: 'Please try again',
    text: 'Something on our side did not answer. Please try again in a minute.',
  },
};

/** @param returnTo where the way back leads, an address that was allowed; null: nowhere */
export function answerPage(ctx: RouterContext, refusal: Refusal, returnTo: string | null): void {
  const { status, heading, text } = words[refusal];
  ctx.status = status;
  if (status === 503) ctx.set('Retry-After', String(retryAfterSeconds));
  ctx.set('Cache-Control', 'no-store');
  ctx.set('Content-Security-Policy', policy);
  ctx.type = 'text/html; charset=utf-8';
  ctx.body = html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${heading}</title>
<style>${new Html(style)}</style>
</head>
<body>
<main>
<h1>${heading}</h1>
<p>${text}</p>
${returnTo === null ? null : html`<p class="act"><a href="${returnTo}">Back</a></p>`}
</main>
</body>
</html>
`.source;
}
