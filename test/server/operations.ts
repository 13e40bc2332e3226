// The operations a client needs for a campaign, in order.

export const signIn = /* GraphQL */ `
  mutation ($email: String!, $password: String!) {
    signIn(input: { email: $email, password: $password }) {
      accessToken
      accessTokenExpiresAt
      refreshToken
      user { id email isAdmin }
    }
  }`;

export const createWorkspace = /* GraphQL */ `
  mutation ($name: String!) {
    createWorkspace(input: { name: $name }) { workspace { id name } }
  }`;

export const createSender = /* GraphQL */ `
  mutation ($workspaceId: UUID!, $displayName: String) {
    createSender(input: { workspaceId: $workspaceId, displayName: $displayName }) { sender { id name displayName } }
  }`;

export const createTemplate = /* GraphQL */ `
  mutation ($input: CreateTemplateInput!) {
    createTemplate(input: $input) { template { id } }
  }`;

export const addContacts = /* GraphQL */ `
  mutation ($workspaceId: UUID!, $contacts: JSON!) {
    addContacts(input: { workspaceId: $workspaceId, contacts: $contacts }) { count }
  }`;

export const createEmailService = /* GraphQL */ `
  mutation ($input: CreateEmailServiceInput!) {
    createEmailService(input: $input) { emailService { id name intervalMs timeoutMs leaseMs timezone isShared thawsAt } }
  }`;

export const createTask = /* GraphQL */ `
  mutation ($input: CreateTaskInput!) {
    createTask(input: $input) { task { id status } }
  }`;

export const scheduleTask = /* GraphQL */ `
  mutation ($taskId: UUID!, $scheduledAt: Datetime) {
    scheduleTask(input: { taskId: $taskId, scheduledAt: $scheduledAt }) { task { id status scheduledAt } }
  }`;

export const taskProgress = /* GraphQL */ `
  subscription ($taskId: UUID!) {
    taskProgress(taskId: $taskId) { sequence at task { id status statistics { total states { pending failed } } } }
  }`;

export const aService = {
  name: 'service',
  provider: 'engagelab',
  domain: 'mail.example',
  credentials: { apiUser: 'user-of-a-test', apiKey: 'key-of-a-test-and-never-to-be-seen' },
};

export const addTaskFile = /* GraphQL */ `
  mutation ($input: AddTaskFileInput!) {
    addTaskFile(input: $input) { taskFile { id name contentType size } }
  }`;

export const removeTaskFile = /* GraphQL */ `
  mutation ($taskFileId: UUID!) {
    removeTaskFile(input: { taskFileId: $taskFileId }) { taskFile { id name } }
  }`;

export const createLane = /* GraphQL */ `
  mutation ($name: String!) {
    createLane(input: { name: $name }) { lane { name } }
  }`;

export const createLaneDomain = /* GraphQL */ `
  mutation ($input: CreateLaneDomainInput!) {
    createLaneDomain(input: $input) { laneDomain { domain lane } }
  }`;

export const createEmailServiceCap = /* GraphQL */ `
  mutation ($input: CreateEmailServiceCapInput!) {
    createEmailServiceCap(input: $input) { emailServiceCap { lane dailyCap } }
  }`;

export const updateEmailServiceCap = /* GraphQL */ `
  mutation ($input: UpdateEmailServiceCapInput!) {
    updateEmailServiceCap(input: $input) { emailServiceCap { lane dailyCap } }
  }`;

export const createEmailServiceWarmUp = /* GraphQL */ `
  mutation ($input: CreateEmailServiceWarmUpInput!) {
    createEmailServiceWarmUp(input: $input) { emailServiceWarmUp { day dailyCap } }
  }`;

export const updateEmailService = /* GraphQL */ `
  mutation ($input: UpdateEmailServiceInput!) {
    updateEmailService(input: $input) { emailService { id } }
  }`;

export const lane = /* GraphQL */ `
  query ($name: String!) {
    lane(name: $name) { name domains { nodes { domain } } caps { nodes { dailyCap used emailService { id } } } }
  }`;

export const warmUp = /* GraphQL */ `
  query ($id: UUID!) {
    emailService(id: $id) { ratePerSecond warmUpStartedOn successRate warmUp { nodes { day dailyCap } } }
  }`;
