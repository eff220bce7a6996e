import { fixedRefusals } from '../0001/fixed-triggers.ts'
import type { Slice } from '../ddl/slice.ts'
import {
  check,
  day,
  flag,
  id,
  instant,
  int,
  key,
  notNegative,
  nullable,
  oneOf,
  positive,
  ref,
  table,
  text,
  unique,
} from '../ddl/table.ts'

/** Tariffs, quotas made of them without a file, late fees. */
export const tariff: Slice = {
  addedColumns: {
    serviceType: {
      kind: [oneOf('quota', 'oneOff', 'mora'), `'oneOff'`],
      pagoPa: [flag, '1'],
    },
  },
  newTables: [
    table('tariffPlan', { id, serviceTypeId: ref('serviceType'), year: int, proRata: flag }, [
      unique('serviceTypeId', 'year'),
    ]),
    table(
      'tariff',
      {
        id,
        tariffPlanId: ref('tariffPlan'),
        ordinal: positive,
        code: text,
        description: text,
        category: nullable(oneOf('professionista', 'stp', 'praticante', 'altro')),
        albo: nullable(text),
        section: nullable(text),
        status: nullable(text),
        fromYears: notNegative,
        toYears: nullable(notNegative),
        effect: oneOf('amount', 'percent', 'none'),
        cents: nullable(positive),
        basisPoints: nullable(positive),
      },
      [
        unique('tariffPlanId', 'ordinal'),
        check('tariff_years', '"toYears" IS NULL OR "toYears" >= "fromYears"'),
        check(
          'tariff_value',
          `("effect" = 'amount') = ("cents" IS NOT NULL) AND ("effect" = 'percent') = ("basisPoints" IS NOT NULL)`,
        ),
      ],
    ),
    // One run of «Genera le quote»: what it raised, so that it can be told and taken back.
    table(
      'quotaBatch',
      {
        id,
        serviceTypeId: ref('serviceType'),
        year: int,
        date: day,
        parametersJson: text,
        exercise: ref('exercise', 'year'),
        firstNumber: positive,
        lastNumber: positive,
        state: oneOf('raised', 'undone'),
        at: instant,
        operator: text,
      },
      [],
      [{ columns: ['serviceTypeId', 'year'] }],
    ),
    table(
      'quotaDue',
      { accertamentoId: ref('accertamento'), quotaBatchId: ref('quotaBatch'), tariff: nullable(text), why: text },
      [key('accertamentoId')],
      [{ columns: ['quotaBatchId'] }],
    ),
    // Rates of the legal interest, in hundredths of a percent.
    table('legalRate', { year: int, basisPoints: notNegative }, [key('year')]),
    // A fee raised for the delay of another accertamento, with the step of the rule that it stands for.
    table(
      'lateFee',
      {
        id,
        accertamentoId: ref('accertamento'),
        feeAccertamentoId: ref('accertamento'),
        step: notNegative,
        daysLate: notNegative,
        baseCents: positive,
        cents: positive,
        byHand: flag,
        why: text,
        at: instant,
        operator: text,
      },
      [unique('feeAccertamentoId')],
      [{ columns: ['accertamentoId'] }],
    ),
  ],
  refusals: [
    ...fixedRefusals(['quotaDue', 'lateFee']),
    { table: 'quotaBatch', event: 'DELETE', name: 'fixed', when: '1 = 1', code: 'BOOKS_ROW_FIXED' },
    {
      table: 'quotaBatch',
      event: 'UPDATE',
      name: 'undone',
      when: `OLD."state" = 'undone' OR ${['serviceTypeId', 'year', 'date', 'parametersJson', 'exercise', 'firstNumber', 'lastNumber', 'at', 'operator'].map((c) => `OLD."${c}" <> NEW."${c}"`).join(' OR ')}`,
      code: 'BOOKS_ROW_FIXED',
    },
  ],
  // What a type is stands in its taxonomy code until somebody says otherwise.
  more: () => [
    `UPDATE "serviceType" SET "kind" = CASE WHEN "taxonomyCode" LIKE '%/0401109SA/%' THEN 'mora' WHEN "taxonomyCode" LIKE '%/0401107TS/%' THEN 'quota' ELSE 'oneOff' END`,
  ],
}
