import { type Command, command } from '@enishi/plugin-sdk';
import { z } from 'zod';
import { dataManager } from './google/data-manager.ts';
import { requestStatus } from './google/requests.ts';
import { fields, google, japaneseFile, metaAudience, metaConversion, prepare, type Table } from './normalise/index.ts';
import type { GoogleSettings, Settings } from './settings.ts';

const platforms = ['meta', 'conversions', 'google', 'line', 'yahoo'] as const;

const tableOf = (platform: (typeof platforms)[number], settings: Settings): Table => {
  if (platform === 'meta') return metaAudience;
  if (platform === 'conversions') return metaConversion;
  return platform === 'google' ? google : japaneseFile(settings[platform]?.phoneForm ?? 'domestic');
};

/** Shows what one value becomes on its way to a platform, to compare it with what somebody else hashed. */
export const normaliseCommand = (settings: Settings): Command =>
  command({
    description: 'Shows the form of a value that a platform compares, and its hash.',
    options: z.object({
      platform: z.enum(platforms),
      field: z.enum(fields),
      value: z.string().min(1),
      country: z
        .string()
        .regex(/^[A-Z]{2}$/)
        .optional(),
    }),
    run: async ({ platform, field, value, country = settings.country }, _desk, print) => {
      const rules = tableOf(platform, settings)[field];
      if (rules === undefined) throw new Error(`${platform} takes no ${field}.`);
      for (const rule of rules) {
        const compared = rule.normalise(value, country);
        print(
          `${rule.as}: ${prepare(rule, value, country) ?? 'not sent'}${rule.sent === 'hashed' && compared !== undefined ? ` (of "${compared}")` : ''}`,
        );
      }
    },
  });

/** Asks Google what became of a request that it accepted. */
export const statusCommand = (settings: GoogleSettings): Command =>
  command({
    description: 'Asks Google what became of a request: the reference of a delivery.',
    options: z.object({ request: z.string().min(1) }),
    run: async ({ request }, desk, print) => {
      const found = await requestStatus(dataManager(settings), request, desk);
      if (found.status === 'UNKNOWN') throw new Error(`Google does not say what became of the request ${request}: ${found.words}`);
      print(`${found.status} ${found.words}`.trim());
    },
  });
