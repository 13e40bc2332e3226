import { newWebhookPath } from '../../src/commands/webhook/new_path.ts';
import { aService } from '../../test/support/scene.ts';
import { atLeast, atMost, type Figures, type Stage } from '../queue/stage.ts';
import { load, request } from '../support/line.ts';
import { percentile } from '../support/percentile.ts';
import { say } from '../support/report.ts';
import { withServer } from '../support/server.ts';
import { History } from './history.ts';
import { sentMails } from './mails.ts';

const connections = 64;
const arrayConnections = 16;
const perArray = 100;

/** Webhooks answered after their commit, one event to a request and a hundred. No worker runs: it is the intake that is measured. */
export async function acknowledged({ pool, url, quick, seconds }: Stage): Promise<Figures> {
  const history = new History(await sentMails(pool, quick ? 200 : 20_000));
  let place = 0;
  const next = () => history.at(place++ % history.length);
  const path = await newWebhookPath(pool, await aService(pool), null, null);
  return withServer(url, async (origin) => {
    const address = new URL(path, origin);
    const single = () => request('POST', address, JSON.stringify(next()));
    const array = () => request('POST', address, JSON.stringify(Array.from({ length: perArray }, next)));
    say('warming up the server');
    await load(origin, connections, quick ? 0.2 : 2, single, 200);
    say('single events acknowledged');
    const singles = await load(origin, connections, seconds, single, 200);
    say('arrays of events acknowledged');
    const arrays = await load(origin, arrayConnections, seconds, array, 200);
    return {
      acknowledged: atLeast(singles.perSecond, 'requests/s', 2_500),
      acknowledgedP99: atMost(percentile(singles.ms, 0.99), 'ms', 60),
      acknowledgedInArrays: atLeast(arrays.perSecond * perArray, 'events/s', 10_000),
    };
  });
}
