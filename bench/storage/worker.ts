import 'rxdb-storage-sqlite/worker';
