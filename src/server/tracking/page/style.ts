import { createHash } from 'node:crypto';

/** No font, picture or script from anywhere. Both schemes have a contrast of 7 : 1 or more for text. */
export const style = `
:root { color-scheme: light dark; --ink: #17212b; --soft: #475563; --paper: #fff; --back: #edf0f3; --line: #d5dbe1; --deep: #0a4f7d; --press: #083f64; --on: #fff; --good: #136b3a; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #eef2f5; --soft: #b4c0ca; --paper: #1a222a; --back: #0f1419; --line: #33404b; --deep: #8fcbf2; --press: #b5ddf8; --on: #0b1b27; --good: #7fd8a4; }
}
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; min-height: 100svh; display: grid; gap: 1rem; place-content: center; justify-items: center; padding: 1rem; background: var(--back); color: var(--ink);
  font: 1.125rem/1.6 system-ui, -apple-system, "Segoe UI", Roboto, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; -webkit-text-size-adjust: 100%; }
main { width: min(30rem, 100vw - 2rem); padding: 2.25rem 2rem; border: 1px solid var(--line); border-radius: 1rem; background: var(--paper); overflow-wrap: anywhere; }
.from { margin: 0 0 1.5rem; padding-bottom: 1rem; border-bottom: 1px solid var(--line); color: var(--soft); font-size: 1rem; font-weight: 600; }
h1 { margin: 0 0 .75rem; font-size: 1.75rem; line-height: 1.25; letter-spacing: -.01em; text-wrap: balance; }
p { margin: 0; text-wrap: pretty; }
b { font-weight: 600; }
svg { display: block; width: 3rem; height: 3rem; margin: 0 0 1rem -.2rem; color: var(--good); }
form, .act { margin: 1.75rem 0 0; }
button, .act a { display: block; width: 100%; min-height: 3.25rem; padding: .75rem 1rem; border: 0; border-radius: .625rem; background: var(--deep); color: var(--on);
  font: inherit; font-weight: 600; line-height: 1.5; text-align: center; text-decoration: none; cursor: pointer; }
button:hover, .act a:hover { background: var(--press); }
:focus-visible { outline: 3px solid var(--ink); outline-offset: 3px; border-radius: .625rem; }
.note { margin-top: 1.25rem; color: var(--soft); font-size: 1rem; }
nav { font-size: 1rem; }
nav a { display: block; padding: .5rem 1rem; color: var(--soft); }
@media (max-width: 24rem) { main { padding: 1.75rem 1.25rem; } }
@media (forced-colors: active) { button, .act a { border: 2px solid; } }
`;

/** What the Content-Security-Policy names the style by. */
export const styleHash = `sha256-${createHash('sha256').update(style).digest('base64')}`;
