// The few pages that recipients see, in one design. Whole documents, without scripts: they work in whatever a mail program opens them with.
import { formField, formValue } from './form.ts';
import { Html, html } from './html.ts';
import { type Language, languageTags } from './language.ts';
import { style } from './style.ts';
import { languageNames, type PageName, type Words, words } from './words.ts';

export interface PageInput {
  readonly name: PageName;
  readonly language: Language;
  readonly senderName: string | null;
  readonly maskedAddress: string | null;
}

export function pageDocument({ name, language, senderName, maskedAddress }: PageInput): string {
  const its = words[language][name];
  // Their direction is their own, whatever the language around them.
  const address = maskedAddress === null ? null : html` <b><bdi>${maskedAddress}</bdi></b> `;
  return html`<!DOCTYPE html>
<html lang="${languageTags[language]}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<meta name="format-detection" content="telephone=no">
<title>${its.heading}</title>
<style>${new Html(style)}</style>
</head>
<body>
<main>
${senderName === null ? null : html`<p class="from"><bdi>${senderName}</bdi></p>`}
${name === 'done' ? tick : null}
<h1>${its.heading}</h1>
<p>${its.text(address)}</p>
${actionOf(name, its)}
${its.note === undefined ? null : html`<p class="note">${its.note}</p>`}
</main>
${name === 'done' || name === 'notDone' ? null : otherLanguage(language)}
</body>
</html>
`.source;
}

const tick = html`<svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><circle cx="12" cy="12" r="10"/><path d="m7.5 12.5 3 3 6-6.5"/></svg>`;

/** Without an address of their own both lead to the page's. */
function actionOf(name: PageName, { action }: Words): Html | null {
  if (action === undefined) return null;
  if (name === 'tryAgain') return html`<p class="act"><a href="">${action}</a></p>`;
  return html`<form method="post">
<button type="submit" name="${formField}" value="${formValue}">${action}</button>
</form>`;
}

/** For whom we guessed wrong. Not where a POST was answered: the link would ask again. */
function otherLanguage(language: Language): Html {
  const other = language === 'en' ? 'zh' : 'en';
  return html`<nav><a href="?lang=${other}" lang="${languageTags[other]}" hreflang="${languageTags[other]}">${languageNames[other]}</a></nav>`;
}
