// What times and large numbers may look like, checked before a statement is made of them, so that a refusal names the field. PostgreSQL takes
// more: "now", "infinity", whatever is some date somewhere, which nobody can mean in a request.
import { GraphQLError } from 'postgraphile/graphql';

interface Shape {
  readonly expected: string;
  isOne(text: string): boolean;
}

const day = String.raw`(\d{4})-(\d\d)-(\d\d)`;
const clock = String.raw`(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,9})?)?`;
const zone = String.raw`(?:Z|[+-](?:0\d|1[0-5])(?::?[0-5]\d)?)`;
const date = new RegExp(`^${day}$`);
const datetime = new RegExp(`^${day}(?:[T ]${clock}${zone}?)?$`, 'i');
const time = new RegExp(`^(?:${clock}|24:00(?::00)?)$`);

const shapes: Readonly<Record<string, Shape>> = {
  Date: { expected: 'a day such as 2026-01-31', isOne: (text) => isDay(date.exec(text)) },
  Datetime: { expected: 'a time such as 2026-01-31T09:30:00Z', isOne: (text) => isDay(datetime.exec(text)) },
  Time: { expected: 'a time of day such as 09:30', isOne: (text) => time.test(text) },
  BigInt: { expected: 'a whole number of 64 bits', isOne: isBigInt },
};

export const ScalarsPlugin: GraphileConfig.Plugin = {
  name: 'PostilionScalarsPlugin',
  version: '1.0.0',
  schema: {
    hooks: {
      GraphQLScalarType(config) {
        const shape = shapes[config.name];
        if (shape === undefined) return config;
        const { parseValue, parseLiteral } = config;
        if (!parseValue || !parseLiteral) throw new Error(`${config.name} reads nothing that is given`);
        return {
          ...config,
          parseValue: (given) => checked(shape, parseValue(given)),
          parseLiteral: (node, variables) => checked(shape, parseLiteral(node, variables)),
        };
      },
    },
  },
};

function checked({ expected, isOne }: Shape, given: unknown): unknown {
  if (!isOne(String(given))) throw new GraphQLError(`expected ${expected}`);
  return given;
}

/** The calendar's, from the year 1 on: not the 30th of February. */
function isDay(read: RegExpExecArray | null): boolean {
  const [, year = 0, month = 0, ofMonth = 0] = read?.map(Number) ?? [];
  return year > 0 && month > 0 && month < 13 && ofMonth > 0 && ofMonth <= lengthOf(year, month);
}

function lengthOf(year: number, month: number): number {
  // A year of two digits would be one of the last century.
  return new Date(Date.UTC(year + 400, month, 0)).getUTCDate();
}

function isBigInt(text: string): boolean {
  return /^-?\d{1,19}$/.test(text) && BigInt.asIntN(64, BigInt(text)) === BigInt(text);
}
