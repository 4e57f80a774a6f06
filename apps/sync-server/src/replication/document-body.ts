import { sql } from 'kysely';

// A page is one text in memory, and mails may have megabytes. Counted as stored, which costs no look at the bodies: PostgreSQL
// compresses 90 times at best, and a text of V8 takes 512 MB.
export const MAX_STORED_BYTES = 5 * 1024 * 1024;

/**
 * The document a log row points to, as jsonb, in a query in which that row is called `page`: one look-up by its key, null
 * when there is none any more.
 */
export const documentBody = sql`case page.collection
  when 'message' then (select doc from messages where id = page.id)
  when 'conversation' then (select doc from conversations where id = page.id)
  when 'customer' then (select doc from customers where id = page.id)
  when 'order' then (select doc from orders where id = page.id)
  when 'command' then (
    select doc || jsonb_build_object('seq', page.seq)
      || case when status = 'held' and input is not null and doc->'answeredBy' is null
        then jsonb_build_object('input', input) else '{}' end
    from commands where id = page.id)
  when 'personal' then (select doc from personal where id = page.id)
  when 'directory' then (select doc from directory_docs where id = page.id)
end`;
