// node examples/client/main.ts <server> <email> <password> <address…>
import { type Campaign, follow, type Progress, sendCampaign } from './campaign.ts';
import { Client } from './client.ts';

const [server, email, password, ...addresses] = process.argv.slice(2);
if (!server || !email || !password || addresses.length === 0) {
  console.error('usage: node examples/client/main.ts <server> <email> <password> <address…>');
  process.exit(2);
}

const campaign: Campaign = {
  name: 'An example',
  subject: 'Hello',
  html: '<p>Dear reader, <a href="https://example.com">read on</a></p>',
  contacts: addresses.map((address) => ({ email: address })),
};

const client = new Client(server);
await client.signIn(email, password);
const taskId = await sendCampaign(client, campaign);
for await (const progress of follow(client, taskId)) console.log(lineOf(progress));

function lineOf({ status, errorMessage, statistics }: Progress): string {
  const { total, states, funnel } = statistics;
  const counts = Object.entries({ ...funnel, ...states }).filter(([, count]) => count > 0);
  const words = counts.map(([name, count]) => `${count} ${name}`);
  return [`${status}: ${total} mails`, ...words, ...(errorMessage === null ? [] : [errorMessage])].join(', ');
}
