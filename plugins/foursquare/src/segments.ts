import { segment } from '@enishi/plugin-sdk';
import { visited } from './rules.ts';

export const recentVisitors = segment('foursquare-visitors-30-days', 'Seen at a place in the last 30 days', visited({ within: 'P30D' }));
