import { expect, test } from 'vitest';
import { signMailgun } from './sign.ts';

test('the signature is that of the worked example in the platform facts', () => {
  const signed = signMailgun(
    'mg-signing-key-EXAMPLE-0001',
    '1767225600',
    '9f2c4b7d1e8a3065c2d9f47ab18e6035dd21c0be47f9a3e652',
  );
  expect(signed.signature).toBe('488353310e83d1a974b549af7aa23be888115a3de44bff7f66f78446911b8198');
});
