import {
  type RxDocumentData,
  type RxJsonSchema,
  type RxStorage,
  type RxStorageInstance,
  randomToken,
} from 'rxdb/plugins/core';

/** An instance of a collection of its own, as RxDB would ask for it. */
export function openInstance<T, I, O>(
  storage: RxStorage<I, O>,
  schema: RxJsonSchema<RxDocumentData<T>>,
  names: { databaseName?: string; collectionName?: string } = {},
): Promise<RxStorageInstance<T, I, O>> {
  return storage.createStorageInstance<T>({
    databaseInstanceToken: randomToken(10),
    databaseName: `db-${randomToken(8)}`,
    collectionName: 'things',
    ...names,
    schema,
    options: {} as O,
    multiInstance: false,
    devMode: false,
  });
}
