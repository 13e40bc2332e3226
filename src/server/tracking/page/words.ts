// Every word a recipient reads of us.
import { type Html, html } from './html.ts';
import type { Language } from './language.ts';

/** ask, done, notDone: of the unsubscribe link. tryAgain: the database is away. */
export type PageName = 'ask' | 'done' | 'notDone' | 'badLink' | 'badUnsubscribeLink' | 'tryAgain';

export interface Words {
  readonly heading: string;
  /** `address`: whose mail it was, masked; null where that isn't known. */
  text(address: Html | null): Html;
  /** On the button, or the link, to press. */
  readonly action?: string;
  /** Smaller, at the end. */
  readonly note?: string;
}

const english: Readonly<Record<PageName, Words>> = {
  ask: {
    heading: 'Unsubscribe?',
    text: (address) => html`Press the button and we will not write to ${address ?? 'you'} again.`,
    action: 'Unsubscribe',
    note: 'Changed your mind? Just close this page.',
  },
  done: {
    heading: 'You are unsubscribed',
    text: (address) => html`We will not write to ${address ?? 'you'} again. You can close this page.`,
    note: 'A mail that was already on its way may still arrive.',
  },
  notDone: {
    heading: 'That did not work yet',
    text: () => html`Something on our side did not answer. Please press the button again in a minute.`,
    action: 'Try again',
  },
  tryAgain: {
    heading: 'Please try again',
    text: () => html`Something on our side did not answer. Please try again in a minute.`,
    action: 'Try again',
  },
  badLink: {
    heading: 'This link does not work',
    text: () => html`It may have been cut off. Please open it from the mail once more.`,
  },
  badUnsubscribeLink: {
    heading: 'This link does not work',
    text: () =>
      html`It may have been cut off. Please open it from the mail once more, or use the unsubscribe button of your mail program.`,
    note: 'If neither helps, tell whoever sent you the mail.',
  },
};

const chinese: Readonly<Record<PageName, Words>> = {
  ask: {
    heading: '确认退订？',
    text: (address) => html`点击下面的按钮后，我们将不再向${address ?? '您'}发送邮件。`,
    action: '退订',
    note: '改变主意了？直接关闭本页面即可。',
  },
  done: {
    heading: '已退订',
    text: (address) => html`我们将不再向${address ?? '您'}发送邮件。您可以关闭本页面。`,
    note: '已在途中的邮件可能仍会送达。',
  },
  notDone: {
    heading: '尚未完成',
    text: () => html`服务暂时没有响应，请一分钟后再点击按钮。`,
    action: '重试',
  },
  tryAgain: {
    heading: '请稍后再试',
    text: () => html`服务暂时没有响应，请一分钟后再试。`,
    action: '重试',
  },
  badLink: {
    heading: '链接无效',
    text: () => html`链接可能不完整，请从邮件中重新打开。`,
  },
  badUnsubscribeLink: {
    heading: '链接无效',
    text: () => html`链接可能不完整。请从邮件中重新打开，或使用邮箱自带的退订按钮。`,
    note: '如果仍然无法退订，请联系邮件的发送方。',
  },
};

export const words: Readonly<Record<Language, typeof english>> = { en: english, zh: chinese };

/** How each language names itself. */
export const languageNames: Readonly<Record<Language, string>> = { en: 'English', zh: '中文' };
