import { type Desk, type Draft, GiveUp, type RawRequest, type WebhookSource, webhook } from '@enishi/plugin-sdk';
import type { Judge } from './judge.ts';
import { feedbackIn, sesEvent, trackedIn } from './ses-event.ts';
import { notification, type SnsSettings, sns } from './sns.ts';

/** What Amazon SES tells through a topic of Amazon SNS: bounces, complaints, opens and clicks. */
export function sesSource(settings: SnsSettings, judge: Judge): WebhookSource {
  const { isGenuine, confirm } = sns(settings);
  return webhook({
    description: 'Bounces, complaints, opens and clicks from Amazon SES, through Amazon SNS.',
    body: notification,
    // Amazon waits for an answer only briefly, and a subscription has to be confirmed by a call of ours.
    work: 'later',
    verify: async (request, desk) => {
      const message = notification.safeParse(jsonOf(request));
      return message.success && (await isGenuine(message.data, desk));
    },
    callId: (request) => notification.safeParse(jsonOf(request)).data?.MessageId,
    receive: async (message, _request, desk) => {
      if (message.Type === 'SubscriptionConfirmation') await confirm(message, desk);
      if (message.Type === 'UnsubscribeConfirmation')
        desk.log.warn('the topic no longer sends its notifications here', { topic: message.TopicArn });
      return message.Type === 'Notification' ? draftsIn(message.Message, message.MessageId, { desk, judge }) : [];
    },
  });
}

async function draftsIn(text: string, id: string, { desk, judge }: { desk: Desk; judge: Judge }): Promise<Draft[]> {
  // Amazon's own greeting when an event destination is set up, and whatever else people publish to a topic.
  if (!text.trimStart().startsWith('{')) return [];
  const event = sesEvent.safeParse(parsed(text));
  if (!event.success)
    throw new GiveUp(`this is no event of Amazon SES: ${event.error.issues[0]?.path.join('.')} ${event.error.issues[0]?.message}`);
  const meant = event.data.mail.tags?.['enishi-workspace']?.[0];
  if (meant !== undefined && meant !== desk.workspace) return [];
  const feedback = await Promise.all(feedbackIn(event.data).map((told) => judge(told, desk)));
  return [...feedback.flat(), ...trackedIn(event.data, id)];
}

const jsonOf = ({ body }: RawRequest): unknown => parsed(Buffer.from(body).toString());

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
