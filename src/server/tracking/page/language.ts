import type { RouterContext } from 'koa-router';

export type Language = 'en' | 'zh';

/** As the lang attribute of HTML wants them. */
export const languageTags: Readonly<Record<Language, string>> = { en: 'en', zh: 'zh-Hans' };

/** What the visitor chose on the page, else what we know of the Contact, else what the browser asks for. */
export function languageOf(ctx: RouterContext, ofContact: string | null): Language {
  const { lang } = ctx.query;
  return (
    known(typeof lang === 'string' ? lang : null) ??
    known(ofContact) ??
    known(ctx.acceptsLanguages('en', 'zh') || null) ??
    'en'
  );
}

/** By the first part of a tag, however it is written: zh, zh-CN, zh_Hans, EN-us. */
function known(tag: string | null): Language | null {
  const [, language] = /^\s*(en|zh)(?![a-z])/i.exec(tag ?? '') ?? [];
  return language === undefined ? null : language.toLowerCase() === 'zh' ? 'zh' : 'en';
}
