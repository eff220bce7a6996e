import { Money, Mono } from '../../components/cells.tsx'
import type { PositionCard } from './act-frame.ts'

/** Where the money of one payment goes: our accounts and those of other institutions. */
export function PositionTransfers({
  transfers,
}: {
  readonly transfers: PositionCard['payments'][number]['transfers']
}) {
  return (
    <ol className="new-transfers position-transfers">
      {transfers.map((t) => (
        <li key={t.idTransfer}>
          <span className={t.own ? '' : 't-info'}>
            {t.idTransfer} · {t.own ? 'all’ente' : (t.beneficiary ?? 'a un altro ente')}
          </span>
          <Money cents={t.cents} />
          <span className="small ink2">
            {!t.own && (
              <>
                CF <Mono>{t.fiscalCode}</Mono>
                <br />
              </>
            )}
            {t.iban !== null && <Mono>{t.iban}</Mono>}
            <br />
            <Mono>{t.taxonomyCode}</Mono>
          </span>
          {!t.own && <span className="small ink2">{t.remittance}</span>}
        </li>
      ))}
    </ol>
  )
}
