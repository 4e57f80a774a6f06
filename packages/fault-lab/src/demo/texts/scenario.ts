/** What the texts may mention; filled in per conversation. */
export interface Details {
  /** `#1042` */
  order: string;
  item: string;
  /** Of the item. */
  sku: string;
  /** How the customer is called. */
  name: string;
  agent: string;
  carrier: string;
  tracking: string;
  city: string;
  /** Whom a note asks, as agents are called at the desk. */
  colleague: string;
}

/** What customers take pictures of, and the papers they send. */
export const photoScenes = ['broken', 'garment', 'parcel', 'shelf', 'apron'] as const;
export type PhotoScene = (typeof photoScenes)[number];
export type FileKind = PhotoScene | 'document' | 'table';

/** One turn: who speaks (`c` customer, `a` agent, `n` an agent's note), what, and with which files. */
export type Turn = readonly [who: 'c' | 'a' | 'n', text: string, ...files: FileKind[]];

/** How far an order has come. */
export type OrderStage = 'before' | 'underway' | 'arrived' | 'refunded';

/** A matter customers write about. Several openings make two conversations of one kind read differently. */
export interface Scenario {
  tags: readonly string[];
  subject: string;
  openings: readonly [string, ...string[]];
  /** What the matter can be about (`goods.ts`); anything when missing. */
  fits?: readonly string[];
  /** How far the order has come that it is about; any when missing. */
  when?: OrderStage;
  /** Files that come with the opening. */
  files?: readonly FileKind[];
  turns: readonly Turn[];
}

/** Things with sizes, with colours, that break, of cotton. */
export const SIZED = ['LS-01', 'RJ-07', 'KR-09'] as const;
export const COLOURED = ['LS-01', 'RJ-07', 'WS-11', 'CB-05'] as const;
export const FRAGILE = ['TP-22', 'TM-03', 'DL-31', 'SC-40'] as const;
export const COTTON = ['LS-01', 'CB-05'] as const;

/** Puts the details in place of `{order}`, `{item}`, … */
export function fillIn(text: string, details: Details): string {
  return text.replace(/\{(\w+)\}/g, (whole, key: string) => details[key as keyof Details] ?? whole);
}
