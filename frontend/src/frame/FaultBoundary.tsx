import { Component, type ReactNode } from 'react'
import { Faulty } from '@/parts/Messages'

/** Keeps a fault of one page from leaving an empty window. */
export class FaultBoundary extends Component<{ children: ReactNode }, { error: unknown }> {
  override state: { error: unknown } = { error: null }

  static getDerivedStateFromError(error: unknown) {
    return { error }
  }

  override render() {
    if (this.state.error === null) return this.props.children
    return <Faulty error={this.state.error} retry={() => window.location.reload()} />
  }
}
