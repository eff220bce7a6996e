import {
  check,
  flag,
  id,
  instant,
  int,
  key,
  notNegative,
  nullable,
  positive,
  sha256,
  table,
  text,
  unique,
} from '../ddl/table.ts'

export const systemTables = [
  table(
    'journalEntry',
    {
      seq: positive,
      at: instant,
      operator: text,
      command: text,
      payloadJson: text,
      previousHash: sha256,
      hash: sha256,
    },
    [key('seq'), unique('hash')],
    [{ columns: ['at'] }],
  ),
  table('revision', { id: int, counter: notNegative }, [key('id'), check('revision_one', '"id" = 1')]),
  table(
    'note',
    { id, subjectKind: text, subjectId: positive, text, assignee: nullable(text), at: instant, operator: text },
    [],
    [{ columns: ['subjectKind', 'subjectId'] }],
  ),
  table('operator', { id, name: text, active: flag }, [unique('name')]),
  table('setting', { key: text, valueJson: text }, [key('key')]),
  table('savedView', { id, page: text, name: text, queryJson: text }, [unique('page', 'name')]),
  table('profile', { id, kind: text, name: text, mappingJson: text }, [unique('kind', 'name')]),
]
