import { z } from 'zod';
import { file, secret, textOf } from './text.ts';
import { hasHost } from './url.ts';

export const mqtt = z
  .strictObject({
    url: textOf(/^mqtts?:\/\/./, 'a URL such as mqtt://localhost:1883 or mqtts://broker.lan')
      .refine(hasHost, 'expected a URL with a host; % stands for itself as %25')
      .meta({
        title: 'Address of the broker',
        examples: ['mqtt://localhost:1883'],
      }),
    username: z
      .string()
      .min(1)
      .optional()
      .meta({ title: 'Name to log in with', examples: ['falconet'] }),
    password: secret
      .optional()
      .meta({ title: 'Best from the environment or a file', examples: ['${MQTT_PASSWORD}'] }),
    base_topic: textOf(/^[^/#+\s][^#+\s]*(?<!\/)$/, 'a topic without #, +, blanks and outer slashes')
      .default('falconet')
      .meta({ title: 'Topics start here; one per gateway' }),
    client_id: textOf(/^[^\p{Cc}]{1,128}$/u, '1 to 128 characters')
      .optional()
      .meta({
        title: 'Name that the broker knows this client by; without it a new one at each start',
        examples: ['falconet-home'],
      }),
    version: z
      .literal(['auto', 5, '3.1.1'])
      .default('auto')
      .meta({ title: 'Version of MQTT; auto tries 5 and goes on with 3.1.1 where the broker asks for it' }),
    requests: z.boolean().default(true).meta({
      title:
        'Whether requests and switches are heard: who may publish on the broker can then switch cameras off',
    }),
    detections: z.boolean().default(false).meta({
      title: 'Whether what the model sees in each picture is published too, before tracks and rules',
    }),
    dialects: z
      .array(z.enum(['frigate', 'cloudevents']))
      .max(2)
      .default([])
      .meta({
        title: 'Other forms in which events are published too, each over a connection of its own',
        expected: 'a list of frigate, cloudevents',
        examples: [['frigate']],
      }),
    frigate_topic: textOf(/^[^/#+\s][^#+\s]*(?<!\/)$/, 'a topic without #, +, blanks and outer slashes')
      .default('frigate')
      .meta({ title: 'Topics of the dialect frigate start here; another than that of a Frigate that runs' }),
    homeassistant: z.boolean().default(false).meta({
      title: 'Whether Home Assistant is told of the gateway and its cameras, by MQTT discovery',
    }),
    ca: file.optional().meta({
      title: 'Certificates (PEM) that a broker is trusted by, instead of the public ones',
      examples: ['certs/ca.pem'],
    }),
    cert: file
      .optional()
      .meta({ title: 'Certificate (PEM) to log in with', examples: ['certs/falconet.pem'] }),
    key: file.optional().meta({ title: 'Key (PEM) of mqtt.cert', examples: ['certs/falconet.key'] }),
    tls_verify: z.boolean().default(true).meta({
      title: 'Whether the broker must show a trusted certificate; without it anybody can be the broker',
    }),
    tls_server_name: textOf(/^[a-z0-9.-]{1,253}$/i, 'a host name')
      .optional()
      .meta({
        title: "Host name in the broker's certificate, where mqtt.url has another",
        examples: ['broker.lan'],
      }),
  })
  .superRefine((settings, context) => {
    const refuse = (key: string, message: string) =>
      context.addIssue({ code: 'custom', path: [key], message });
    const { url, cert, key: certKey, tls_verify: verify } = settings;
    if (!/^mqtts:/.test(url)) {
      for (const key of ['ca', 'cert', 'key', 'tls_server_name'] as const) {
        if (settings[key] !== undefined) refuse(key, 'expected an mqtts:// address beside it');
      }
      if (!verify) refuse('tls_verify', 'expected an mqtts:// address beside it');
    }
    if (cert !== undefined && certKey === undefined) refuse('cert', 'expected mqtt.key beside it');
    if (cert === undefined && certKey !== undefined) refuse('key', 'expected mqtt.cert beside it');
  });
