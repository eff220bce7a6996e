import { check, day, flag, id, int, key, notNegative, nullable, oneOf, ref, table, text, unique } from '../ddl/table.ts'

export const institutionTables = [
  table(
    'creditorInstitution',
    {
      id: id,
      fiscalCode: text,
      name: text,
      office: nullable(text),
      cbill: nullable(text),
      logoBase64: nullable(text),
      info: nullable(text),
      environment: oneOf('rehearsal', 'uat', 'production'),
    },
    [check('creditorInstitution_one', '"id" = 1'), check('creditorInstitution_code', 'length("fiscalCode") = 11')],
  ),
  table(
    'segregationCode',
    { id, code: text, validFrom: day, validTo: nullable(day), use: oneOf('issue', 'readOnly') },
    [unique('code', 'validFrom'), check('segregationCode_two', 'length("code") = 2')],
    [{ columns: ['use'], unique: true, where: `"use" = 'issue'` }],
  ),
  table(
    'bankAccount',
    {
      id,
      iban: nullable(text),
      postalAccount: nullable(text),
      kind: oneOf('bank', 'postal', 'treasury', 'cash'),
      name: text,
      openingDate: nullable(day),
      openingCents: int,
      closedDate: nullable(day),
    },
    [],
    [{ columns: ['iban'], unique: true, where: '"iban" IS NOT NULL' }],
  ),
  table('exercise', { year: int, state: oneOf('historical', 'open', 'closed', 'approved') }, [
    key('year'),
    check('exercise_range', '"year" BETWEEN 1950 AND 2199'),
  ]),
  table('capitolo', { id, code: text, name: text, kind: oneOf('entrata', 'partitaDiGiro') }, [unique('code')]),
  table(
    'capitoloExercise',
    { capitoloId: ref('capitolo'), year: ref('exercise', 'year'), name: text, forecastCents: notNegative },
    [key('capitoloId', 'year')],
  ),
  table(
    'serviceType',
    {
      id,
      name: text,
      taxonomyCode: text,
      capitoloId: ref('capitolo'),
      bankAccountId: nullable(ref('bankAccount')),
      defaultCausale: text,
      defaultCents: nullable(notNegative),
      dueRuleJson: nullable(text),
      moraRuleJson: nullable(text),
      active: flag,
    },
    [unique('name')],
  ),
]
