// A process that starts an embedded server and holds it until it is killed, or told to exit without a word to the server.
import { startEmbedded } from '../../src/database/embedded.ts';
import { projectDir } from '../../src/database/server.ts';
import { throwAway } from './cluster.ts';

const [dataDir] = process.argv.slice(2);
await startEmbedded({ dataDir, projectDir, name: 'test', onRunning: 'refuse', settings: throwAway });
process.on('message', () => process.exit());
process.send?.('started');
