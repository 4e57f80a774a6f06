import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** Everything the server counts; one registry per server, so that tests do not share numbers. */
export interface Metrics {
  registry: Registry;
  httpDuration: Histogram<'method' | 'route' | 'status'>;
  eventsIngested: Counter<'kind'>;
  eventsRejected: Counter<'kind'>;
  eventsPostponed: Counter<'kind'>;
  eventsProcessed: Counter<'kind' | 'state'>;
  commandResults: Counter<'type' | 'status'>;
  sends: Counter<'outcome'>;
  sockets: Gauge;
  changeLogHead: Gauge;
  /** Events stored and not yet processed. */
  backlog: Gauge;
}

const FAST_TO_SLOW_SECONDS = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];

export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const counter = <T extends string>(name: string, help: string, labelNames: T[]) =>
    new Counter({ name: `tradewind_${name}`, help, labelNames, registers: [registry] });
  const gauge = (name: string, help: string) => new Gauge({ name: `tradewind_${name}`, help, registers: [registry] });
  return {
    registry,
    httpDuration: new Histogram({
      name: 'tradewind_http_request_duration_seconds',
      help: 'Time to answer HTTP requests, by route.',
      labelNames: ['method', 'route', 'status'],
      buckets: FAST_TO_SLOW_SECONDS,
      registers: [registry],
    }),
    eventsIngested: counter('events_ingested_total', 'Webhook events stored, by kind of account.', ['kind']),
    eventsRejected: counter('events_rejected_total', 'Webhook requests refused, by kind of account.', ['kind']),
    eventsPostponed: counter(
      'events_postponed_total',
      'Webhook requests asked to come again because too many large ones were being read, by kind of account.',
      ['kind'],
    ),
    eventsProcessed: counter('events_processed_total', 'Events processed, by kind of account and resulting state.', [
      'kind',
      'state',
    ]),
    commandResults: counter('command_results_total', 'Commands answered, by type and status.', ['type', 'status']),
    sends: counter('sends_total', 'Attempts to send a message, by outcome.', ['outcome']),
    sockets: gauge('sockets', 'Sockets connected now.'),
    changeLogHead: gauge('change_log_head', 'Newest seq of the change log.'),
    backlog: gauge('backlog', 'Events stored and not yet processed.'),
  };
}
