import { Skeleton } from '@mantine/core'

/** The header's shape before anything is known, as high as it will be. */
export function HeaderWaiting() {
  return (
    <div className="col dataset-page" aria-busy="true">
      <div className="dhead dhead-waiting">
        <div className="crumb">
          <Skeleton height={10} width={120} />
        </div>
        <div className="row dhead-title">
          <Skeleton height={18} width={260} />
        </div>
        <div className="row dhead-facts">
          <Skeleton height={10} width={340} />
        </div>
        <div className="tabs" />
      </div>
    </div>
  )
}
