// What a browser does of its own in a sign-in: it keeps cookies as it was told to, and follows where it is sent.

interface Cookie {
  readonly host: string;
  readonly name: string;
  readonly value: string;
  readonly path: string;
}

export interface Visited {
  /** Of the last answer. */
  readonly address: URL;
  readonly response: Response;
  /** Where it leads on to, if that is no host of ours. */
  readonly left: URL | null;
}

export class Browser {
  readonly #hosts: ReadonlyMap<string, string>;
  #cookies: Cookie[] = [];
  /** Each Set-Cookie header it got. */
  readonly told: string[] = [];

  /** @param hosts where each origin that it may ask really listens, as a proxy in front of it would know */
  constructor(hosts: ReadonlyMap<string, string>) {
    this.#hosts = hosts;
  }

  /** A copy, with the cookies of this moment, for which others may listen. */
  at(hosts: ReadonlyMap<string, string>): Browser {
    const clone = new Browser(hosts);
    clone.#cookies = [...this.#cookies];
    return clone;
  }

  /** Follows every redirect as long as it knows the host. */
  async visit(from: string): Promise<Visited> {
    const address = new URL(from);
    const response = await this.get(address);
    const location = response.headers.get('location');
    if (location === null) return { address, response, left: null };
    const next = new URL(location, address);
    return this.#hosts.has(next.origin) ? this.visit(next.href) : { address, response, left: next };
  }

  async get(address: URL): Promise<Response> {
    const listening = this.#hosts.get(address.origin);
    if (listening === undefined) throw new Error(`nobody is at ${address.origin}`);
    const cookie = this.#cookiesFor(address);
    const response = await fetch(`${listening}${address.pathname}${address.search}`, {
      redirect: 'manual',
      headers: cookie === '' ? {} : { cookie },
    });
    for (const line of response.headers.getSetCookie()) this.#keep(address, line);
    return response;
  }

  /** Puts another value into each cookie that fits. */
  tamper(name: RegExp, change: (value: string) => string): void {
    this.#cookies = this.#cookies.map((each) => (name.test(each.name) ? { ...each, value: change(each.value) } : each));
  }

  #cookiesFor({ host, pathname }: URL): string {
    return this.#cookies
      .filter((each) => each.host === host && isWithin(pathname, each.path))
      .map(({ name, value }) => `${name}=${value}`)
      .join('; ');
  }

  #keep({ host }: URL, line: string): void {
    this.told.push(line);
    const [pair = '', ...attributes] = line.split(/; */);
    const [, name = '', value = ''] = /^([^=]*)=(.*)$/.exec(pair) ?? [];
    const path = attributeOf(attributes, 'path') ?? '/';
    const expires = attributeOf(attributes, 'expires');
    this.#cookies = this.#cookies.filter((each) => each.host !== host || each.name !== name || each.path !== path);
    if (expires === undefined || Date.parse(expires) > Date.now()) this.#cookies.push({ host, name, value, path });
  }
}

function attributeOf(attributes: readonly string[], name: string): string | undefined {
  return attributes.find((each) => each.toLowerCase().startsWith(`${name}=`))?.slice(name.length + 1);
}

/** RFC 6265, 5.1.4 */
function isWithin(path: string, of: string): boolean {
  return path === of || path.startsWith(of.endsWith('/') ? of : `${of}/`);
}
