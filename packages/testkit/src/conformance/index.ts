export type {
  AccountLinkExample,
  AudienceExample,
  BackfillExample,
  DestinationExample,
  FileExample,
  PagesExample,
  PluginExamples,
  WebhookExample,
} from './examples.ts';
export { testPlugin } from './test-plugin.ts';
