import type { ChannelConnector } from '../connector.ts';
import { mailgunConnector } from './mailgun/index.ts';
import { webChatConnector } from './web-chat/index.ts';

/** Every channel that can be connected. A new one is its folder and a line here. */
export const channelConnectors: readonly ChannelConnector<unknown>[] = [mailgunConnector, webChatConnector];
