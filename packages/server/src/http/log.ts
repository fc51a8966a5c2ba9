import pino, { type DestinationStream, type Logger } from 'pino';
import { errorFacts, redactUrl } from './redact.ts';

export type { Logger } from 'pino';

interface SeenRequest {
  readonly method: string;
  readonly url: string;
  readonly ip?: string;
}

/** Lines of JSON: time, level, request id, what happened. Keys, signatures, cookies and addresses of people are taken out. */
export function createLogger(level: string, destination?: DestinationStream): Logger {
  const options: pino.LoggerOptions = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: {
      paths: ['authorization', 'key', 'secret', 'password', 'token', 'email', 'phone'].flatMap((name) => [name, `*.${name}`]),
      censor: '[redacted]',
    },
    serializers: {
      req: ({ method, url, ip }: SeenRequest) => ({ method, url: redactUrl(url), ip }),
      res: ({ statusCode }: { statusCode: number }) => ({ statusCode }),
      err: errorFacts,
    },
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}
