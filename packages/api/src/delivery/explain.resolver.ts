import { type ExplainRequest, explainDelivery } from '@enishi/core';
import { Arg, Authorized, Query, Resolver } from 'type-graphql';
import { badInput } from '../errors.ts';
import { requireCustomerId } from '../ids.ts';
import { answering, CustomerNotFound, DeliveryNotFound, ProgramNotFound } from '../problems.ts';
import { Asked, type Question } from '../question.ts';
import { type DeliveryExplanation, DeliverySubject, ExplainDeliveryResult } from './explain.type.ts';

@Resolver()
export class ExplainDeliveryResolver {
  @Authorized('deliveries:read')
  @Query(() => ExplainDeliveryResult, {
    description:
      'Why a delivery was sent, waits, or was not sent, step by step. Give its id, or a program and a customer. Scope deliveries:read.',
  })
  explainDelivery(
    @Arg('of', () => DeliverySubject, { description: 'Which delivery.' }) subject: DeliverySubject,
    @Asked() { database, workspace }: Question,
  ): Promise<DeliveryExplanation> {
    return answering([DeliveryNotFound, ProgramNotFound, CustomerNotFound], async () => {
      const { delivery, steps } = await explainDelivery(database, { workspaceId: workspace.id, of: subjectOf(subject) });
      return { id: delivery?.id ?? null, status: delivery?.status ?? null, steps };
    });
  }
}

function subjectOf({ id, program, customer }: DeliverySubject): ExplainRequest['of'] {
  if (id) return { id };
  if (program && customer) return { program, customerId: requireCustomerId(customer) };
  throw badInput('name a delivery by its id, or by program and customer', {});
}
