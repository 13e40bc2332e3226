// A pretended SNS: messages signed with a key of our own, and a fetch that holds its certificate.
import { createSign } from 'node:crypto';
import { canonicalText, type SnsMessage } from '../../src/providers/sns_message.ts';
import { TEST_CERTIFICATE, TEST_KEY } from './sns_test_key.ts';

export const TOPIC = 'arn:aws:sns:us-west-2:123456789012:MyTopic';
export const CERTIFICATE_URL =
  'https://sns.us-west-2.amazonaws.com/SimpleNotificationService-f3ecfb7224c7233fe7bb5f59f96de52f.pem';
export const SUBSCRIBE_URL = `https://sns.us-west-2.amazonaws.com/?Action=ConfirmSubscription&TopicArn=${TOPIC}&Token=2336412f37`;
export const SENT_AT = '2012-05-02T00:54:06.655Z';

const common = {
  MessageId: '22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324',
  TopicArn: TOPIC,
  Timestamp: SENT_AT,
  SignatureVersion: '1',
  Signature: '',
  SigningCertURL: CERTIFICATE_URL,
};

export const notification: SnsMessage = {
  ...common,
  Type: 'Notification',
  Subject: 'My First Message',
  Message: 'Hello world!',
};

export const subscription: SnsMessage = {
  ...common,
  Type: 'SubscriptionConfirmation',
  Message: `You have chosen to subscribe to the topic ${TOPIC}.\nTo confirm the subscription, visit the SubscribeURL included in this message.`,
  Token: '2336412f37',
  SubscribeURL: SUBSCRIBE_URL,
};

export function signed(message: SnsMessage, key = TEST_KEY): SnsMessage {
  const digest = message.SignatureVersion === '2' ? 'RSA-SHA256' : 'RSA-SHA1';
  return { ...message, Signature: createSign(digest).update(canonicalText(message)).sign(key, 'base64') };
}

export interface Asked {
  readonly fetch: typeof fetch;
  /** Addresses, in order. */
  readonly urls: string[];
}

/** Answers every request so, and notes what was asked for. */
export function fetchOf(
  answer: (url: string) => Response | Promise<Response> = () => new Response(TEST_CERTIFICATE),
): Asked {
  const urls: string[] = [];
  const fetch = async (input: string | URL | Request) => {
    urls.push(String(input));
    return answer(String(input));
  };
  return { fetch, urls };
}
