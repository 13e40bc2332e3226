// The page behind the unsubscribe link. Opening it changes nothing, for mail scanners open every link; the button does (RFC 8058).

export type UnsubscribeState = 'ask' | 'done' | 'invalid';
export type PageLanguage = 'en' | 'zh';

export interface UnsubscribePageInput {
  readonly state: UnsubscribeState;
  /** Where the button posts to. */
  readonly action: string;
  readonly language: PageLanguage;
}

interface Words {
  readonly heading: string;
  readonly explanation: string;
}

const words: Record<PageLanguage, Record<UnsubscribeState, Words> & { readonly button: string }> = {
  en: {
    button: 'Unsubscribe',
    ask: { heading: 'Unsubscribe?', explanation: 'Press the button and we will not send you this kind of mail again.' },
    done: {
      heading: 'You are unsubscribed',
      explanation: 'We will not send you this kind of mail again. You can close this page.',
    },
    invalid: {
      heading: 'This link does not work',
      explanation:
        'It may have been cut off. Please open it again from the mail, or use your mail program’s own unsubscribe button.',
    },
  },
  zh: {
    button: '退订',
    ask: { heading: '确认退订？', explanation: '点击下面的按钮后，我们将不再向您发送此类邮件。' },
    done: { heading: '已退订', explanation: '我们将不再向您发送此类邮件。您可以关闭本页面。' },
    invalid: { heading: '链接无效', explanation: '链接可能不完整。请从邮件中重新打开，或使用邮箱自带的退订按钮。' },
  },
};

const languageTag: Record<PageLanguage, string> = { en: 'en', zh: 'zh-Hans' };

const style = `
  :root { color-scheme: light dark; --ink: #1c2833; --paper: #fff; --back: #eef1f4; --deep: #0b5d8f; }
  @media (prefers-color-scheme: dark) { :root { --ink: #e6ebef; --paper: #1b232a; --back: #11171c; --deep: #2a86bd; } }
  body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: var(--back); color: var(--ink);
    font: 1.0625rem/1.6 system-ui, -apple-system, "Segoe UI", "PingFang SC", "Microsoft YaHei", sans-serif; }
  main { box-sizing: border-box; width: min(30rem, calc(100% - 2rem)); margin: 1rem; padding: 2rem; border-radius: .75rem; background: var(--paper); }
  h1 { margin: 0 0 .75rem; font-size: 1.5rem; line-height: 1.25; }
  p { margin: 0; }
  button { margin-top: 1.5rem; width: 100%; min-height: 3rem; border: 0; border-radius: .5rem; background: var(--deep); color: #fff; font: inherit; font-weight: 600; cursor: pointer; }
  button:focus-visible { outline: 3px solid var(--ink); outline-offset: 3px; }
`;

/** A whole HTML document, without scripts. */
export function unsubscribePage({ state, action, language }: UnsubscribePageInput): string {
  const { heading, explanation } = words[language][state];
  return `<!DOCTYPE html>
<html lang="${languageTag[language]}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<meta name="referrer" content="no-referrer">
<title>${heading}</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>${heading}</h1>
<p${state === 'ask' ? '' : ' role="status"'}>${explanation}</p>
${state === 'ask' ? form(action, words[language].button) : ''}
</main>
</body>
</html>
`;
}

/** The body a mail program sends by itself, so that both come to the same route. */
function form(action: string, button: string): string {
  return `<form method="post" action="${escapeAttribute(action)}">
<input type="hidden" name="List-Unsubscribe" value="One-Click">
<button type="submit">${button}</button>
</form>`;
}

function escapeAttribute(value: string): string {
  return value.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
