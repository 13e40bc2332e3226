// The few words a recipient reads of us, outside of the unsubscribe page.
import type { RouterContext } from 'koa-router';

const texts = {
  en: {
    badLink: ['This link does not work', 'It may have been cut off. Please open it from the mail once more.'],
    tryAgain: ['Please try again', 'Something on our side did not answer. Please try again in a minute.'],
  },
  zh: {
    badLink: ['链接无效', '链接可能不完整，请从邮件中重新打开。'],
    tryAgain: ['请稍后再试', '服务暂时没有响应，请一分钟后再试。'],
  },
} as const;

export type Language = keyof typeof texts;

export function languageOf(ctx: RouterContext): Language {
  return ctx.acceptsLanguages('en', 'zh') === 'zh' ? 'zh' : 'en';
}

export function answerBadLink(ctx: RouterContext): void {
  answerPage(ctx, 404, 'badLink');
}

export function answerTryAgain(ctx: RouterContext): void {
  ctx.set('Retry-After', '5');
  answerPage(ctx, 503, 'tryAgain');
}

function answerPage(ctx: RouterContext, status: number, text: keyof (typeof texts)['en']): void {
  const language = languageOf(ctx);
  const [title, sentence] = texts[language][text];
  ctx.status = status;
  answerHtml(
    ctx,
    `<!doctype html><html lang="${language}"><meta charset="utf-8"><meta name="viewport" content="width=device-width">` +
      `<title>${title}</title><h1>${title}</h1><p>${sentence}</p></html>`,
  );
}

export function answerHtml(ctx: RouterContext, html: string): void {
  ctx.set('Cache-Control', 'no-store');
  ctx.set(
    'Content-Security-Policy',
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'",
  );
  ctx.type = 'text/html; charset=utf-8';
  ctx.body = html;
}
