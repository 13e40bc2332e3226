import { loadSecret } from '../../src/database/secret.ts';
import { TokenSigner } from '../../src/rendering/token.ts';
import { testSecret } from '../../test/support/campaign.ts';
import { atLeast, atMost, type Figures, type Stage } from '../queue/stage.ts';
import { load, request } from '../support/line.ts';
import { percentile } from '../support/percentile.ts';
import { say } from '../support/report.ts';
import { withServer } from '../support/server.ts';
import { links, sentMails } from './mails.ts';

const connections = 32;

/** Clicks on the links of many mails, each looked up, answered and recorded. */
export async function redirect({ pool, url, quick, seconds }: Stage): Promise<Figures> {
  const mails = await sentMails(pool, quick ? 200 : 20_000);
  const { tracking } = await loadSecret({ POSTILION_SECRET: testSecret }, '');
  const tokens = mails.map(({ trackingId }, number) =>
    new TokenSigner(tracking, trackingId).click(number % links.length),
  );
  let place = 0;
  return withServer(url, async (origin) => {
    const next = () => request('GET', new URL(`/api/tracking/click/${tokens[place++ % tokens.length]}`, origin));
    say('warming up the server');
    await load(origin, connections, quick ? 0.2 : 2, next, 302);
    say('clicks redirected');
    const clicks = await load(origin, connections, seconds, next, 302);
    return {
      redirected: atLeast(clicks.perSecond, 'clicks/s', 2_500),
      redirectedP99: atMost(percentile(clicks.ms, 0.99), 'ms', 30),
    };
  });
}
