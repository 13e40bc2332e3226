// The pixels and links of a mail that a simulated recipient may fetch.
import { Parser } from 'htmlparser2';

/** Image and link addresses on this machine, in the order they stand; links that unsubscribe are left alone. */
export function localLinks(html: string): { pixels: string[]; links: string[] } {
  const found: { pixels: string[]; links: string[] } = { pixels: [], links: [] };
  const parser = new Parser({
    onopentag: (name, attributes) => {
      const target = name === 'img' ? attributes['src'] : name === 'a' ? attributes['href'] : undefined;
      if (target === undefined || !isLocal(target) || /unsubscribe/i.test(target)) return;
      (name === 'img' ? found.pixels : found.links).push(target);
    },
  });
  parser.end(html);
  return found;
}

/** Nothing but this machine is ever fetched. */
function isLocal(target: string): boolean {
  const url = URL.parse(target);
  if (url === null || !/^https?:$/.test(url.protocol)) return false;
  return /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname);
}
