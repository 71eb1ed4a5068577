import { describe, expect, it } from '@jest/globals';
import { cacheFolder, parseCacheAddress } from '../../../runner/config/cache-address.ts';

describe('parseCacheAddress', () => {
  const s3 = { type: 's3', bucket: 'lab-cache', prefix: '', endpoint: undefined, region: undefined };

  it.each<[string, unknown]>([
    ['s3://lab-cache', s3],
    ['s3://lab-cache/', s3],
    ['s3://lab-cache/some/prefix/', { ...s3, prefix: 'some/prefix' }],
    [
      's3://lab-cache/x?endpoint=https://s3.lab:9000&region=eu-central-1',
      { ...s3, prefix: 'x', endpoint: 'https://s3.lab:9000', region: 'eu-central-1' },
    ],
    ['file:///mnt/lab/cache', { type: 'folder', folder: '/mnt/lab/cache' }],
    ['file:///mnt/a%20b', { type: 'folder', folder: '/mnt/a b' }],
    ['/mnt/lab/cache', { type: 'folder', folder: '/mnt/lab/cache' }],
    ['../shared', { type: 'folder', folder: '../shared' }],
  ])('reads %s', (text, place) => {
    expect(parseCacheAddress(text)).toMatchObject({ place, write: true, timeoutSeconds: 20 });
  });

  it('keeps options out of the name', () => {
    expect(parseCacheAddress('s3://lab-cache/x?access=read&timeout=1m')).toMatchObject({
      name: 's3://lab-cache/x',
      write: false,
      timeoutSeconds: 60,
    });
    expect(parseCacheAddress('/mnt/cache?access=read')).toMatchObject({ name: '/mnt/cache', write: false });
  });

  it.each([
    ['', 'must be s3://bucket/prefix, file:///folder or the path of a folder'],
    [
      'gs://bucket',
      'must be s3://bucket/prefix, file:///folder or the path of a folder; gs: is none of these',
    ],
    ['s3://', 'must name a bucket, as in s3://bucket/prefix'],
    ['s3:bucket', 'must name a bucket, as in s3://bucket/prefix'],
    ['s3://No_Bucket/x', 'must name a bucket, as in s3://bucket/prefix'],
    ['file://host/x', 'must name a folder of this machine, as in file:///mnt/lab/cache'],
    ['s3://lab-cache?acess=read', 'must have no option acess; did you mean access?'],
    ['/mnt/x?region=y', 'must have no option region; there are: access, timeout'],
    ['s3://lab-cache?access=none', 'must have access=read or access=write'],
    ['s3://lab-cache?timeout=soon', 'must have a timeout such as 20s'],
    ['s3://lab-cache?endpoint=minio', 'must have an endpoint such as https://s3.example.org'],
  ])('says what is wrong with %j', (text, problem) => {
    expect(parseCacheAddress(text)).toEqual({ problem });
  });

  it('takes relative folders from where pipeline.yaml lies', () => {
    expect(cacheFolder('../shared', '/home/me/project')).toBe('/home/me/shared');
    expect(cacheFolder('/mnt/x', '/home/me/project')).toBe('/mnt/x');
  });
});
