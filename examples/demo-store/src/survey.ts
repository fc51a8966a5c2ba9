import {
  all,
  definePlugin,
  destination,
  did,
  event,
  hmacSignature,
  outcomeOf,
  secret,
  segment,
  trait,
  webhook,
  where,
} from '@enishi/plugin-sdk';
import { type Context, Customer } from '@enishi/plugin-sdk/graphql';
import { Ctx, Field, FieldResolver, Int, ObjectType, Resolver, Root } from 'type-graphql';
import { z } from 'zod';

const score = z.int().min(0).max(10);

export const answered = event('survey.answered', z.object({ survey: z.string(), score, comment: z.string().max(2000).optional() }), {
  description: 'Somebody answered a questionnaire.',
});
export const satisfaction = trait('survey.satisfaction', score, { description: 'The score of the latest questionnaire, 0 to 10.' });

const Answer = z.object({
  id: z.string().min(1),
  answeredAt: z.coerce.date(),
  survey: z.string(),
  score,
  comment: z.string().max(2000).optional(),
  email: z.string().optional(),
  member: z.string().optional(),
});

@ObjectType({ description: 'One answer to a questionnaire.' })
class SurveyAnswer {
  @Field(() => String, { description: 'Which questionnaire.' })
  declare survey: string;

  @Field(() => Int, { description: '0 (worst) to 10 (best).' })
  declare score: number;
}

@Resolver(() => Customer)
class CustomerSurveyAnswers {
  @FieldResolver(() => [SurveyAnswer], { description: 'The newest answers to questionnaires, newest first, 20 at most.' })
  async surveyAnswers(@Root() customer: Customer, @Ctx() context: Context): Promise<SurveyAnswer[]> {
    const events = await context.events(customer.id, answered);
    return events.map(({ properties }) => properties);
  }
}

export const survey = definePlugin({
  name: 'survey',
  description: 'Questionnaires: answers come in by a signed webhook, unhappy regulars are reported to the support desk.',
  config: z.object({ signingSecret: secret(), deskUrl: z.url().default('http://127.0.0.1:9/cases') }),
  hosts: ({ deskUrl }) => [new URL(deskUrl).host],
  events: [answered],
  traits: [satisfaction],
  segments: [
    segment(
      'survey-unhappy',
      'Unhappy in the last 30 days',
      all(where(satisfaction).atMost(4), did(answered, { last: { within: 'P30D' } })),
    ),
  ],
  resolvers: [CustomerSurveyAnswers],
  setup: ({ signingSecret, deskUrl }) => ({
    sources: {
      answers: webhook({
        description: 'One answer as JSON, signed with HMAC-SHA256 in X-Signature.',
        body: Answer,
        verify: hmacSignature({ header: 'x-signature', secret: signingSecret, encoding: 'hex' }),
        receive: ({ id, answeredAt, email, member, ...answer }) => [
          answered({ id, at: answeredAt, identifiers: { email, member }, properties: answer, traits: [satisfaction(answer.score)] }),
        ],
      }),
    },
    destinations: {
      desk: destination({
        description: 'Opens a case at the support desk.',
        purpose: 'service',
        channel: 'email',
        address: 'email',
        message: z.object({ queue: z.string() }),
        async send(deliveries, desk) {
          return Promise.all(
            deliveries.map(async ({ id, message, recipient }) => {
              const body = JSON.stringify({ queue: message.queue, email: recipient.identifiers.email?.[0] });
              const headers = { 'content-type': 'application/json', 'idempotency-key': id };
              return outcomeOf(await desk.fetch(deskUrl, { method: 'POST', headers, body }));
            }),
          );
        },
      }),
    },
  }),
});
