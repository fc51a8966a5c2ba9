import { type Command, type Destination, definePlugin, sdkVersion } from '@enishi/plugin-sdk';
import { normaliseCommand, statusCommand } from './commands.ts';
import { fileDestination } from './files/audience.ts';
import { type FileFormat, lineFormat, yahooFormat } from './files/format.ts';
import { googleDestination } from './google/audience.ts';
import { icon } from './icon.ts';
import { metaDestination } from './meta/audience.ts';
import { metaConversions } from './meta/conversions.ts';
import { type Field, google as googleTable, japaneseFile, metaAudience, metaConversion, type Table } from './normalise/index.ts';
import { addressOf, type Telling } from './person.ts';
import { type FileSettings, type Settings, settings } from './settings.ts';

/** Advertising: audiences at Meta, Google, LINE and Yahoo! JAPAN, and conversions for Meta. A platform without settings is not there. */
export const ads = definePlugin({
  name: 'ads',
  description: 'Advertising audiences and conversions: Meta, Google, LINE and Yahoo! JAPAN.',
  config: settings,
  sdk: sdkVersion,
  texts: {
    en: {
      name: 'Advertising',
      summary: 'Puts customers into the audiences of advertising platforms, takes them out again, and tells of conversions.',
    },
    ja: { name: '広告', summary: '広告媒体のオーディエンスへの追加・削除と、コンバージョンの送信を行います。' },
  },
  icon,
  hosts: ({ meta, google }) =>
    [meta?.baseUrl, google?.baseUrl, google?.tokenUrl].flatMap((address) => (address === undefined ? [] : [new URL(address).host])),
  setup: (given) => ({ destinations: destinationsOf(given), commands: commandsOf(given) }),
});

function destinationsOf(given: Settings): Record<string, Destination> {
  const { meta, google, line, yahoo } = given;
  const told = (table: Table, fields: readonly Field[]) => ({
    telling: { known: given.known, country: given.country, table, fields } satisfies Telling,
    // The settings are refused where there is none.
    address: addressOf(given.known, fields) ?? (['email'] as const),
  });
  const file = (drop: FileSettings, format: FileFormat): Destination =>
    fileDestination({
      ...told(japaneseFile(drop.phoneForm), drop.fields),
      drop: { folder: drop.folder, heading: drop.heading, extension: drop.extension ?? format.extension, format },
    });
  return {
    ...(meta && { meta: metaDestination({ settings: meta, ...told(metaAudience, meta.fields) }) }),
    ...(meta?.conversions && {
      conversions: metaConversions({
        settings: { ...meta, conversions: meta.conversions },
        ...told(metaConversion, meta.conversions.fields),
      }),
    }),
    ...(google && { google: googleDestination({ settings: google, ...told(googleTable, google.fields) }) }),
    ...(line && { line: file(line, lineFormat) }),
    ...(yahoo && { yahoo: file(yahoo, yahooFormat) }),
  };
}

const commandsOf = (given: Settings): Record<string, Command> => ({
  normalise: normaliseCommand(given),
  ...(given.google && { 'google-status': statusCommand(given.google) }),
});
