import type { ConfigInput } from './config/config.ts';
import type { Installation, InstallationOptions } from './installation.ts';
import type { EnishiServer, ServerOptions } from './server.ts';

export { type Config, ConfigError, type ConfigInput, configSchema, defineConfig } from './config/config.ts';
export { resolveConfig } from './config/environment.ts';
export { type LoadedConfig, loadConfig } from './config/load.ts';
export { type EmbeddedDatabase, type EmbeddedOptions, startEmbedded } from './embedded/embedded.ts';
export { createLogger, type Logger } from './http/log.ts';
export type { Installation, InstallationOptions, OpenedDatabase } from './installation.ts';
export type { EnishiServer, ServerOptions } from './server.ts';

// Every enishi.config.ts imports this file for `defineConfig`: a command that only needs the settings must not wait for
// GraphQL and an HTTP server, so what is heavy is loaded when it is called.

/** Puts one process together: database, line, clock, deliveries, GraphQL, live, tracking API, webhooks. Nothing listens yet. */
export async function createServer(input: ConfigInput, options?: ServerOptions): Promise<EnishiServer> {
  const { createServer: create } = await import('./server.ts');
  return create(input, options);
}

/** The body of a webhook's call as its plugin gets it. Throws what the vendor is answered where it cannot be read. */
export async function parseHookBody(body: Uint8Array, contentType: string | undefined): Promise<unknown> {
  const { parseHookBody: parse } = await import('./hooks/body.ts');
  return parse(body, contentType);
}

/** The domain of an installation without anything that listens: for commands and scripts. */
export async function openInstallation(options: InstallationOptions): Promise<Installation> {
  const { openInstallation: open } = await import('./installation.ts');
  return open(options);
}
