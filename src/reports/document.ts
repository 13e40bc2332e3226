// A report as sections of tables and charts, whatever it is shown on.
import type { Finding } from './findings.ts';

export interface Column {
  readonly title: string;
  readonly align: 'left' | 'right';
}

export interface Table {
  /** Of the first column, the others' headers are told by their titles. */
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly string[])[];
  /** Beneath it, such as what it leaves out. */
  readonly note?: string;
}

interface ChartHead {
  readonly title: string;
  /** In a sentence what is to be seen, for those who can't. */
  readonly says: string;
}

/** A value for each day or hour. */
export interface ColumnChart extends ChartHead {
  readonly kind: 'columns';
  readonly points: readonly { readonly label: string; readonly value: number }[];
}

/** Shares over days or hours; null: nothing was sent then. */
export interface LineChart extends ChartHead {
  readonly kind: 'lines';
  readonly labels: readonly string[];
  readonly lines: readonly { readonly name: string; readonly values: readonly (number | null)[] }[];
}

/** What could be and what is, for each of some names. */
export interface BarChart extends ChartHead {
  readonly kind: 'bars';
  readonly names: { readonly value: string; readonly room: string };
  readonly bars: readonly { readonly name: string; readonly value: number; readonly room: number }[];
}

export type Chart = ColumnChart | LineChart | BarChart;

export interface Section {
  readonly heading: string;
  readonly charts: readonly Chart[];
  /** The table repeats what the charts show: where these are drawn, it need not be open. */
  readonly isDetail?: boolean;
  readonly table: Table | null;
}

export interface Document {
  readonly title: string;
  readonly subtitle: string;
  readonly findings: readonly Finding[];
  readonly sections: readonly Section[];
}
