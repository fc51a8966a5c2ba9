interface Tab {
  readonly query: string;
  readonly variables?: string;
}

export const tabs: readonly Tab[] = [{ query: '{ __typename }' }];
