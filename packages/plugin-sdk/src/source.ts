import type { AccountLinkSource } from './account-link.ts';
import type { FileSource } from './file.ts';
import type { BackfillSource, PollSource } from './pages.ts';
import type { WebhookSource } from './webhook.ts';

/** Everything data comes in by. */
export type Source = WebhookSource | FileSource | PollSource | BackfillSource | AccountLinkSource;
