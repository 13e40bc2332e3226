// A process that holds a service's row in a transaction, as a worker does for a moment, until its host loses its link.
import { z } from 'zod';
import { createPool } from '../../../src/database/pool.ts';

const [url, serviceId] = z.tuple([z.string(), z.string()]).parse(process.argv.slice(2));
const pool = createPool({ connectionString: url, applicationName: 'postilion holder', max: 1 });
const db = await pool.connect();
await db.query('begin');
await db.query('select from app_public.email_services where id = $1 for no key update', [serviceId]);
process.send?.('held');
process.once('disconnect', () => process.exit(0));
