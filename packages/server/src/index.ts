export { type Config, ConfigError, type ConfigInput, configSchema, defineConfig } from './config/config.ts';
export { resolveConfig } from './config/environment.ts';
export { type LoadedConfig, loadConfig } from './config/load.ts';
export { type EmbeddedDatabase, type EmbeddedOptions, startEmbedded } from './embedded/embedded.ts';
export { createLogger, type Logger } from './http/log.ts';
export { type Installation, type InstallationOptions, openInstallation } from './installation.ts';
export { createServer, type EnishiServer, type ServerOptions } from './server.ts';
