import { createReadStream } from 'node:fs';
import { parse } from 'csv-parse';
import { z } from 'zod';

/** A Contact in the form addContacts takes. */
export interface ContactInput {
  email: string;
  name?: string;
  attributes: Record<string, string>;
}

const perRequest = 500;
const csvRow = z.looseObject({ email: z.string() }).catchall(z.string());

/** Invented readers, or those of a CSV file with a header line that names `email`; in lists that one request can carry. */
export async function* contactsInLists(file: string | undefined, recipients: number): AsyncGenerator<ContactInput[]> {
  let list: ContactInput[] = [];
  for await (const contact of file === undefined ? invented(recipients) : fromFile(file)) {
    list.push(contact);
    if (list.length < perRequest) continue;
    yield list;
    list = [];
  }
  if (list.length > 0) yield list;
}

function* invented(count: number): Generator<ContactInput> {
  for (let number = 1; number <= count; number += 1)
    yield { email: `reader${number}@example.com`, attributes: { first_name: `Reader ${number}` } };
}

async function* fromFile(file: string): AsyncGenerator<ContactInput> {
  const rows = createReadStream(file).pipe(
    parse({ columns: (head: string[]) => head.map(toKey), bom: true, trim: true }),
  );
  for await (const row of rows) {
    const { email, name, ...attributes } = csvRow.parse(row);
    yield {
      email,
      ...(name && { name }),
      attributes: Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== '')),
    };
  }
}

/** "First Name" in a header line is contact.first_name in a template. */
function toKey(title: string): string {
  return title.trim().toLowerCase().replace(/\W+/g, '_');
}
