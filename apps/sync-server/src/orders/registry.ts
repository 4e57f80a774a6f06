import type { StoreConnector } from '../connector.ts';
import { shopifyConnector } from './shopify/index.ts';

/** Every shop system that can be connected. A new one is its folder and a line here. */
export const storeConnectors: readonly StoreConnector<unknown>[] = [shopifyConnector];
